import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sql } from "kysely";
import { expect, it } from "vitest";
import type { Db } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import type { Profile } from "../../domain/devices/profile.ts";
import { demoSites } from "../../firmware-sim/demo-sites.ts";
import type { SentPacket } from "../../firmware-sim/sent-packet.ts";
import { hex } from "../hex.ts";
import { temporaryFolder } from "../program.ts";
import { expectValues } from "../sent-values.ts";
import { onCleanup } from "../until.ts";
import { openVirtualCity } from "../virtual-city.ts";

// A day of the city on virtual time, with lost messages, gateways that lose their broker and a network that restarts.
// Each hour what was stored is held against the simulator's own log, and what was compared is forgotten.
//   SEED=endurance HOURS=24 TERMINALS=24 GATEWAYS=2 npm run test:long endurance

const SEED = process.env["SEED"] ?? "endurance";
const HOURS = Number(process.env["HOURS"] ?? 24);
const TERMINALS = Number(process.env["TERMINALS"] ?? 24);
const GATEWAYS = Number(process.env["GATEWAYS"] ?? 2);
/** Of messages; of batches, one every two seconds, at which a gateway loses its broker or the network restarts. */
const FAULTS = { lost: 0.01, disconnected: 1 / 450, restarted: 1 / 900 };
const START_NS = BigInt(Date.UTC(2026, 4, 20, 16)) * 1_000_000n; // midnight in Shanghai
const MINUTE_NS = 60_000_000_000n;
/** So long a packet may be on its way through lost messages; it is compared with the next hour. */
const UNDER_WAY_NS = 5n * MINUTE_NS;
const HEAP_GROWTH_MAX_BYTES = 96 * 1024 * 1024;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)(); // there is no other way to ask for it from inside
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** All that was stored of packets received in this stretch, a packet's own things with it. */
async function storedBetween(db: Db, fromNs: bigint, toNs: bigint) {
  const { rows } = await sql<Row & { readonly payload: Uint8Array }>`
    select payload, address, type, verdict, accepted, report,
      (select count(*) from usage_record u where u.packet_id = p.id) as usages,
      (select coalesce(json_agg(t.fields), '[]') from telemetry_point t
        where t.terminal = p.address::text and t.time_ns = p.measured_at_ns) as points
    from packet p where received_at_ns >= ${fromNs} and received_at_ns < ${toNs}`.execute(db);
  return Map.groupBy(rows, ({ payload }) => hex(payload));
}

interface Row {
  readonly address: bigint;
  readonly verdict: string;
  readonly accepted: boolean;
  readonly report: string | null;
  readonly usages: bigint;
  readonly points: readonly Readonly<Record<string, unknown>>[];
}

const whatOf = ({ type, address, session, counter }: SentPacket): string =>
  `${type} ${address} ${session}/${counter}`;

/** One row, metered once. */
function expectStoredOnce(packet: SentPacket, accepted: readonly Row[]): Row | undefined {
  expect(accepted.length, `${whatOf(packet)} is stored once`).toBe(1);
  const [row] = accepted;
  expect(row, whatOf(packet)).toMatchObject({ address: BigInt(packet.address), usages: 1n });
  expect(["new", "late"]).toContain(row?.verdict);
  return row;
}

/** One point with the values that were measured, none where the terminal knew nothing; answers how many. */
function expectPoints(packet: SentPacket, row: Row | undefined, profile: Profile | undefined) {
  const { report } = packet;
  if (!report) return 0;
  expect(row?.report).toBe(report.name);
  const isEmpty = Object.values(report.values).every((value) => value === null);
  const [point, ...more] = row?.points ?? [];
  expect({ isEmpty: point === undefined, more }, whatOf(packet)).toEqual({ isEmpty, more: [] });
  const layout = profile?.reports.find(({ number }) => number === report.number);
  if (point) expectValues(layout?.fields ?? [], report.values, point);
  return point ? 1 : 0;
}

