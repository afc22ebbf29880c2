import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { BROKER_STEPS } from "../../broker/members.ts";
import { type City, type CityOptions, startCity } from "./city.ts";
import {
  FAULT_STEPS,
  type Fault,
  type FaultStep,
  GATEWAY_STEPS,
  isDrainStep,
  NETWORK_STEPS,
} from "./fault-points.ts";
import { type SettledComparison, settleAndCompare, untilTraffic } from "./settle.ts";
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
/** A step is the end only once it was reached so often at most: each life must move something on, too. */
const HITS_MAX = { network: 3, gateway: 8, broker: 40 };
const RANDOM_KILL_MS = { least: 2_000, most: 6_000 };

/** Kills, and kills again, until there were enough; then lets everything arrive and compares. */
export async function killAndCompare(options: KillOptions): Promise<KillReport> {
  const { seed, killsMin, hitsMin, say } = options;
  const random = seededRandom(`${seed} kills`);
  let log = "";
  let pidFileOf: (name: string) => string = () => "";
  let isOver = false;
  let stored = 0;
  const gates = new Map<string, Gate>();
  const strikes = (): Strikes => readStrikes(log);
  const hasAll = (steps: readonly FaultStep[]): boolean => {
    const now = strikes();
    return steps.every((step) => hitsOf(now, step) >= hitsMin);
  };
  const city = await startCity({
    ...options,
    faultsFor(name) {
      if (isOver || log === "") return [];
      const gateFile = path.join(path.dirname(log), `${name}.gate`);
      rmSync(gateFile, { force: true });
      gates.set(name, { gateFile, opensAt: stored + TRAFFIC });
      const source = { name, random, strikes: strikes(), log, gateFile, pidFileOf };
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
    const count = (now: number): void => {
      stored = now;
      for (const [name, { gateFile, opensAt }] of gates) {
        if (now < opensAt) continue;
        writeFileSync(gateFile, "");
        gates.delete(name);
      }
    };
    const campaign = { isEnough, killed, stored: () => stored };
    const lanes = [
      storedLane(city, { isEnough, count }),
      randomLane(city, random, campaign),
      reportLane(say, { ...campaign, total, strikes, city }),
    ];
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

/** Opens once so many receptions are stored: if broker and gateways died at once again, nothing would ever get through. */
interface Gate {
  readonly gateFile: string;
  readonly opensAt: number;
}

interface FaultSource {
  /** Of whom the faults are. */
  readonly name: string;
  readonly random: Random;
  readonly strikes: Strikes;
  readonly log: string;
  readonly gateFile: string;
  readonly pidFileOf: (name: string) => string;
}

function networkFaults(source: FaultSource): readonly Fault[] {
  return faults(source, NETWORK_STEPS, (step) => ({
    hitsMax: HITS_MAX.network,
    isGated: false, // its steps are what is stored
    othersShare: 0.25,
    others: isDrainStep(step) ? ["influx", "postgres"] : ["postgres", "broker"],
  }));
}

const gatewayFaults = (source: FaultSource): readonly Fault[] =>
  faults(source, GATEWAY_STEPS, () => ({
    hitsMax: HITS_MAX.gateway,
    isGated: true,
    othersShare: 0.2,
    others: ["broker"],
  }));

const brokerFaults = (source: FaultSource): readonly Fault[] =>
  faults(source, BROKER_STEPS, () => ({
    hitsMax: HITS_MAX.broker,
    isGated: true,
    othersShare: 0,
    others: [],
  }));

interface FaultPlan {
  readonly hitsMax: number;
  readonly isGated: boolean;
  /** How often another one than who comes to the step dies. */
  readonly othersShare: number;
  readonly others: readonly string[];
}

/** Steps that were hit least come first; of some it is another process that dies. */
function faults(
  { name, random, strikes, log, gateFile, pidFileOf }: FaultSource,
  steps: readonly FaultStep[],
  planOf: (step: FaultStep) => FaultPlan,
): readonly Fault[] {
  return Array.from({ length: FAULTS_A_LIFE }, (_, at) => {
    const step = rarest(steps, strikes, random);
    const { hitsMax, isGated, othersShare, others } = planOf(step);
    const isOther = random.next() < othersShare && at < FAULTS_A_LIFE - 1; // in the end it is itself
    const victim = (isOther ? others[randomInteger(random, others.length)] : undefined) ?? name;
    const hits = 1 + randomInteger(random, hitsMax);
    const gate = isGated ? { gateFile } : {};
    return { step, hits, victim, pidFile: pidFileOf(victim), logFile: log, ...gate };
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
  /** Receptions stored so far. */
  readonly stored: () => number;
}

const LOOK_MS = 50;
const STORED_LOOK_MS = 250;
/** So many receptions must be stored between two kills at random. */
const TRAFFIC = 15;
const TRAFFIC_WAIT_MS_MAX = 45_000;

/** Time passes, and packets come through: on a busy machine nobody would get anywhere between kills by the clock alone. */
async function pauseWithTraffic(ms: number, { isEnough, stored }: Campaign): Promise<void> {
  const storedBefore = stored();
  for (let waited = 0; !isEnough(); waited += LOOK_MS) {
    if (waited >= ms && stored() >= storedBefore + TRAFFIC) return;
    if (waited >= TRAFFIC_WAIT_MS_MAX) return;
    await pause(LOOK_MS);
  }
}

async function storedLane(
  { db }: City,
  {
    isEnough,
    count,
  }: { readonly isEnough: () => boolean; readonly count: (stored: number) => void },
): Promise<void> {
  while (!isEnough()) {
    await pause(STORED_LOOK_MS);
    const row = await db
      .selectFrom("reception")
      .select(db.fn.countAll<bigint>().as("stored"))
      .executeTakeFirst()
      .catch(() => undefined); // PostgreSQL is dead just now
    if (row) count(Number(row.stored));
  }
}

const deathsOf = ({ starts }: Supervised): number => Math.max(0, starts - 1);
const serversOf = ({ brokers, postgres, influx }: City) => [...brokers, postgres, influx];
/** The steps kill the others. */
const SERVER_SHARE = 0.7;

/** Anyone at any moment. */
async function randomLane(city: City, random: Random, campaign: Campaign): Promise<void> {
  const { isEnough, killed } = campaign;
  const victims = [...serversOf(city), ...city.gateways, ...city.networks];
  while (!isEnough()) {
    await pauseWithTraffic(between(random, RANDOM_KILL_MS), campaign);
    if (isEnough()) return;
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
    stored,
    total,
    strikes,
    city,
  }: {
    isEnough: () => boolean;
    stored: () => number;
    total: () => number;
    strikes: () => Strikes;
    city: City;
  },
): Promise<void> {
  for (let ms = 0; !isEnough(); ms += LOOK_MS) {
    await pause(LOOK_MS);
    if (ms % REPORT_MS === 0)
      say(
        `${total()} kills, ${city.taken().size} receptions taken, ${stored()} stored, ${city.sent.length} packets sent; hits ${FAULT_STEPS.map((step) => hitsOf(strikes(), step)).join(" ")}`,
      );
  }
}

const between = (
  random: Random,
  range: { readonly least: number; readonly most: number },
): number => range.least + randomInteger(random, range.most - range.least);
