import type { Breather } from "../../base/breather.ts";
import { inBreaths } from "./alert-judge.ts";
import { type CompiledRule, ruleSetOf } from "./compiled-rule.ts";
import {
  type DeviceState,
  type EngineDevice,
  type JudgedReport,
  NEW_DEVICE,
  type RuleEffect,
  reportTurns,
  timeTurns,
} from "./engine.ts";

/** A device's past through one rule, with breaths, so that nobody else waits for it. Reports come in order. */
export function createTrial(rule: CompiledRule, device: EngineDevice, breathe: Breather) {
  const set = ruleSetOf([rule]);
  let state: DeviceState = NEW_DEVICE;
  const last = new Map<string, { raised: RuleEffect; last: RuleEffect }>();
  const toldMs: number[] = [];
  const take = (effects: readonly RuleEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind === "raised" || effect.kind === "repeated") toldMs.push(effect.atMs);
      const raised = last.get(effect.alarm.id)?.raised ?? effect;
      last.set(effect.alarm.id, { raised, last: effect });
    }
  };
  return {
    async take(report: JudgedReport): Promise<void> {
      const step = await inBreaths(breathe, reportTurns(set, device, state, report));
      state = step.state;
      take(step.effects);
    },
    /** Each alarm by how it was raised and what became of it, and when people would have been told. */
    async end(atMs: number): Promise<Trial> {
      take((await inBreaths(breathe, timeTurns(set, device, state, atMs))).effects);
      return { alarms: [...last.values()], toldMs };
    },
  };
}

export interface Trial {
  readonly alarms: readonly { readonly raised: RuleEffect; readonly last: RuleEffect }[];
  /** In order, in ms since the Unix epoch. */
  readonly toldMs: readonly number[];
}
