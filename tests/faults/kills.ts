import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { type City, type CityOptions, startCity } from "./city.ts";
import {
  type Fault,
  type FaultStep,
  GATEWAY_STEPS,
  isDrainStep,
  NETWORK_STEPS,
} from "./fault-points.ts";
import { type Comparison, compare, type Oracle } from "./oracle.ts";
import { readStored, type StoredFacts } from "./stored-facts.ts";

export interface KillOptions extends Omit<CityOptions, "faultsFor"> {
  readonly killsMin: number;
  readonly hitsMin: number;
  /** Ends the killing, whether there was enough or not. */
  readonly msMax: number;
  readonly say: (text: string) => void;
}

export interface KillReport {
  /** By step, and by process for those at a random moment. */
  readonly hits: ReadonlyMap<string, number>;
  readonly kills: number;
  /** By process, at a step or at random. */
  readonly deaths: ReadonlyMap<string, number>;
  readonly comparison: Comparison;
}

const FAULTS_A_LIFE = 2;
/** A life in which its fault does not come to pass is ended at a random moment. */
const LIFE_MS = { least: 8_000, most: 15_000 };
const RANDOM_KILL_MS = { least: 3_000, most: 8_000 };

/** Kills, and kills again, until there were enough; then lets everything arrive and compares. */
export async function killAndCompare(options: KillOptions): Promise<KillReport> {
  const { seed, killsMin, hitsMin, say } = options;
  const random = seededRandom(`${seed} kills`);
  let strikes = "";
  let pidFileOf: (name: string) => string = () => "";
  let isOver = false;
  const hitsOf = (): Map<string, number> => {
    const hits = new Map<string, number>();
    const lines = existsSync(strikes) ? readFileSync(strikes, "utf8").split("\n") : [];
    for (const line of lines) if (line) hits.set(line, (hits.get(line) ?? 0) + 1);
    return hits;
  };
  const hasAll = (steps: readonly FaultStep[]): boolean => {
    const hits = hitsOf();
    return steps.every((step) => (hits.get(step) ?? 0) >= hitsMin);
  };
  const city = await startCity({
    ...options,
    faultsFor(name) {
      if (isOver || strikes === "") return [];
      if (name.startsWith("network"))
        return networkFaults(random, hitsOf(), { strikes, pidFileOf });
      const isGateway = name.startsWith("gw-");
      if (isGateway && !hasAll(GATEWAY_STEPS))
        // else they bring the traffic that the rest needs
        return gatewayFaults(random, hitsOf(), { strikes, pidFileOf });
      return [];
    },
  });
  try {
    strikes = path.join(city.folder, "strikes");
    pidFileOf = (name) => path.join(city.folder, `${name}.pid`);
    await untilTraffic(city);
    const randomKills = new Map<string, number>();
    const total = () => sum([...hitsOf().values()]) + sum([...randomKills.values()]);
    const beganMs = systemClock.now();
    const isEnough = () => {
      if (systemClock.now() - beganMs > options.msMax) return true;
      const everyServer = serversOf(city).every((one) => deathsOf(one) >= hitsMin);
      return total() >= killsMin && everyServer && hasAll(NETWORK_STEPS) && hasAll(GATEWAY_STEPS);
    };
    const killed = (name: string) => randomKills.set(name, (randomKills.get(name) ?? 0) + 1);
    const lanes = [
      randomLane(city, random, { isEnough, killed }),
      reportLane(say, { isEnough, total, hitsOf, city }),
    ];
    const hasGateways = () => isEnough() || hasAll(GATEWAY_STEPS);
    const lanesOf = (those: typeof city.networks, isDone: () => boolean): void => {
      for (const one of those) {
        const random = seededRandom(`${seed} life ${one.name}`);
        lanes.push(lifeLane(one, random, { isEnough: isDone, killed }));
      }
    };
    lanesOf(city.networks, isEnough);
    lanesOf(city.gateways, hasGateways);
    // from now on each next life has its faults
    for (const one of [...city.networks, ...city.gateways]) if (one.kill()) killed(one.name);
    await Promise.all(lanes);
    isOver = true;
    const hits = new Map([
      ...hitsOf(),
      ...[...randomKills].map(([name, n]) => [`${name}, at random`, n] as const),
    ]);
    const deaths = new Map(city.processes.map((one) => [one.name, deathsOf(one)]));
    const comparison = await settleAndCompare(city, say);
    return { hits, deaths, kills: sum([...hits.values()]), comparison };
  } finally {
    await city.stop();
  }
}

interface Where {
  readonly strikes: string;
  readonly pidFileOf: (name: string) => string;
}

/** Steps that were hit least come first. */
function networkFaults(random: Random, hits: ReadonlyMap<string, number>, where: Where): Fault[] {
  return Array.from({ length: FAULTS_A_LIFE }, () => {
    const step = rarest(NETWORK_STEPS, hits, random);
    const others = isDrainStep(step) ? ["influx", "postgres"] : ["postgres", "broker"];
    const victim = random.next() < 0.75 ? undefined : others[randomInteger(random, 2)];
    return fault(step, random, victim, where);
  });
}

function gatewayFaults(random: Random, hits: ReadonlyMap<string, number>, where: Where): Fault[] {
  return Array.from({ length: FAULTS_A_LIFE }, () => {
    const victim = random.next() < 0.8 ? undefined : "broker";
    return fault(rarest(GATEWAY_STEPS, hits, random), random, victim, where);
  });
}

