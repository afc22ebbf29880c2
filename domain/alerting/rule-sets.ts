import { type CompiledRule, compileRule, type RuleSet, ruleSetOf } from "./compiled-rule.ts";
import { type AlertProfile, ruleFieldsOf } from "./default-rules.ts";
import type { Rule } from "./rule.ts";

/** All rules in force, by the device type that they are for. */
export interface RuleSets {
  of(profile: string): RuleSet;
  profile(name: string): AlertProfile | undefined;
}

const NO_RULES: RuleSet = ruleSetOf([]);

/**
 * Compiles what is in force. A rule that no longer fits its profile (a field is gone) is left out for that profile
 * and told to `refused`.
 */
export function compileRuleSets(
  profiles: ReadonlyMap<string, AlertProfile>,
  rules: readonly Rule[],
  refused: (ruleId: string, problem: string) => void,
): RuleSets {
  const sets = new Map<string, RuleSet>();
  for (const [name, profile] of profiles) {
    const fields = ruleFieldsOf(profile);
    const own = rules
      .filter(({ spec }) => spec.scope.profiles.includes(name))
      .flatMap((rule): CompiledRule[] => {
        const compiled = compileRule(rule, fields);
        if (compiled.ok) return [compiled.rule];
        refused(rule.id, compiled.problems[0]?.message ?? "");
        return [];
      });
    sets.set(name, ruleSetOf(own));
  }
  return {
    of: (profile) => sets.get(profile) ?? NO_RULES,
    profile: (name) => profiles.get(name),
  };
}
