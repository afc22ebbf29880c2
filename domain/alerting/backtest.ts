import { type CompiledRule, ruleSetOf } from "./compiled-rule.ts";
import {
  type DeviceState,
  type EngineDevice,
  type JudgedReport,
  NEW_DEVICE,
  type RuleEffect,
  stepReport,
  stepTime,
} from "./engine.ts";

/** A device's past through one rule, a slice at a time, so that nobody else waits for it. Reports come in order. */
export function createTrial(rule: CompiledRule, device: EngineDevice) {
  const set = ruleSetOf([rule]);
  let state: DeviceState = NEW_DEVICE;
  const last = new Map<string, { raised: RuleEffect; last: RuleEffect }>();
  const take = (effects: readonly RuleEffect[]): void => {
    for (const effect of effects) {
      const raised = last.get(effect.alarm.id)?.raised ?? effect;
      last.set(effect.alarm.id, { raised, last: effect });
    }
  };
  return {
    take(report: JudgedReport): void {
      const step = stepReport(set, device, state, report);
      state = step.state;
      take(step.effects);
    },
    /** Each alarm by how it was raised and what became of it. */
    end(atMs: number) {
      take(stepTime(set, device, state, atMs).effects);
      return [...last.values()];
    },
  };
}
