import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import {
  type CompiledRule,
  compileRule,
  type RuleSet,
  ruleSetOf,
} from "../domain/alerting/compiled-rule.ts";
import { defaultRules, ruleFieldsOf } from "../domain/alerting/default-rules.ts";
import {
  type EngineDevice,
  type EngineInput,
  type JudgedReport,
  judgeAgain,
  NEW_DEVICE,
} from "../domain/alerting/engine.ts";
import { metresBetween } from "../domain/alerting/geometry.ts";
import type { Profile } from "../domain/devices/profile.ts";
import { perform, type SimReport } from "../firmware-sim/behaviours/behaviour.ts";
import { playsFor } from "../firmware-sim/behaviours/play.ts";
import { createCity, createFleet, type SimTerminal } from "../firmware-sim/fleet.ts";
import { encodeSimReport } from "../firmware-sim/reports.ts";
import { NOON_NS, profiles } from "../firmware-sim/test-simulation.ts";
import { readReport } from "../network/report.ts";

const START_MS = Number(NOON_NS / 1_000_000n);
const TEN_MINUTES_MS = 600_000;
const WEEK_MS = 7 * 86_400_000;
const SEED = "hopline";
const city = createCity(SEED, 200);
const fleet = createFleet(SEED, 200, city);
const PLAYS = playsFor(30);

const SETS = new Map(
  [...profiles.byName].map(([name, profile]) => {
    const fields = ruleFieldsOf(profile);
    const rules = defaultRules(profile).map((rule): CompiledRule => {
      const compiled = compileRule({ ...rule, version: 1 }, fields);
      if (!compiled.ok) throw new Error(`${rule.id}: ${JSON.stringify(compiled.problems)}`);
      return compiled.rule;
    });
    return [name, ruleSetOf(rules)] as const;
  }),
);

interface Life {
  readonly reports: readonly JudgedReport[];
  /** `vehicle.tow raised` and what else its rules did. */
  readonly done: readonly string[];
}

/** What one terminal says and what its rules make of it, through the very bits of its reports, without the radio. */
function lifeOf(terminal: SimTerminal, untilMs: number, stepMs: number): Life {
  const profile = profiles.byName.get(terminal.profile);
  const set = SETS.get(terminal.profile);
  if (!profile || !set) throw new Error(`${terminal.profile} does not exist`);
  const random = seededRandom(`${SEED} ${terminal.address}`);
  const setting = { ...city, terminal, random, memory: {}, startMs: START_MS };
  const behaviour = perform(PLAYS[terminal.profile], setting);
  const reports: JudgedReport[] = [];
  for (let ms = START_MS; ms <= untilMs; ms += stepMs) {
    for (const { atMs, report } of behaviour.liveTo(ms))
      if (behaviour.covered()) reports.push(judgedOf(profile, report, atMs, reports.length));
  }
  return { reports, done: doneBy(set, terminal, reports, untilMs) };
}

function judgedOf(profile: Profile, told: SimReport, atMs: number, at: number): JudgedReport {
  const read = readReport(encodeSimReport(profile, told, 0).plaintext, profile);
  if (!read.ok) throw new Error(`${profile.name} ${told.name}: ${read.fault}`);
  const { readings } = read.report;
  const { latitude, longitude } = readings;
  const isPlaced = typeof latitude === "number" && typeof longitude === "number";
  const fix = isPlaced ? { latitude, longitude } : undefined;
  return { packetId: String(at), atMs, tailNs: at, readings, fix };
}

function doneBy(
  set: RuleSet,
  { profile, address }: SimTerminal,
  reports: readonly JudgedReport[],
  horizonMs: number,
): readonly string[] {
  const context = { profile, customerId: null, assetId: null, groups: [] };
  const device: EngineDevice = {
    ...{ address, isDrill: false },
    context: { ...context, timeZone: "Asia/Shanghai" },
  };
  const inputs = reports.map((report): EngineInput => ({ kind: "report", report }));
  return judgeAgain(set, device, NEW_DEVICE, { inputs, horizonMs }).effects.map(
    ({ rule, kind }) => `${rule.id} ${kind}`,
  );
}