function fault(step: FaultStep, random: Random, victim: string | undefined, where: Where): Fault {
  const hits = 1 + randomInteger(random, 2);
  const victimFile = victim === undefined ? {} : { victimFile: where.pidFileOf(victim) };
  return { step, hits, logFile: where.strikes, ...victimFile };
}

function rarest(
  steps: readonly FaultStep[],
  hits: ReadonlyMap<string, number>,
  random: Random,
): FaultStep {
  const least = Math.min(...steps.map((step) => hits.get(step) ?? 0));
  const rare = steps.filter((step) => (hits.get(step) ?? 0) <= least + 1);
  return rare[randomInteger(random, rare.length)] ?? steps[0] ?? "committed";
}

interface Campaign {
  readonly isEnough: () => boolean;
  readonly killed: (name: string) => void;
}

const LOOK_MS = 50;

/** Ends a life that its faults do not end. */
async function lifeLane(
  one: City["postgres"],
  random: Random,
  { isEnough, killed }: Campaign,
): Promise<void> {
  while (!isEnough()) {
    const { starts } = one;
    const lifeMs = between(random, LIFE_MS);
    for (let ms = 0; ms < lifeMs && one.starts === starts && !isEnough(); ms += LOOK_MS)
      await pause(LOOK_MS);
    if (one.starts === starts && !isEnough() && one.kill()) killed(one.name);
  }
}

const deathsOf = ({ starts }: City["postgres"]): number => Math.max(0, starts - 1);
const serversOf = ({ brokers, postgres, influx }: City) => [...brokers, postgres, influx];
/** The steps kill the others. */
const SERVER_SHARE = 0.7;

/** Anyone at any moment. */
async function randomLane(
  city: City,
  random: Random,
  { isEnough, killed }: Campaign,
): Promise<void> {
  const victims = [...serversOf(city), ...city.gateways, ...city.networks];
  while (!isEnough()) {
    await pause(between(random, RANDOM_KILL_MS));
    const [rarest] = serversOf(city).toSorted((a, b) => deathsOf(a) - deathsOf(b));
    const anyone = victims[randomInteger(random, victims.length)];
    const victim = random.next() < SERVER_SHARE ? rarest : anyone;
    if (victim?.kill()) killed(victim.name);
  }
}

const REPORT_MS = 10_000;

async function reportLane(
  say: (text: string) => void,
  {
    isEnough,
    total,
    hitsOf,
    city,
  }: {
    isEnough: () => boolean;
    total: () => number;
    hitsOf: () => ReadonlyMap<string, number>;
    city: City;
  },
): Promise<void> {
  for (let ms = 0; !isEnough(); ms += LOOK_MS) {
    await pause(LOOK_MS);
    if (ms % REPORT_MS === 0)
      say(
        `${total()} kills, ${city.taken().size} receptions taken, ${city.sent.length} packets sent; ${JSON.stringify([...hitsOf()])}`,
      );
  }
}

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

/** Nobody sends any more and nobody dies any more: all that was taken must arrive. */
export async function settleAndCompare(
  city: City,
  say: (text: string) => void,
): Promise<Comparison> {
  await city.hush();
  for (const one of [...city.networks, ...city.gateways]) await one.restart();
  const { db, simulator } = city;
  const profiles = loadProfiles("profiles").byName;
  const profileOf = new Map(simulator.fleet.map(({ address, profile }) => [address, profile]));
  const isSettled = async (): Promise<boolean> => {
    const receptions = await db
      .selectFrom("reception")
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirst();
    const points = await db
      .selectFrom("telemetry_outbox")
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirst();
    return Number(receptions?.count) >= city.taken().size && points?.count === 0n;
  };
  for (let ms = 0; !(await isSettled().catch(() => false)) && ms < SETTLE_MS_MAX; ms += LOOK_MS)
    await pause(LOOK_MS);
  const stored = await readStored(db, city.influxUrl, [...profiles.keys()]);
  const taken = city.taken();
  say(`settled: ${taken.size} receptions taken, ${stored.receptions.length} stored`);
  const oracle: Oracle = {
    ...{ sent: city.sent, taken },
    profileOf: (address) => profiles.get(profileOf.get(address) ?? ""),
  };
  const comparison = compare(oracle, stored);
  return { ...comparison, differences: [...comparison.differences, ...blindSpots(oracle, stored)] };
}

/** An oracle that sees no loss would always be content: each kind of row is taken away once, and doubled once. */
function blindSpots(oracle: Oracle, stored: StoredFacts): readonly string[] {
  const spoilt = (["packets", "receptions", "usages", "points"] as const).flatMap((kind) => [
    [`a lost row of ${kind}`, { ...stored, [kind]: stored[kind].slice(1) }] as const,
    [
      `a doubled row of ${kind}`,
      { ...stored, [kind]: [...stored[kind], stored[kind].at(0)] },
    ] as const,
  ]);
  return spoilt
    .filter(([, facts]) => compare(oracle, facts).differences.length === 0)
    .map(([what]) => `the oracle does not see ${what}`);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const between = (
  random: Random,
  range: { readonly least: number; readonly most: number },
): number => range.least + randomInteger(random, range.most - range.least);

/** One line a fault point. */
export const table = (hits: ReadonlyMap<string, number>): string =>
  [...hits].map(([step, count]) => `  ${step.padEnd(24)} ${count}`).join("\n");
