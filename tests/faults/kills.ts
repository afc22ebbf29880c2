import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { BROKER_STEPS } from "../../broker/broker.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { type City, type CityOptions, startCity } from "./city.ts";
import {
  FAULT_STEPS,
  type Fault,
  type FaultStep,
  GATEWAY_STEPS,
  isDrainStep,
  NETWORK_STEPS,
} from "./fault-points.ts";
import { compareWithModems } from "./modem-oracle.ts";
import { type Comparison, compare, type Oracle } from "./oracle.ts";
import { readStored, type StoredFacts } from "./stored-facts.ts";
import { hitsOf, readStrikes, type Strikes, sum, totalOf } from "./strikes.ts";
import type { Supervised } from "./supervised.ts";

export interface KillOptions extends Omit<CityOptions, "faultsFor"> {
  readonly killsMin: number;
  readonly hitsMin: number;
  /** Ends the killing, whether there was enough or not. */
  readonly msMax: number;
  readonly say: (text: string) => void;
}

export interface KillReport {
  readonly strikes: Strikes;
  /** By process. */
  readonly atRandom: ReadonlyMap<string, number>;
  readonly kills: number;
  /** By process, at a step or at random. */
  readonly deaths: ReadonlyMap<string, number>;
  readonly comparison: SettledComparison;
}

const FAULTS_A_LIFE = 2;
/** A life in which its fault does not come to pass is ended at a random moment. */
const LIFE_MS = { least: 8_000, most: 15_000 };
const RANDOM_KILL_MS = { least: 3_000, most: 8_000 };

/** Kills, and kills again, until there were enough; then lets everything arrive and compares. */
export async function killAndCompare(options: KillOptions): Promise<KillReport> {
  const { seed, killsMin, hitsMin, say } = options;
  const random = seededRandom(`${seed} kills`);
  let log = "";
  let pidFileOf: (name: string) => string = () => "";
  let isOver = false;
  const strikes = (): Strikes => readStrikes(log);
  const hasAll = (steps: readonly FaultStep[]): boolean => {
    const now = strikes();
    return steps.every((step) => hitsOf(now, step) >= hitsMin);
  };
  const city = await startCity({
    ...options,
    faultsFor(name) {
      if (isOver || log === "") return [];
      const source = { random, strikes: strikes(), log, pidFileOf };
      if (name.startsWith("network")) return networkFaults(source);
      // the others only until it is enough: they bring the traffic that the rest needs
      if (name.startsWith("gw-")) return hasAll(GATEWAY_STEPS) ? [] : gatewayFaults(source);
      return name === "broker" && !hasAll(BROKER_STEPS) ? brokerFaults(source) : [];
    },
  });
  try {
    log = path.join(city.folder, "strikes");
    pidFileOf = (name) => path.join(city.folder, `${name}.pid`);
    await untilTraffic(city);
    const randomKills = new Map<string, number>();
    const total = () => totalOf(strikes()) + sum(randomKills.values());
    const beganMs = systemClock.now();
    const isEnough = () => {
      if (systemClock.now() - beganMs > options.msMax) return true;
      const everyServer = serversOf(city).every((one) => deathsOf(one) >= hitsMin);
      return total() >= killsMin && everyServer && hasAll(FAULT_STEPS);
    };
    const killed = (name: string) => randomKills.set(name, (randomKills.get(name) ?? 0) + 1);
    const lanes = [
      randomLane(city, random, { isEnough, killed }),
      reportLane(say, { isEnough, total, strikes, city }),
    ];
    const lanesOf = (those: readonly Supervised[], isDone: () => boolean): void => {
      for (const one of those) {
        const random = seededRandom(`${seed} life ${one.name}`);
        lanes.push(lifeLane(one, random, { isEnough: isDone, killed }));
      }
    };
    lanesOf(city.networks, isEnough);
    lanesOf(city.gateways, () => isEnough() || hasAll(GATEWAY_STEPS));
    lanesOf(city.brokers, () => isEnough() || hasAll(BROKER_STEPS));
    // from now on each next life has its faults
    for (const one of [...city.networks, ...city.gateways, ...city.brokers])
      if (one.kill()) killed(one.name);
    await Promise.all(lanes);
    isOver = true;
    const kills = total();
    const deaths = new Map(city.processes.map((one) => [one.name, deathsOf(one)]));
    const comparison = await settleAndCompare(city, say);
    return { strikes: strikes(), atRandom: randomKills, deaths, kills, comparison };
  } finally {
    await city.stop();
  }
}

