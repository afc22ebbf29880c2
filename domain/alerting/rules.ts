import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { RuleProblem } from "./compiled-rule.ts";
import type { Card } from "./explanation.ts";
import type { Rule, RuleSpec, Severity, SignalKind } from "./rule.ts";
import type { WhyNot } from "./why-not.ts";

/** A rule as people see it. */
export interface StoredRule extends Rule {
  readonly origin: "profile" | "operator";
  /** Whose own rule it is; null: the operator's. */
  readonly customerId: string | null;
  readonly isEnabled: boolean;
  readonly isEdited: boolean;
  readonly changedAt: Date;
  /** It raises nothing any more and can only be read; null: in force. */
  readonly retiredAt: Date | null;
}

/** A rule with what is wrong with it today, although it was right when it was saved. */
export interface ReadRule extends StoredRule {
  /** Not empty: it is not judged for these device types. Empty for a retired one, too. */
  readonly problems: readonly RuleProblem[];
}

export interface RuleVersion {
  readonly version: number;
  readonly spec: RuleSpec;
  readonly at: Date;
  readonly byName: string;
}

export type SavedRule =
  | { readonly ok: true; readonly rule: ReadRule }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

export interface RuleDetail extends ReadRule {
  readonly versions: readonly RuleVersion[];
}

export const RULE_SORTS = ["title", "severity", "changed"] as const;
export type RuleSort = (typeof RULE_SORTS)[number];

export interface RuleFilter {
  /** A part of a title in either language, or of the id. */
  readonly search?: string | undefined;
  readonly kind?: SignalKind | undefined;
  readonly severity?: Severity | undefined;
  /** Rules for this device type, among others perhaps. */
  readonly profile?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly origin?: "profile" | "operator" | undefined;
  /** Those that are retired, in place of those in force. */
  readonly retired?: boolean | undefined;
}

export interface RuleQuery extends RuleFilter {
  readonly reach: Reach;
  readonly sort: RuleSort;
  /** The last of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface RulePage {
  readonly items: readonly ReadRule[];
  readonly next: string | undefined;
  /** How many match, over all pages. */
  readonly total: number;
}

/** A terminal in the order in which a trial goes through them: the profiles as the scope has them, in each by address. */
export interface TrialPlace {
  readonly profile: string;
  readonly address: number;
}

/** A rule tried on the past. Times are ms since the Unix epoch. */
export interface BacktestQuery {
  readonly spec: RuleSpec;
  readonly fromMs: number;
  readonly toMs: number;
  /** One terminal alone; else all in the rule's scope. */
  readonly address?: number | undefined;
  /** Goes on behind this one. */
  readonly after?: TrialPlace | undefined;
  /** At most so many terminals in this call. */
  readonly terminalsMax: number;
}

export interface BacktestAlarm {
  readonly address: number;
  readonly terminalName: string;
  readonly openedMs: number;
  readonly clearedMs: number | null;
  readonly repeats: number;
  readonly card: Card;
}

export interface BacktestTerminal {
  readonly address: number;
  readonly name: string;
  readonly told: number;
}

export interface Backtest {
  /** Terminals gone through in this call, those without any report among them. */
  readonly looked: number;
  /** How many there are to go through, over all calls. */
  readonly ofTerminals: number;
  /** Those that reported. */
  readonly terminals: number;
  readonly reports: number;
  /** How many alarms it would have raised. Nobody acknowledges in a trial: what comes back is the same alarm. */
  readonly raised: number;
  /** How often people would have been told: an alarm was raised, or came back. */
  readonly told: number;
  /** The newest of them. */
  readonly alarms: readonly BacktestAlarm[];
  /** Those of which people would have been told. */
  readonly byTerminal: readonly BacktestTerminal[];
  /** By full hours of UTC, in order; hours without anything to tell are left out. */
  readonly byHour: readonly { readonly atMs: number; readonly told: number }[];
  /** A terminal had more past than is looked at. */
  readonly isCut: boolean;
  /** Where the next call goes on; undefined: all were looked at. */
  readonly next: TrialPlace | undefined;
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

/**
 * So many rules there may be beside those of the device types: of the operator's own, of a customer's own, and of other
 * customers' own that name one customer. So nobody can use up what another one may have. `allCustomers`: of all customers
 * together, each counted once a device type, because each takes up to 40 kB of whoever judges for each of them.
 */
export const RULES_MAX = {
  ...{ operator: 200, customer: 100, others: 200 },
  allCustomers: 20_000,
} as const;

export interface AlertRules {
  /** The operator's rules that concern whoever asks, and their own. */
  list(query: RuleQuery): Promise<RulePage>;
  find(id: string, reach: Reach): Promise<RuleDetail | undefined>;
  /** What is wrong with it, if anything; nothing is saved. */
  check(spec: RuleSpec): readonly RuleProblem[];
  /**
   * `customerId`: whose own rule it is. Throws a NotFoundError for a scope out of reach, and a ConflictError when that one
   * has RULES_MAX already, others have for a customer whom it names, or all have together.
   */
  create(spec: RuleSpec, act: Act, reach: Reach, customerId: string | null): Promise<SavedRule>;
  /**
   * A new version. Throws a StaleError when it was made from another one, and a ConflictError when others have RULES_MAX
   * already for a customer whom it names now, or all have together for the device types that it names now.
   */
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
