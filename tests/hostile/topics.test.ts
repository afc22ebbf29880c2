import mqtt from "mqtt";
import { expect } from "vitest";
import { silentLog } from "../../base/log.ts";
import type { Identity } from "../../broker/acl.ts";
import { startBroker } from "../../broker/start-broker.ts";
import { test as base } from "../fixtures.ts";

const IDENTITIES: Readonly<Record<string, Identity>> = {
  "gw-1": { kind: "gateway", gatewayId: "gw-1" },
  c1: { kind: "customer", customerIds: ["c1"] },
  network: { kind: "network" },
  api: { kind: "api" },
};
type Name = "gw-1" | "c1" | "network" | "api";

/** Written by hand from the architecture's table of topics: who may publish, and who may listen. */
const TOPICS: readonly (readonly [topic: string, publish: string, subscribe: string])[] = [
  ["hopline/v1/up/0/gw-1", "gw-1", "network"],
  ["hopline/v1/up/63/gw-1", "gw-1", "network"],
  ["hopline/v1/up/0/gw-2", "", "network"],
  ["hopline/v1/up/0/gw-1/x", "", ""],
  ["hopline/v1/up/gw-1", "", ""],
  ["hopline/v1/stored/gw-1", "network", "gw-1"],
  ["hopline/v1/stored/gw-2", "network", ""],
  ["hopline/v1/page/gw-1", "network", "gw-1"],
  ["hopline/v1/page/gw-2", "network", ""],
  ["hopline/v1/paged/gw-1", "gw-1", "network"],
  ["hopline/v1/paged/gw-2", "", "network"],
  ["hopline/v1/gateway/gw-1", "gw-1", "network api"],
  ["hopline/v1/gateway/gw-2", "", "network api"],
  ["hopline/v1/customer/c1/5/position", "network", "c1 api"],
  ["hopline/v1/customer/c2/5/position", "network", "api"],
  ["hopline/v1/json/customer/c1/5/position", "network", "c1 api"],
  ["hopline/v1/json/customer/c2/5/position", "network", "api"],
  ["hopline/v2/up/0/gw-1", "", ""],
  ["Hopline/v1/up/0/gw-1", "", ""],
  ["hopline/v1/up/0/GW-1", "", "network"],
  ["/hopline/v1/up/0/gw-1", "", ""],
  ["hopline//v1/up/0/gw-1", "", ""],
  ["$SYS/broker/clients", "", ""],
  ["a", "", ""],
];

/** Filters that nobody may have in full, and the few that belong to someone. */
const FILTERS: readonly (readonly [filter: string, subscribe: string])[] = [
  ...[
    "#",
    "+/#",
    "hopline/#",
    "hopline/v1/#",
    "hopline/v1/+/+",
    "hopline/+/stored/gw-1",
    "$SYS/#",
  ].map((filter) => [filter, ""] as const),
  ["hopline/v1/up/+/+", "network"],
  ["hopline/v1/up/#", ""],
  ["hopline/v1/paged/+", "network"],
  ["hopline/v1/stored/+", ""],
  ["hopline/v1/page/#", ""],
  ["hopline/v1/gateway/+", "network api"],
  ["hopline/v1/customer/c1/#", "c1 api"],
  ["hopline/v1/customer/+/5/position", "api"],
  ["hopline/v1/customer/c2/#", "api"],
  ["hopline/v1/customer/#", "api"],
  ["hopline/v1/json/customer/c1/#", "c1 api"],
  ["hopline/v1/json/#", ""],
  ["$share/group/hopline/v1/customer/c1/#", ""],
];

const test = base.extend("broker", async ({}, { onCleanup }) => {
  const broker = await startBroker(
    {
      ...{ host: "127.0.0.1", port: 0 },
      authenticate: (_id, username) => IDENTITIES[username ?? ""],
    },
    silentLog,
  );
  onCleanup(() => broker.stop());
  return broker;
});

const may = (names: string, who: Name) => names.split(" ").includes(who);

test.for(["gw-1", "c1", "network", "api"] as const)(
  "%s may do what the table says with every topic, and nothing else",
  async (who, { broker }) => {
    const connected = () =>
      mqtt.connectAsync(broker.url, { username: who, password: "x", reconnectPeriod: 0 });
    const differing: string[] = [];
    const listener = await connected();
    const filters = [
      ...TOPICS.map(([topic, , subscribe]) => [topic, subscribe] as const),
      ...FILTERS,
    ];
    for (const [filter, allowed] of filters) {
      const isGranted = await listener.subscribeAsync(filter, { qos: 1 }).then(
        (grants) => grants.every(({ qos }) => qos < 128),
        () => false,
      );
      if (isGranted !== may(allowed, who)) differing.push(`${filter}: subscribe ${isGranted}`);
    }
    await listener.endAsync(true);

    for (const [topic, allowed] of TOPICS) {
      for (const retain of [false, true]) {
        const client = await connected(); // a refused one loses its connection
        const isTaken = await new Promise<boolean>((resolve) => {
          client.once("close", () => {
            resolve(false);
          });
          client.publish(topic, "x", { qos: 1, retain }, (error) => {
            resolve(!error);
          });
        });
        await client.endAsync(true);
        // only a gateway's state stays with the broker
        const mayRetain = !retain || topic === `hopline/v1/gateway/${who}`;
        const isAllowed = may(allowed, who) && mayRetain;
        if (isTaken !== isAllowed) differing.push(`${topic}: publish ${isTaken}, retain ${retain}`);
      }
    }
    expect(differing).toEqual([]);
  },
);
