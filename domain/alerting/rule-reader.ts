import type { RuleProblem } from "./compiled-rule.ts";
import type { AlertRules, ReadRule, StoredRule } from "./rules.ts";

/** As many as there may be rules at all, and some: of nearly each it is an empty list that is kept. */
const KEPT_MAX = 50_000;

/** Adds what is wrong with a rule today. `problems`: where they have been found out already. */
export type RuleReader = <T extends StoredRule>(
  rule: T,
  problems?: readonly RuleProblem[],
) => T & Pick<ReadRule, "problems">;

/**
 * What was allowed when it was saved may be refused today, and its device type may have another field. Each version is
 * checked once: one with a polygon of many corners takes milliseconds, and a page has 500.
 */
export function createRuleReader(check: AlertRules["check"]): RuleReader {
  const kept = new Map<string, Pick<ReadRule, "version" | "problems">>();
  return (rule, found) => {
    if (rule.retiredAt !== null) return { ...rule, problems: [] };
    const { id, version, spec } = rule;
    const before = kept.get(id);
    if (before?.version === version) return { ...rule, problems: before.problems };
    const problems = found ?? check(spec);
    kept.set(id, { version, problems });
    const [oldest] = kept.size > KEPT_MAX ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return { ...rule, problems };
  };
}
