import type { Watch } from "./watch.ts";

/** Every attack by its name, for what is asked of all of them: which code they reach, and what they cost. */
export interface Attack {
  readonly name: string;
  /** What it is aimed at: files, or folders with all files in them. */
  readonly at: readonly string[];
  /** So much of it as reaches all that it can reach. */
  readonly size: number;
  /** Share of the lines there that have to run; the rest encodes, starts, stops, or is asked for by nobody hostile. */
  readonly reaches: number;
  /** Imported late, so that who looks on can begin before. */
  run(seed: string, size: number, watch: Watch): Promise<object>;
}

export const ATTACKS: readonly Attack[] = [
  {
    name: "modem-line",
    reaches: 0.92,
    at: [
      ...["protocol/modem/", "gateway/assembly.ts", "gateway/burst.ts", "gateway/tokens.ts"],
      ...["gateway/modem-session.ts", "gateway/modem-link.ts", "gateway/page-hand.ts"],
    ],
    size: 20_000,
    async run(seed, size, watch) {
      const { attackModemLine } = await import("./modem-line-attack.ts");
      return attackModemLine(seed, size, watch);
    },
  },
  {
    name: "codecs",
    reaches: 0.85,
    at: [
      ...["protocol/packet/", "protocol/report/", "protocol/messages.ts", "protocol/topics.ts"],
      ...["protocol/message-codec.ts", "protocol/device-event.ts", "protocol/air/pocsag.ts"],
      "protocol/air/lr-fhss-decode.ts",
    ],
    size: 40_000,
    async run(seed, size, watch) {
      const { attackCodecs } = await import("./codecs.ts");
      return watch(() => attackCodecs(seed, size));
    },
  },
  {
    name: "network",
    reaches: 0.85,
    at: ["network/inbox.ts", "network/uplinks.ts", "network/uplink.ts", "network/outcomes.ts"],
    size: 3_000,
    async run(seed, size, watch) {
      const { attackNetwork } = await import("./network-attack.ts");
      return attackNetwork(seed, size, size, watch);
    },
  },
  {
    name: "forged",
    reaches: 0.5,
    at: ["network/uplinks.ts", "domain/packets/verdict.ts"],
    size: 512,
    async run(_seed, size, watch) {
      const { attackWithForgedTags } = await import("./forged-attack.ts");
      return attackWithForgedTags(size, watch);
    },
  },
  {
    name: "judging",
    reaches: 0.6,
    at: [
      ...["domain/alerting/alert-judge.ts", "domain/alerting/engine.ts"],
      ...["domain/alerting/rule-step.ts", "domain/alerting/alert-rows-postgres.ts"],
    ],
    size: 64, // with many more it is the embedded database that is measured, which stores packets in this very thread
    async run(seed, size, watch) {
      const { attackJudging } = await import("./judging-attack.ts");
      return attackJudging(seed, size, watch);
    },
  },
  {
    name: "replays",
    reaches: 0.9,
    at: [
      ...["network/uplink.ts", "network/attach.ts", "network/outcomes.ts", "network/batch.ts"],
      ...["domain/packets/verdict.ts", "domain/packets/attach-verdict.ts"],
      ...["network/terminal-keys.ts", "network/recent-packets.ts"],
    ],
    size: 200,
    async run(seed, size, watch) {
      const { playReplays } = await import("./replays.ts");
      const { openMigrated } = await import("../migrated-database.ts");
      const db = await openMigrated();
      const { uplinks } = await watch(() => playReplays(db, seed, size));
      await db.destroy();
      return { uplinks };
    },
  },
  {
    name: "mqtt",
    reaches: 0.85,
    at: [
      ...["broker/broker.ts", "broker/admission.ts", "broker/traffic.ts", "broker/acl.ts"],
      ...["broker/packet-size.ts", "broker/rate-limit.ts"],
    ],
    size: 1_000,
    async run(seed, size, watch) {
      const { attackBroker } = await import("./mqtt-attack.ts");
      const { counters, fromEvil } = await attackBroker(seed, size, watch);
      return { counters, fromEvil };
    },
  },
  {
    name: "profiles",
    reaches: 0.8,
    at: ["domain/devices/profile-load.ts", "domain/devices/profile-rules.ts"],
    size: 4_000,
    async run(seed, size, watch) {
      const { attackProfiles } = await import("./profiles-attack.ts");
      return watch(() => attackProfiles(seed, size));
    },
  },
  {
    name: "http",
    reaches: 0.7,
    at: ["api/"],
    size: 2_000,
    async run(seed, size, watch) {
      const { attackApi } = await import("./http-attack.ts");
      return attackApi(seed, size, watch);
    },
  },
];
