import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  covers,
  type Grants,
  grantsOf,
  type Identity,
  isFilter,
  mayPublish,
  mayReceive,
  mayRetain,
  maySubscribe,
  sameIdentity,
} from "./acl.ts";

const gateway = grantsOf({ kind: "gateway", gatewayId: "gw-1" });
const customer = grantsOf({ kind: "customer", customerIds: ["c1"] });
const network = grantsOf({ kind: "network" });

/** MQTT's own rule for one topic, written another way: as a regular expression. */
function matches(filter: string, topic: string): boolean {
  const source = filter
    .split("/")
    .map((level) => (level === "+" ? "[^/]*" : level === "#" ? "#" : level))
    .join("/")
    .replace(/\/#$/, "(/.*)?")
    .replace(/^#$/, ".*");
  return new RegExp(`^${source}$`, "s").test(topic);
}

const level = fc.constantFrom("a", "b", "");
const filterLevel = fc.constantFrom("a", "b", "", "+");
const anyFilter = fc
  .tuple(fc.array(filterLevel, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => [...levels, ...(open ? ["#"] : [])].join("/"))
  .filter((filter) => filter !== "");

/** Every topic of up to six levels over three words: enough to tell any two filters of five levels apart. */
const topics: string[] = [];
for (let frontier = ["a", "b", "", "z"], depth = 0; depth < 6; depth++) {
  topics.push(...frontier);
  frontier = frontier.flatMap((topic) => ["a", "b", "", "z"].map((word) => `${topic}/${word}`));
}

describe("covers", () => {
  it("agrees with trying every topic", () => {
    fc.assert(
      fc.property(anyFilter, anyFilter, (grant, filter) => {
        const asked = topics.filter((topic) => matches(filter, topic));
        expect(covers(grant, filter)).toBe(asked.every((topic) => matches(grant, topic)));
      }),
      { numRuns: 300 },
    );
  });

  it("answers for a topic as MQTT matches it", () => {
    const anyTopic = fc.array(level, { minLength: 1, maxLength: 6 }).map((l) => l.join("/"));
    fc.assert(
      fc.property(anyFilter, anyTopic, (filter, topic) => {
        expect(covers(filter, topic)).toBe(matches(filter, topic));
      }),
    );
  });
});

describe("subscriptions", () => {
  const wide = ["#", "+", "+/#", "+/v1/#", "+/v1/customer/c1/#", "hopline/#", "hopline/v1/#"];
  const foreign = ["$SYS/#", "$SYS/+/new/clients", "$share/g/hopline/v1/customer/c1/#", "", "/"];
  const everyone: Identity[] = [
    { kind: "gateway", gatewayId: "gw-1" },
    { kind: "network" },
    { kind: "api" },
    { kind: "customer", customerIds: ["c1"] },
  ];

  it.each([...wide, ...foreign])("refuses %j to everyone", (filter) => {
    for (const identity of everyone) expect(maySubscribe(grantsOf(identity), filter)).toBe(false);
  });

  it.each([
    "hopline/v1/customer/#",
    "hopline/v1/customer/+/#",
    "hopline/v1/customer/+/d/alarm",
    "hopline/v1/customer/c2/#",
    "hopline/v1/customer/c11/#",
    "hopline/v1/+/customer/c1/#",
    "hopline/v1/up/+/+",
    "hopline/v1/gateway/+",
  ])("refuses %j to a customer", (filter) => {
    expect(maySubscribe(customer, filter)).toBe(false);
  });

  it.each([
    "hopline/v1/customer/c1/#",
    "hopline/v1/customer/c1/+/alarm",
    "hopline/v1/json/customer/c1/+/#",
  ])("allows %j to its customer", (filter) => {
    expect(maySubscribe(customer, filter)).toBe(true);
  });

  it("never lets a customer's filter reach a topic that is not below its own", () => {
    const word = fc.constantFrom("hopline", "v1", "customer", "c1", "c2", "json", "+", "#", "up");
    const filters = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join("/"));
    const strangers = ["c2/d/k", "c2", "+/d", "c11/d/k"].flatMap((tail) => [
      `hopline/v1/customer/${tail}`,
      `hopline/v1/json/customer/${tail}`,
    ]);
    fc.assert(
      fc.property(filters, (filter) => {
        if (!isFilter(filter) || !maySubscribe(customer, filter)) return;
        for (const topic of [...strangers, "hopline/v1/up/1/gw-1", "hopline"]) {
          expect(covers(filter, topic)).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("lets a gateway hear only its own pages and receipts", () => {
    expect(maySubscribe(gateway, "hopline/v1/page/gw-1")).toBe(true);
    expect(maySubscribe(gateway, "hopline/v1/stored/gw-1")).toBe(true);
    expect(maySubscribe(gateway, "hopline/v1/page/+")).toBe(false);
    expect(maySubscribe(gateway, "hopline/v1/+/gw-1")).toBe(false);
    expect(maySubscribe(gateway, "hopline/v1/page/gw-2")).toBe(false);
  });
});

describe("publishing", () => {
  const own = ["hopline/v1/up/63/gw-1", "hopline/v1/paged/gw-1", "hopline/v1/gateway/gw-1"];
  it.each(own)("allows %s to its gateway only", (topic) => {
    const other = grantsOf({ kind: "gateway", gatewayId: "gw-2" });
    const grants: Grants[] = [other, customer, network, grantsOf({ kind: "api" })];
    expect(mayPublish(gateway, topic)).toBe(true);
    for (const grant of grants) expect(mayPublish(grant, topic)).toBe(false);
  });

  it("refuses a wildcard in a topic, even where the grant has one", () => {
    expect(mayPublish(gateway, "hopline/v1/up/+/gw-1")).toBe(false);
    expect(mayPublish(network, "hopline/v1/stored/#")).toBe(false);
  });

  it("leaves a customer nothing to publish", () => {
    expect(mayPublish(customer, "hopline/v1/customer/c1/d/alarm")).toBe(false);
  });

  it("keeps retained messages to a gateway's own state", () => {
    expect(mayRetain(gateway, "hopline/v1/gateway/gw-1")).toBe(true);
    expect(mayRetain(gateway, "hopline/v1/up/1/gw-1")).toBe(false);
    expect(mayRetain(network, "hopline/v1/stored/gw-1")).toBe(false);
  });
});

it("delivers only what could be subscribed to", () => {
  expect(mayReceive(customer, "hopline/v1/customer/c1/d/alarm")).toBe(true);
  expect(mayReceive(customer, "hopline/v1/customer/c2/d/alarm")).toBe(false);
});

it.each(["a/b", "+", "#", "", "x".repeat(65)])("takes no identity named %j", (id) => {
  expect(() => grantsOf({ kind: "customer", customerIds: [id] })).toThrow();
  expect(() => grantsOf({ kind: "gateway", gatewayId: id })).toThrow();
});

it("tells identities apart by kind and name", () => {
  const one = { kind: "gateway", gatewayId: "x" } as const;
  expect(sameIdentity(one, { kind: "gateway", gatewayId: "x" })).toBe(true);
  expect(sameIdentity(one, { kind: "customer", customerIds: ["x"] })).toBe(false);
  expect(sameIdentity(one, { kind: "gateway", gatewayId: "y" })).toBe(false);
});
