import { type CompiledRule, compileRule, type RuleFields, ruleSetOf } from "./compiled-rule.ts";
import type { EngineDevice, JudgedReport } from "./engine.ts";
import type { RuleSpec, Signal } from "./rule.ts";

export const FIELDS: RuleFields = new Map(
  (
    [
      { name: "speed", kind: "uint" },
      { name: "ignition", kind: "bool" },
      { name: "panic", kind: "bool" },
      { name: "mode", kind: "enum", values: ["eco", "sport"] },
    ] as const
  ).map((field) => [field.name, field]),
);

export const DEVICE: EngineDevice = {
  address: 5,
  isDrill: false,
  context: {
    profile: "scooter",
    customerId: "c1",
    assetId: "a1",
    groups: [],
    timeZone: "Asia/Shanghai",
  },
};

export function spec(signal: Signal, over: Partial<RuleSpec> = {}): RuleSpec {
  return {
    title: { en: "x", "zh-CN": "某" },
    severity: "minor",
    scope: { profiles: ["scooter"] },
    signal,
    holdS: 0,
    ...over,
  };
}

export function rule(id: string, signal: Signal, over: Partial<RuleSpec> = {}): CompiledRule {
  const compiled = compileRule({ id, version: 1, spec: spec(signal, over) }, FIELDS);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.rule;
}

/** 1 January 2026, noon in Shanghai. */
export const T0 = Date.UTC(2026, 0, 1, 4);

export function report(
  seconds: number,
  readings: JudgedReport["readings"] = {},
  fix?: JudgedReport["fix"],
): JudgedReport {
  return { packetId: `${seconds}`, atMs: T0 + seconds * 1_000, tailNs: 0, readings, fix };
}

export const EVERY_KIND = ruleSetOf([
  rule("panic", { kind: "condition", condition: "panic" }, { respondS: 50 }),
  rule(
    "fast",
    { kind: "condition", condition: "speed > 80.0", clear: "speed < 70.0" },
    { holdS: 20, clearHoldS: 15, flap: { count: 3, withinS: 120 } },
  ),
  rule("jerk", { kind: "condition", condition: "speed - previous.speed > 30.0 && sinceS < 60.0" }),
  rule("silent", { kind: "silence" }, { holdS: 30 }),
  rule("rise", { kind: "rate-of-change", field: "speed", change: 40, withinS: 60 }, { holdS: 5 }),
  rule(
    "night",
    { kind: "condition", condition: "ignition" },
    { holdS: 10, hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "12:01", to: "12:03" }] },
  ),
  rule("plan", {
    kind: "schedule",
    condition: "ignition",
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "12:02", to: "12:04" }],
    strict: true,
  }),
  rule("guard", {
    kind: "guard",
    parked: "ignition == false",
    disarmed: "ignition",
    armAfterS: 30,
    radiusM: 100,
  }),
  rule("yard", {
    kind: "geofence",
    area: { shape: "circle", centre: { latitude: 31.2, longitude: 121.4 }, radiusM: 300 },
    alarmWhen: "crossing",
  }),
]);
