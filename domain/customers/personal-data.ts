import type { Act } from "../identity/audit.ts";

type Cell = string | number | boolean | null;

/** All rows of one kind that are held about a customer. */
export interface DataSection {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** There are more rows than are given. */
  readonly truncated: boolean;
}

export interface PersonalData {
  readonly customerId: string;
  readonly takenAtMs: number;
  readonly sections: readonly DataSection[];
}

/** What an erasure leaves, by its reason. */
export const KEPT_REASONS = {
  number: "the number and the dates of the customer: documents of past business name it",
  consents: "which channel was allowed when: proof that we were allowed to write",
  assignments: "which terminal served when: the basis of past and open invoices",
  measurements: "packets and their metering, under the terminal's address: the basis of invoices",
  alarms: "that an alarm was raised, when, and who acted on it: what a service is judged by",
  messages:
    "that a message was sent, when and by which channel, without its address: the basis of invoices",
  invoices:
    "invoices, notes, payments and the ledger as they were issued and booked: accounting law keeps them, for ten years in most places",
  subscriptions:
    "what was agreed from when to when, and what was done about debts: the basis of invoices",
  acceptance: "signed acceptances of installations: proof of delivery",
  "audit-actors": "who did what: the names of its users as they acted stay in the audit log",
  "audit-mentions": "entries of the audit log that mention it in somebody's own words",
} as const;
export type KeptReason = keyof typeof KEPT_REASONS;

export interface Kept {
  readonly reason: KeptReason;
  readonly count: number;
  /** Where it is, for whoever checks. */
  readonly tables: readonly string[];
}

export interface Erased {
  readonly table: string;
  readonly count: number;
}

/** What an erasure would do, or did. */
export interface ErasureSurvey {
  readonly erased: readonly Erased[];
  readonly kept: readonly Kept[];
  /** Serials of terminals that still serve the customer: as long as there is one, nothing is erased. */
  readonly serving: readonly string[];
}

export interface Erasure extends Omit<ErasureSurvey, "serving"> {
  readonly id: string;
  readonly customerId: string;
  readonly byName: string;
  readonly atMs: number;
}

/** What stands in place of whatever was erased. */
export const TOMBSTONE = "Erased";

/** What the law gives to whoever data are about: a copy of them, and their end. */
export interface PersonalDataDesk {
  /** Everything that is held; that it was read is kept in the audit log. */
  takeOut(customerId: string, act: Act): Promise<PersonalData>;
  survey(customerId: string): Promise<ErasureSurvey>;
  /** Overwrites what is personal, in one transaction. `number` is what was typed to confirm it. */
  erase(customerId: string, number: string, act: Act): Promise<Erasure>;
  erasures(customerId: string): Promise<readonly Erasure[]>;
}