it(`keeps every packet once over ${HOURS} h of ${TERMINALS} terminals (SEED=${SEED})`, async () => {
  const db = await openDatabase({ DATA_DIR: await temporaryFolder() });
  onCleanup(() => db.destroy());
  await migrate(db);
  const sites = demoSites.slice(0, GATEWAYS);
  const options = { db, seed: SEED, terminals: TERMINALS, startNs: START_NS };
  const city = await openVirtualCity({ ...options, sites, faults: FAULTS });
  const { simulator, gateways, profiles } = city;
  const profileOf = new Map(simulator.fleet.map(({ address, profile }) => [address, profile]));
  let sent: SentPacket[] = [];
  simulator.onTransmission((packet) => {
    if (!packet.isResend) sent.push(packet);
  });
  let taken = new Set<string>();
  const total = { sent: 0, heard: 0, taken: 0, reports: 0, points: 0, replayedAttaches: 0 };
  const collect = (): void => {
    for (const gateway of gateways)
      for (const bytes of gateway.taken.splice(0)) {
        total.taken += 1;
        taken.add(hex(bytes));
      }
  };

  async function compare(fromNs: bigint, toNs: bigint): Promise<void> {
    collect();
    const stored = await storedBetween(db, fromNs - MINUTE_NS, toNs + UNDER_WAY_NS);
    const compared = new Set<string>();
    for (const packet of sent) {
      if (packet.startNs >= toNs) continue;
      const key = hex(packet.bytes);
      compared.add(key);
      total.sent += 1;
      const rows = stored.get(key) ?? [];
      const accepted = rows.filter((row) => row.accepted);
      const what = whatOf(packet);
      if (!taken.has(key)) {
        expect(accepted, `${what} came from nowhere`).toEqual([]);
        continue;
      }
      total.heard += 1;
      if (packet.type === "attach" && accepted.length === 0) {
        // a later attempt came through first
        expect(
          rows.map(({ verdict }) => verdict),
          what,
        ).toContain("replay");
        total.replayedAttaches += 1;
        continue;
      }
      const row = expectStoredOnce(packet, accepted);
      if (packet.report) total.reports += 1;
      const profile = profiles.get(profileOf.get(packet.address) ?? "");
      total.points += expectPoints(packet, row, profile);
    }
    sent = sent.filter(({ startNs }) => startNs >= toNs);
    taken = new Set([...taken].filter((key) => !compared.has(key)));
    // noise that passes a check of 16 bits, and resends long after, are no more than a few
    expect(taken.size).toBeLessThan(sent.length + 200);
  }

  let heapEarly = 0;
  let comparedNs = START_NS;
  for (let hour = 1; hour <= HOURS; hour++) {
    const untilNs = START_NS + BigInt(hour) * 60n * MINUTE_NS;
    await city.runUntil(untilNs);
    await compare(comparedNs, untilNs - UNDER_WAY_NS);
    comparedNs = untilNs - UNDER_WAY_NS;
    const heap = heapBytes();
    if (hour === Math.min(3, HOURS)) heapEarly = heap;
    const megabytes = [heap, process.memoryUsage().rss].map((bytes) => Math.round(bytes / 2 ** 20));
    say(
      `${hour} h: ${JSON.stringify({ ...total, ...city.counts })} heap ${megabytes[0]} MB, resident ${megabytes[1]} MB`,
    );
  }
  simulator.sleep(true); // nobody sends any more, and all that is under way arrives
  const endNs = START_NS + BigInt(HOURS) * 60n * MINUTE_NS + 2n * UNDER_WAY_NS;
  await city.runUntil(endNs);
  await compare(comparedNs, endNs);
  for (const { outbox } of gateways) expect(outbox.count()).toBe(0);

  const { rows } = await sql<Record<string, bigint>>`select
    (select count(*) from packet where accepted) as accepted,
    (select count(distinct (address, session, counter)) from packet where accepted) as identities,
    (select count(*) from packet where not accepted) as refused,
    (select count(*) from reception) as receptions,
    (select count(*) from usage_record) as usages,
    (select count(*) from telemetry_point) as points`.execute(db);
  say(
    JSON.stringify({ ...rows[0], ...total }, (_, v: unknown) =>
      typeof v === "bigint" ? Number(v) : v,
    ),
  );
  const accepted = BigInt(total.heard - total.replayedAttaches);
  expect(rows[0]).toMatchObject({ accepted, identities: accepted, usages: accepted });
  expect(rows[0]?.["points"]).toBe(BigInt(total.points));
  expect(rows[0]?.["receptions"]).toBe(BigInt(total.taken));
  expect(total.heard / total.sent).toBeGreaterThan(0.9);
  expect(city.counts.lost).toBeGreaterThan(HOURS);
  expect(city.counts.restarted).toBeGreaterThan(0);
  expect(heapBytes() - heapEarly).toBeLessThan(HEAP_GROWTH_MAX_BYTES);
  await city.stop();
}, 3_600_000);
