import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Month } from "./calendar.ts";
import type { InvoiceLine } from "./draft.ts";
import type { SpendRules, SpendTotals } from "./spend.ts";

export interface StoredSpendRules extends SpendRules {
  /** 0: there are none. */
  readonly version: number;
}

/** What is not invoiced yet, by the rules that the close of the month goes by. */
export interface RunningSpend extends SpendTotals {
  readonly customerId: string;
  readonly month: Month;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  /** Why a close would park the account now, its bound aside; the lines of that month are not known then. */
  readonly parked: string | null;
  readonly isWalletEmpty: boolean;
  readonly isQuotaUsedUp: boolean;
}

export interface Spending {
  rules(customerId: string, reach: Reach): Promise<StoredSpendRules | undefined>;
  putRules(
    at: { readonly customerId: string; readonly version: number | undefined },
    rules: SpendRules,
    act: Act,
  ): Promise<StoredSpendRules>;
  /** As of what is stored now; undefined where there is no account. */
  running(customerId: string, reach: Reach, nowMs: number): Promise<RunningSpend | undefined>;
  /** Tells, stops and lets go on where usage or payments have come since the last look. */
  watch(nowMs: number): Promise<number>;
}