const nameOf = ({ profile, seat }: SimTerminal): string => `${profile} ${seat}`;
const lives = new Map(
  fleet.map((one) => [nameOf(one), lifeOf(one, START_MS + TEN_MINUTES_MS, 1_000)]),
);
const lived = (name: string): Life => lives.get(name) ?? { reports: [], done: [] };

/** By what a rule did: who made it. */
function whoBy(): ReadonlyMap<string, readonly string[]> {
  const who = new Map<string, string[]>();
  for (const [name, { done }] of lives)
    for (const one of new Set(done)) who.set(one, [...(who.get(one) ?? []), name]);
  return who;
}

describe("the first ten minutes of a demonstration", () => {
  const who = whoBy();

  // and nobody else: drift, driving, a lamp that is off and a siren that is tested are nothing
  it.each([
    ["vehicle.assistance raised", ["vehicle 0"]],
    ["vehicle.engine-fault raised", ["vehicle 0"]],
    ["vehicle.tamper raised", ["vehicle 1"]],
    ["vehicle.tow raised", ["vehicle 1"]],
    ["vehicle.moved-while-parked raised", ["vehicle 1"]],
    ["vehicle.panic raised", ["vehicle 2"]],
    ["vehicle.antenna-cut raised", ["vehicle 3"]],
    ["elevator.trapped raised", ["elevator 0"]],
    ["elevator.trapped overdue", ["elevator 0"]],
    ["streetlight.dark raised", ["streetlight 1"]],
    ["groundwater.level-jump raised", ["groundwater 0"]],
    ["groundwater.level-trend raised", ["groundwater 0"]],
    ["siren.self-test-failed raised", ["siren 1"]],
    ["siren.self-test-partial raised", ["siren 1"]],
    ["siren.mains-lost raised", ["siren 1"]],
    ["home-alarm.entry-delay raised", ["home-alarm 0", "home-alarm 2", "home-alarm 3"]],
    ["home-alarm.intrusion raised", ["home-alarm 0"]],
    ["home-alarm.duress raised", ["home-alarm 1"]],
    ["home-alarm.entry-unheard raised", ["home-alarm 3"]],
    ["payment.day-total-mismatch raised", ["payment 0"]],
  ])("show %s", (what, by) => {
    expect(who.get(what)).toEqual(by);
  });

  it("show lamps that failed and buses that come too late, whatever else is on the way", () => {
    expect(who.get("streetlight.lamp-fault raised")).toContain("streetlight 0");
    expect(who.has("bus.gap raised")).toBe(true);
  });

  it("stay silent of what only looks like it", () => {
    const [first, ...fixes] = lived("vehicle 4").reports.flatMap(({ fix }) => (fix ? [fix] : []));
    const driftM = Math.max(...fixes.map((fix) => (first ? metresBetween(first, fix) : 0)));
    expect(driftM).toBeGreaterThan(40); // parked, and its fixes go for a walk
    expect(lived("vehicle 4").done).toEqual([]);

    const dimmed = lived("streetlight 2").reports.filter(({ readings }) => readings["on"] === true);
    expect(dimmed.length).toBeGreaterThan(1); // takes a tenth of what a lamp takes
    expect(lived("streetlight 2").done).toEqual([]);

    const dips = lived("siren 2").reports.filter(({ readings }) => readings["mains"] === false);
    expect(dips.length).toBeGreaterThan(0); // without mains, for two minutes
    expect(lived("siren 2").done).toEqual([]);

    expect(lived("home-alarm 2").done).toEqual([
      "home-alarm.entry-delay raised", // somebody comes home and disarms
      "home-alarm.entry-delay cleared",
    ]);
  });
});

it("a week of tides and rain is no trend of a well", () => {
  const well = fleet.filter(({ profile, seat }) => profile === "groundwater" && seat > 0);
  const levels = well.map((one) => lifeOf(one, START_MS + WEEK_MS, 600_000));
  const spans = levels.map(({ reports }) => {
    const all = reports.flatMap(({ readings }) => Number(readings["level"] ?? []));
    return Math.max(...all) - Math.min(...all);
  });
  expect(Math.max(...spans)).toBeGreaterThan(0.3);
  expect(levels.flatMap(({ done }) => done).filter((one) => /trend/.test(one))).toEqual([]);
});
