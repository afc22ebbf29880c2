import { compileRule, ruleSetOf } from "../../domain/alerting/compiled-rule.ts";
import { defaultRules, ruleFieldsOf } from "../../domain/alerting/default-rules.ts";
import {
  type DeviceState,
  type EngineDevice,
  type JudgedReport,
  NEW_DEVICE,
  stepReport,
} from "../../domain/alerting/engine.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { alertingBurst, alertingBurstEmbedded } from "./alerting-burst.ts";
import { alertingLoop } from "./alerting-loop.ts";
import { type Figure, rounded } from "./figure.ts";

const TERMINALS = 1_000_000;
const RULES = ["panic", "overspeed", "engine-fault", "battery-low", "silent"];
const START_MS = Date.UTC(2026, 0, 1);

/** Every terminal reports twice; now and then one drives too fast or has a fault. */
function millionTerminals(): readonly Figure[] {
  const profile = loadProfiles("profiles").byName.get("vehicle");
  if (!profile) throw new Error("there is no profile vehicle");
  const fields = ruleFieldsOf(profile);
  const wanted = new Set(RULES.map((key) => `vehicle.${key}`));
  const set = ruleSetOf(
    defaultRules(profile).flatMap((rule) => {
      const compiled = compileRule({ ...rule, version: 1 }, fields);
      return wanted.has(rule.id) && compiled.ok ? [compiled.rule] : [];
    }),
  );
  const context = {
    profile: "vehicle",
    customerId: "c1",
    assetId: "a1",
    groups: [],
    timeZone: "UTC",
  };
  const deviceOf = (address: number): EngineDevice => ({ address, isDrill: false, context });
  const states = Array.from<undefined, DeviceState>({ length: TERMINALS }, () => NEW_DEVICE);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  let raised = 0;
  const startedMs = performance.now();
  for (let round = 0; round < 2; round++) {
    for (let address = 0; address < TERMINALS; address++) {
      const step = stepReport(
        set,
        deviceOf(address),
        states[address] ?? NEW_DEVICE,
        reportOf(address, round),
      );
      states[address] = step.state;
      raised += step.effects.length;
    }
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - heapBefore) / states.length; // which keeps them until here
  const note = `${TERMINALS} terminals × ${RULES.length} rules, ${raised} effects with their explanations; one thread`;
  return [
    {
      ...{ name: "alerting.rules_1m", unit: "packets/s", note },
      value: rounded((2 * TERMINALS) / seconds),
    },
    {
      ...{ name: "alerting.rules_1m_memory", unit: "bytes/terminal" },
      value: rounded(bytes),
      note: "kept in the heap; run node with --expose-gc for the figure without garbage",
    },
  ];
}

function reportOf(address: number, round: number): JudgedReport {
  return {
    packetId: "1",
    atMs: START_MS + round * 60_000 + (address % 1_000),
    tailNs: 0,
    readings: {
      speed: address % 997 === 0 ? 130 : 50,
      ignition: true,
      battery: 12.6,
      faultCode: address % 4_999 === 0 ? 769 : 0,
      panic: false,
    },
    fix: undefined,
  };
}

export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const engine = ["alerting.rules_1m", "alerting.rules_1m_memory"].some(isWanted);
  return [
    ...(engine ? millionTerminals() : []),
    ...(isWanted("alerting.to_queued_p99_ms") ? [await alertingBurst()] : []),
    ...(isWanted("alerting.loop_held_max_ms") ? [await alertingLoop()] : []),
    ...(isWanted("alerting.to_queued_embedded_p99_ms") ? [await alertingBurstEmbedded()] : []),
  ];
}
