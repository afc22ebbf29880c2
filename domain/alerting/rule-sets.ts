import { createBreather } from "../../base/breather.ts";
import {
  type CompiledRule,
  compileRule,
  type RuleFields,
  type RuleSet,
  ruleSetOf,
} from "./compiled-rule.ts";
import { type AlertProfile, ruleFieldsOf } from "./default-rules.ts";
import type { Rule } from "./rule.ts";

/** All rules in force, by the device type that they are for. */
export interface RuleSets {
  of(profile: string): RuleSet;
  profile(name: string): AlertProfile | undefined;
}

const NO_RULES: RuleSet = ruleSetOf([]);

/**
 * Compiles what is in force, each version of a rule once, with breaths: a shape of many corners takes milliseconds. A rule
 * that no longer fits its profile (a field is gone) is left out for that profile and told to `refused`.
 */
export function createRuleCompiler(
  profiles: ReadonlyMap<string, AlertProfile>,
  refused: (ruleId: string, problem: string) => void,
): (rules: readonly Rule[]) => Promise<RuleSets> {
  const fields = new Map([...profiles].map(([name, profile]) => [name, ruleFieldsOf(profile)]));
  let known = new Map<string, CompiledRule | undefined>();
  return async (rules) => {
    const breathe = createBreather();
    const compiled = new Map<string, CompiledRule | undefined>();
    const byProfile = new Map([...profiles.keys()].map((name) => [name, [] as CompiledRule[]]));
    for (const rule of rules) {
      for (const profile of new Set(rule.spec.scope.profiles)) {
        const own = byProfile.get(profile);
        if (!own) continue;
        const pause = breathe();
        if (pause) await pause;
        const key = `${profile} ${rule.version} ${rule.id}`;
        const one = known.has(key)
          ? known.get(key)
          : compiledFor(rule, fields.get(profile), refused);
        compiled.set(key, one);
        if (one) own.push(one);
      }
    }
    known = compiled; // what is in force no more is forgotten
    const sets = new Map([...byProfile].map(([name, own]) => [name, ruleSetOf(own)]));
    return {
      of: (profile) => sets.get(profile) ?? NO_RULES,
      profile: (name) => profiles.get(name),
    };
  };
}

function compiledFor(
  rule: Rule,
  fields: RuleFields | undefined,
  refused: (ruleId: string, problem: string) => void,
): CompiledRule | undefined {
  const compiled = fields && compileRule(rule, fields);
  if (compiled?.ok === true) return compiled.rule;
  refused(rule.id, compiled?.problems[0]?.message ?? "");
  return undefined;
}
