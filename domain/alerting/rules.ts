import type { RuleProblem } from "./compiled-rule.ts";
import type { Rule, RuleSpec } from "./rule.ts";

/** A rule as people see it. */
export interface StoredRule extends Rule {
  readonly origin: "profile" | "operator";
  /** Whose own rule it is; null: the operator's. */
  readonly customerId: string | null;
  readonly isEnabled: boolean;
  readonly isEdited: boolean;
  readonly changedAt: Date;
}

export interface RuleVersion {
  readonly version: number;
  readonly spec: RuleSpec;
  readonly at: Date;
  readonly byName: string;
}

export type SavedRule =
  | { readonly ok: true; readonly rule: StoredRule }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

/** Whoever changes a rule or an alarm. */
export interface Doer {
  readonly id: string;
  readonly name: string;
}
