import { expect, it } from "vitest";
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
  judgeAgain,
  NEW_DEVICE,
} from "../domain/alerting/engine.ts";
import { type Behaviour, perform } from "../firmware-sim/behaviours/behaviour.ts";
import { playsFor } from "../firmware-sim/behaviours/play.ts";
import { createCity, createFleet } from "../firmware-sim/fleet.ts";
import { NOON_NS, profiles } from "../firmware-sim/test-simulation.ts";

const START_MS = Number(NOON_NS / 1_000_000n);
const TEN_MINUTES_MS = 600_000;
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

function raisedBy(
  set: RuleSet,
  device: EngineDevice,
  told: ReturnType<Behaviour["liveTo"]>,
): readonly string[] {
  const inputs = told.map(({ atMs, report: { values } }, at): EngineInput => {
    const { latitude, longitude } = values;
    const isPlaced = typeof latitude === "number" && typeof longitude === "number";
    const fix = isPlaced ? { latitude, longitude } : undefined;
    const report = { packetId: String(at), atMs, tailNs: at, readings: values, fix };
    return { kind: "report", report };
  });
  const past = { inputs, horizonMs: START_MS + TEN_MINUTES_MS };
  return judgeAgain(set, device, NEW_DEVICE, past)
    .effects.filter(({ kind }) => kind === "raised")
    .map(({ rule }) => rule.id);
}

/** What the fleet of the demonstration raises in its first ten minutes, without the radio. */
function raisedInTenMinutes(): ReadonlyMap<string, readonly string[]> {
  const raised = new Map<string, string[]>();
  for (const terminal of fleet) {
    const profile = profiles.byName.get(terminal.profile);
    const set = SETS.get(terminal.profile);
    if (!profile || !set) throw new Error(`${terminal.profile} does not exist`);
    const random = seededRandom(`${SEED} ${terminal.address}`);
    const told = perform(PLAYS[terminal.profile], {
      ...{ ...city, terminal, random, memory: {}, startMs: START_MS },
    }).liveTo(START_MS + TEN_MINUTES_MS);
    const context = { profile: terminal.profile, customerId: null, assetId: null, groups: [] };
    const device: EngineDevice = {
      ...{ address: terminal.address, isDrill: false },
      context: { ...context, timeZone: "Asia/Shanghai" },
    };
    const effects = raisedBy(set, device, told);
    for (const id of effects)
      raised.set(id, [...(raised.get(id) ?? []), `${terminal.profile} ${terminal.seat}`]);
  }
  return raised;
}

it("shows the default rules within ten minutes, and no more than what happens", () => {
  const raised = raisedInTenMinutes();
  const stories = {
    "vehicle.assistance": "vehicle 0",
    "vehicle.engine-fault": "vehicle 0",
    "vehicle.tamper": "vehicle 1",
    "vehicle.tow": "vehicle 1",
    "vehicle.moved-while-parked": "vehicle 1",
    "vehicle.panic": "vehicle 2",
    "elevator.trapped": "elevator 0",
    "home-alarm.entry-delay": "home-alarm 0",
    "home-alarm.intrusion": "home-alarm 0",
  };
  for (const [rule, terminal] of Object.entries(stories))
    expect(raised.get(rule), rule).toEqual([terminal]); // and nobody else: drift and driving are not theft
  expect(raised.has("bus.gap")).toBe(true);
  expect(raised.has("payment.day-total-mismatch")).toBe(false);
});
