import { setTimeout as pause } from "node:timers/promises";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import type { City } from "./city.ts";
import { compareWithModems } from "./modem-oracle.ts";
import { type Allowed, type Comparison, compare, NOTHING_LOST, type Oracle } from "./oracle.ts";
import { comparePages } from "./page-oracle.ts";
import { type PointFact, readStored, type StoredFacts } from "./stored-facts.ts";

const LOOK_MS = 50;

export async function untilTraffic(city: City): Promise<void> {
  const { db, simulator } = city;
  for (;;) {
    const packets = await db
      .selectFrom("packet")
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirst()
      .catch(() => undefined);
    if (simulator.attached() > simulator.fleet.length / 3 && (packets?.count ?? 0n) > 20n) return;
    await pause(LOOK_MS);
  }
}

const SETTLE_MS_MAX = 90_000;
const SETTLE_LOOK_MS = 200;
const DIFFERENCES_MAX = 40;

export interface SettledComparison extends Comparison {
  /** Receptions that a gateway decoded before all of them had come over the line. */
  readonly partial: number;
  /** Different pages that modems were handed. */
  readonly pages: number;
  readonly highestPageCounter: number;
}

/** Nobody sends any more and nobody dies any more: all that was taken must arrive. */
export async function settleAndCompare(
  city: City,
  say: (text: string) => void,
  allowed: Allowed = NOTHING_LOST,
): Promise<SettledComparison> {
  await city.hush();
  for (const one of [...city.networks, ...city.gateways]) await one.restart();
  const { db, simulator } = city;
  const profiles = loadProfiles("profiles").byName;
  const profileOf = new Map(simulator.fleet.map(({ address, profile }) => [address, profile]));
  const isSettled = async (): Promise<boolean> => {
    const receptions = await db
      .selectFrom("reception")
      .select(["gateway_id", "outbox_id", "sequence"])
      .execute();
    const places = new Set(
      receptions.map((row) => `${row.gateway_id}/${row.outbox_id}/${row.sequence}`),
    );
    for (const place of city.taken().keys())
      if (!places.has(place) && !allowed.lost.has(place)) return false;
    const points = await db
      .selectFrom("telemetry_outbox")
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirst();
    return points?.count === 0n;
  };
  for (
    let ms = 0;
    !(await isSettled().catch(() => false)) && ms < SETTLE_MS_MAX;
    ms += SETTLE_LOOK_MS
  )
    await pause(SETTLE_LOOK_MS);
  const stored = await readStored(db, city.influxUrl, [...profiles.keys()]);
  const taken = city.taken();
  say(`settled: ${taken.size} receptions taken, ${stored.receptions.length} stored`);
  const oracle: Oracle = {
    ...{ sent: city.sent, taken, allowed },
    profileOf: (address) => profiles.get(profileOf.get(address) ?? ""),
  };
  const comparison = compare(oracle, stored);
  const fallen = [...city.brokers, ...city.networks, ...city.gateways].filter(
    ({ falls }) => falls > 0,
  );
  const modems = compareWithModems(taken, city.modemLogs);
  const sessions = [...allowed.sessions, ...stored.sessions];
  const pages = comparePages(city.modemLogs, simulator.fleet, sessions);
  const differences = [
    ...comparison.differences,
    ...modems.differences.slice(0, DIFFERENCES_MAX),
    ...pages.differences,
    ...(pages.unknown === 0 ? [] : [`${pages.unknown} pages were sealed under no session`]),
    ...fallen.map(({ name, falls }) => `${name} ended ${falls} times by itself`),
    ...blindSpots(oracle, stored),
  ];
  const { opened, highestCounter } = pages;
  const more = { partial: modems.partial, pages: opened, highestPageCounter: highestCounter };
  return { ...comparison, ...more, differences };
}

/** An oracle that sees no loss would always be content: each kind of row is taken away once, and doubled once. */
function blindSpots(oracle: Oracle, stored: StoredFacts): readonly string[] {
  const { allowed } = oracle;
  const isOwed = ({ terminal, timeNs }: PointFact): boolean =>
    !allowed.points.has(`${terminal} ${timeNs}`); // what a disaster may have taken proves nothing
  const spoilt = [
    ...(["packets", "receptions", "usages"] as const).flatMap((kind) =>
      spoiltBy(stored, kind, stored[kind], 0),
    ),
    ...spoiltBy(stored, "points", stored.points, stored.points.findIndex(isOwed)),
  ];
  return spoilt
    .filter(([, facts]) => compare(oracle, facts).differences.length === 0)
    .map(([what]) => `the oracle does not see ${what}`);
}

function spoiltBy(
  stored: StoredFacts,
  kind: string,
  rows: readonly unknown[],
  at: number,
): readonly (readonly [string, StoredFacts])[] {
  return [
    [`a lost row of ${kind}`, { ...stored, [kind]: rows.toSpliced(at, 1) }],
    [`a doubled row of ${kind}`, { ...stored, [kind]: [...rows, rows[at]] }],
  ];
}
