import type { Act } from "../identity/audit.ts";
import type { Month } from "./calendar.ts";
import type { Minor } from "./money.ts";

/** A month that is closed for all accounts of a legal entity, or tried. */
export interface CloseRun {
  readonly id: string;
  readonly legalEntityId: string;
  readonly month: Month;
  /** Nothing is kept but what each account would come to. */
  readonly dryRun: boolean;
  readonly state: "running" | "done";
  readonly accounts: number;
  readonly drafted: number;
  readonly empty: number;
  readonly parked: number;
  readonly waiting: number;
  /** What the accounts come to, of each currency alone. */
  readonly totals: readonly { readonly currency: string; readonly gross: Minor }[];
  readonly byName: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

export interface CloseAccount {
  readonly customerId: string;
  readonly customerName: string;
  readonly state: "waiting" | "drafted" | "empty" | "parked";
  readonly reason: string | null;
  readonly detail: string | null;
  readonly invoiceId: string | null;
  readonly gross: Minor | null;
  readonly currency: string;
}

export interface CloseOrder {
  readonly legalEntityId: string;
  readonly month: Month;
  readonly dryRun: boolean;
}

/** The month close: one job that can be killed at any moment and goes on where it was. */
export interface Closes {
  /** Asked again for a month it answers the run that there is, and lets it go on. */
  start(order: CloseOrder, act: Act): Promise<CloseRun>;
  find(id: string): Promise<CloseRun | undefined>;
  /** The newest first. */
  list(limit: number): Promise<readonly CloseRun[]>;
  accounts(
    id: string,
    query: {
      readonly state?: CloseAccount["state"] | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ): Promise<readonly CloseAccount[]>;
  /** Parked accounts, and those whose drafts were thrown away, are looked at once more. */
  retry(id: string, act: Act): Promise<CloseRun>;
  /** Once the run has come to its end here, however. */
  ended(id: string): Promise<void>;
  /** Goes on with what a killed process left behind. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}
