import { compileCondition } from "../alerting/condition.ts";
import type { DeviceFacts, Envelope } from "./envelope.ts";

/** Immobilise, as the vehicle's profile has it. */
export const STANDS_STILL: Envelope = {
  safetyClass: "dangerous",
  preconditions: [
    {
      condition: standsStill(),
      maxAgeS: 120,
      label: { en: "stands still", "zh-CN": "车辆静止" },
    },
  ],
  place: null,
};

function standsStill() {
  const compiled = compileCondition(
    "speed < 5.0",
    new Map([["speed", { name: "speed", kind: "uint" as const }]]),
  );
  if (!compiled.ok) throw new Error("the condition compiles");
  return compiled.condition;
}

export const vehicleAt = (speed: number | null, measuredAtMs: number): DeviceFacts => ({
  lifeCycle: "active",
  values: { speed: { value: speed, measuredAtMs } },
  position: { latitude: 31.2, longitude: 121.4, measuredAtMs },
});
