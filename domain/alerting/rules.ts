import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { RuleProblem } from "./compiled-rule.ts";
import type { Card } from "./explanation.ts";
import type { Rule, RuleSpec } from "./rule.ts";
import type { WhyNot } from "./why-not.ts";

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

export interface RuleDetail extends StoredRule {
  readonly versions: readonly RuleVersion[];
}

/** A rule tried on the past. Times are ms since the Unix epoch. */
export interface BacktestQuery {
  readonly spec: RuleSpec;
  readonly fromMs: number;
  readonly toMs: number;
  /** One terminal alone; else all in the rule's scope. */
  readonly address?: number | undefined;
}

export interface BacktestAlarm {
  readonly address: number;
  readonly terminalName: string;
  readonly openedMs: number;
  readonly clearedMs: number | null;
  readonly repeats: number;
  readonly card: Card;
}

export interface Backtest {
  readonly terminals: number;
  readonly reports: number;
  /** How many alarms it would have raised. */
  readonly raised: number;
  /** The newest of them. */
  readonly alarms: readonly BacktestAlarm[];
  /** There was more past than is looked at in one go. */
  readonly isCut: boolean;
}

export type Tried =
  | { readonly ok: true; readonly backtest: Backtest }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

export const BACKTEST_LIMITS = {
  days: 31,
  terminals: 500,
  reports: 100_000,
  alarms: 200,
} as const;

export interface AlertRules {
  /** The operator's rules that concern whoever asks, and their own. */
  list(reach: Reach): Promise<readonly StoredRule[]>;
  find(id: string, reach: Reach): Promise<RuleDetail | undefined>;
  /** What is wrong with it, if anything; nothing is saved. */
  check(spec: RuleSpec): readonly RuleProblem[];
  /** `customerId`: whose own rule it is. Throws a NotFoundError for a scope out of reach. */
  create(spec: RuleSpec, act: Act, reach: Reach, customerId: string | null): Promise<SavedRule>;
  /** A new version; throws a StaleError when it was made from another one. */
  change(id: string, change: RuleChange, act: Act, reach: Reach): Promise<SavedRule>;
  /** Its open alarms are cleared; the rule and its versions are kept. */
  retire(id: string, act: Act, reach: Reach): Promise<void>;
  backtest(query: BacktestQuery, reach: Reach): Promise<Tried>;
  /** What the rule makes of a terminal now, and why it does not tell. */
  whyNot(id: string, address: number, reach: Reach): Promise<WhyNot>;
}

export interface RuleChange {
  readonly spec?: RuleSpec | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly version?: number | undefined;
}
