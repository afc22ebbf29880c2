import type { Act } from "../identity/audit.ts";
import type { Day } from "./calendar.ts";
import type { CreditFigures, Grade } from "./credit-grade.ts";
import type { Cut, Debt, DunningPolicy, DunningState, OutlookStep } from "./dunning.ts";
import type { Minor } from "./money.ts";
import type { ServiceClass } from "./plan.ts";

export interface StoredDunningPolicy extends DunningPolicy {
  readonly legalEntityId: string;
  /** 0: nobody has changed what holds by itself. */
  readonly version: number;
}

/** A customer's credit grade with what it follows from and what follows from it. */
export interface Credit extends CreditFigures {
  /** null: nothing was due yet. */
  readonly grade: Grade | null;
  readonly depositMonths: number;
}

/** Of the board: an account with anything overdue, or not yet back to step 0. */
export interface DunnedAccount extends DunningState {
  readonly customerId: string;
  readonly customerName: string;
  readonly currency: string;
  readonly grade: Grade | null;
  readonly debt: Debt | null;
  readonly heldReason: string | null;
  /** Nobody can be told, so nothing is cut. */
  readonly isReachable: boolean;
  /** What comes next while nothing is paid. */
  readonly next: OutlookStep | null;
}

export const DUNNING_EVENTS = ["step", "relax", "hold", "unreachable"] as const;
export interface DunningEvent {
  readonly at: Date;
  readonly kind: (typeof DUNNING_EVENTS)[number];
  readonly step: number;
  readonly overdue: Minor;
  /** The debit note of its fee. */
  readonly feeNoteId: string | null;
  readonly byName: string;
  readonly reason: string | null;
}

export interface DunnedTerminal {
  readonly address: number;
  readonly name: string;
  readonly serviceClass: ServiceClass;
  /** What it goes without now. */
  readonly cut: Cut;
  /** What it goes without after each step of the policy, in their order. */
  readonly cuts: readonly Cut[];
}

export interface DunningDetail extends DunnedAccount {
  readonly credit: Credit;
  readonly outlook: readonly OutlookStep[];
  readonly terminals: readonly DunnedTerminal[];
  /** The newest first. */
  readonly events: readonly DunningEvent[];
}

export interface Dunning {
  policy(legalEntityId: string): Promise<StoredDunningPolicy>;
  /** Throws an InvalidInputError that names the field. */
  putPolicy(
    at: { readonly legalEntityId: string; readonly version: number | undefined },
    policy: DunningPolicy,
    act: Act,
  ): Promise<StoredDunningPolicy>;
  /** By the customers' ids. */
  board(query: {
    readonly after?: string | undefined;
    readonly limit: number;
    readonly nowMs: number;
  }): Promise<readonly DunnedAccount[]>;
  /** A customer's dunning as it is and as it would go on; undefined where it has no account. */
  find(customerId: string, nowMs: number): Promise<DunningDetail | undefined>;
  /** Nothing more is done before that day; null lets it go on. */
  hold(
    customerId: string,
    hold: { readonly until: Day | null; readonly reason: string },
    act: Act,
  ): Promise<DunningDetail>;
  /** One of these holds the terminal now and goes without its history. */
  isHistoryCut(address: number, reach: ReadonlySet<string>): Promise<boolean>;
  /** Does what is due today for all accounts; answers how many steps were taken. The same again does nothing. */
  run(nowMs: number): Promise<number>;
}
