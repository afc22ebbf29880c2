import { type Breather, createBreather } from "../../base/breather.ts";
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

/** A rule before what it says is read. */
export type RuleHead = Pick<Rule, "id" | "version">;

/** Compiles what is in force; `load` is asked for the rules that were not compiled before, by their ids. */
export type RuleCompiler = (
  heads: readonly RuleHead[],
  load: (ids: readonly string[]) => Promise<readonly Rule[]>,
) => Promise<RuleSets>;

/** A version of a rule for each device type that it fits. */
interface CompiledVersion {
  readonly version: number;
  readonly byProfile: ReadonlyMap<string, CompiledRule>;
}

const NO_RULES: RuleSet = ruleSetOf([]);
/** A rule may have a shape of 30 kB: all of them at once would hold the process while they are read. */
const RULES_AT_ONCE = 50;

/**
 * Compiles each version of a rule once, with breaths: a shape of many corners takes milliseconds. A rule that no longer fits
 * its profile (a field is gone) is left out for that profile and told to `refused`.
 */
export function createRuleCompiler(
  profiles: ReadonlyMap<string, AlertProfile>,
  refused: (ruleId: string, problem: string) => void,
): RuleCompiler {
  const fields = new Map([...profiles].map(([name, profile]) => [name, ruleFieldsOf(profile)]));
  let known = new Map<string, CompiledVersion>();
  return async (heads, load) => {
    const breathe = createBreather();
    const compiled = new Map<string, CompiledVersion>();
    const missing: string[] = [];
    for (const { id, version } of heads) {
      const before = known.get(id);
      if (before?.version === version) compiled.set(id, before);
      else missing.push(id);
    }
    for (let at = 0; at < missing.length; at += RULES_AT_ONCE)
      for (const rule of await load(missing.slice(at, at + RULES_AT_ONCE))) {
        const byProfile = await compileFor(rule, { fields, refused, breathe });
        const one = { version: rule.version, byProfile };
        compiled.set(rule.id, one);
        known.set(rule.id, one); // also when a later part cannot be read
      }
    known = compiled; // what is in force no more is forgotten
    return setsOf(profiles, heads, compiled);
  };
}

interface Compiling {
  readonly fields: ReadonlyMap<string, RuleFields>;
  readonly refused: (ruleId: string, problem: string) => void;
  readonly breathe: Breather;
}

async function compileFor(
  rule: Rule,
  { fields, refused, breathe }: Compiling,
): Promise<ReadonlyMap<string, CompiledRule>> {
  const byProfile = new Map<string, CompiledRule>();
  for (const profile of new Set(rule.spec.scope.profiles)) {
    const own = fields.get(profile);
    if (!own) continue;
    const pause = breathe();
    if (pause) await pause;
    const result = compileRule(rule, own);
    if (result.ok) byProfile.set(profile, result.rule);
    else refused(rule.id, result.problems[0]?.message ?? "");
  }
  return byProfile;
}

function setsOf(
  profiles: ReadonlyMap<string, AlertProfile>,
  heads: readonly RuleHead[],
  compiled: ReadonlyMap<string, CompiledVersion>,
): RuleSets {
  const byProfile = new Map([...profiles.keys()].map((name) => [name, [] as CompiledRule[]]));
  for (const { id } of heads)
    for (const [profile, rule] of compiled.get(id)?.byProfile ?? [])
      byProfile.get(profile)?.push(rule);
  const sets = new Map([...byProfile].map(([name, own]) => [name, ruleSetOf(own)]));
  return {
    of: (profile) => sets.get(profile) ?? NO_RULES,
    profile: (name) => profiles.get(name),
  };
}