interface FaultSource {
  readonly random: Random;
  readonly strikes: Strikes;
  readonly log: string;
  readonly pidFileOf: (name: string) => string;
}

function networkFaults(source: FaultSource): readonly Fault[] {
  return faults(source, NETWORK_STEPS, (step) => ({
    share: 0.25,
    others: isDrainStep(step) ? ["influx", "postgres"] : ["postgres", "broker"],
  }));
}

const gatewayFaults = (source: FaultSource): readonly Fault[] =>
  faults(source, GATEWAY_STEPS, () => ({ share: 0.2, others: ["broker"] }));

const brokerFaults = (source: FaultSource): readonly Fault[] =>
  faults(source, BROKER_STEPS, () => ({ share: 0, others: [] }));

/** Steps that were hit least come first; of some it is another process that dies. */
function faults(
  { random, strikes, log, pidFileOf }: FaultSource,
  steps: readonly FaultStep[],
  victims: (step: FaultStep) => { readonly share: number; readonly others: readonly string[] },
): readonly Fault[] {
  return Array.from({ length: FAULTS_A_LIFE }, () => {
    const step = rarest(steps, strikes, random);
    const { share, others } = victims(step);
    const name = random.next() < share ? others[randomInteger(random, others.length)] : undefined;
    const victim = name === undefined ? {} : { victim: { name, pidFile: pidFileOf(name) } };
    return { step, hits: 1 + randomInteger(random, 2), logFile: log, ...victim };
  });
}

function rarest(steps: readonly FaultStep[], strikes: Strikes, random: Random): FaultStep {
  const least = Math.min(...steps.map((step) => hitsOf(strikes, step)));
  const rare = steps.filter((step) => hitsOf(strikes, step) <= least + 1);
  return rare[randomInteger(random, rare.length)] ?? steps[0] ?? "committed";
}

interface Campaign {
  readonly isEnough: () => boolean;
  readonly killed: (name: string) => void;
}

const LOOK_MS = 50;

/** Ends a life that its faults do not end. */
async function lifeLane(
  one: Supervised,
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

const deathsOf = ({ starts }: Supervised): number => Math.max(0, starts - 1);
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
    strikes,
    city,
  }: {
    isEnough: () => boolean;
    total: () => number;
    strikes: () => Strikes;
    city: City;
  },
): Promise<void> {
  for (let ms = 0; !isEnough(); ms += LOOK_MS) {
    await pause(LOOK_MS);
    if (ms % REPORT_MS === 0)
      say(
        `${total()} kills, ${city.taken().size} receptions taken, ${city.sent.length} packets sent; hits ${FAULT_STEPS.map((step) => hitsOf(strikes(), step)).join(" ")}`,
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
const DIFFERENCES_MAX = 40;

/** And how many receptions a gateway decoded before all of them had come over the line. */
export type SettledComparison = Comparison & { readonly partial: number };

/** Nobody sends any more and nobody dies any more: all that was taken must arrive. */
export async function settleAndCompare(
  city: City,
  say: (text: string) => void,
): Promise<SettledComparison> {
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
  const modems = compareWithModems(taken, city.modemLogs);
  const differences = [
    ...comparison.differences,
    ...modems.differences.slice(0, DIFFERENCES_MAX),
    ...blindSpots(oracle, stored),
  ];
  return { ...comparison, partial: modems.partial, differences };
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

const between = (
  random: Random,
  range: { readonly least: number; readonly most: number },
): number => range.least + randomInteger(random, range.most - range.least);
