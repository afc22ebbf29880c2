import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Day, Month } from "./calendar.ts";
import type { InvoiceLine, Totals } from "./draft.ts";
import type { Minor } from "./money.ts";

export const INVOICE_KINDS = ["invoice", "credit-note", "debit-note"] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];
export const INVOICE_STATES = ["draft", "approved", "issued", "overdue", "paid", "void"] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

export interface InvoiceSummary extends Totals {
  readonly id: string;
  readonly number: string | null;
  readonly legalEntityId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly kind: InvoiceKind;
  readonly state: InvoiceState;
  readonly month: Month;
  readonly currency: string;
  /** Still to pay; of a credit note what is still to give, below zero. */
  readonly open: Minor;
  readonly runId: string | null;
  readonly corrects: string | null;
  /** The number of the invoice that a note corrects. */
  readonly correctsNumber: string | null;
  readonly createdAt: Date;
  readonly issuedAt: Date | null;
  readonly dueOn: Day | null;
  readonly version: number;
}

/** Who sends it and who gets it, as they were when it was issued. */
export interface InvoiceParties {
  readonly issuer: {
    readonly name: string;
    readonly address: string;
    readonly taxId: string;
    readonly bank: string;
  };
  readonly customer: {
    readonly number: string;
    readonly name: string;
    readonly address: string | null;
    readonly taxId: string | null;
    readonly language: string;
    readonly timeZone: string;
  };
}

/** What is frozen. */
export interface InvoiceDocument {
  readonly kind: InvoiceKind;
  readonly currency: string;
  readonly month: Month;
  readonly lines: readonly InvoiceLine[];
  readonly net: Minor;
  readonly tax: Minor;
  readonly gross: Minor;
  readonly parties?: InvoiceParties | undefined;
  /** Why, on a note by hand. */
  readonly reason?: string | undefined;
}

export interface Invoice extends InvoiceSummary {
  readonly document: InvoiceDocument;
  /** Before it is issued: as they are now. */
  readonly parties: InvoiceParties;
  readonly mail: InvoiceMail | null;
}

/** What became of its e-mail; an invoice has one as soon as it is issued. */
export interface InvoiceMail {
  /** Empty where nobody has an address. */
  readonly target: string;
  readonly state: "waiting" | "sent" | "dead" | "suppressed";
  readonly reason: string | null;
  readonly sentAt: Date | null;
}

export interface InvoiceQuery {
  readonly reach: Reach;
  readonly customerId?: string | undefined;
  readonly runId?: string | undefined;
  readonly state?: InvoiceState | undefined;
  readonly number?: string | undefined;
  readonly before?: { readonly createdMs: number; readonly id: string } | undefined;
  readonly limit: number;
  /** Today: what is due before it and open is overdue. */
  readonly today: Day;
}

export interface NoteInput {
  readonly kind: "credit-note" | "debit-note";
  /** Of this invoice's lines; a debit note has amounts of its own. */
  readonly lines: readonly {
    /** The position on the invoice whose tax class and rate hold. */
    readonly position: number;
    /** Net, above zero, in minor units. */
    readonly net: Minor;
  }[];
  readonly reason: string;
}

export interface Invoices {
  /** The newest first. A customer's people see what is issued alone. */
  list(query: InvoiceQuery): Promise<readonly InvoiceSummary[]>;
  find(id: string, reach: Reach, today: Day): Promise<Invoice | undefined>;
  /** Drafts, by ids or all of a run; what is approved already stays so. Answers how many. */
  approve(which: InvoiceChoice, act: Act): Promise<number>;
  /** Gives numbers, without gaps, freezes them and books them; approved ones alone. Answers how many. */
  issue(which: InvoiceChoice, act: Act): Promise<number>;
  /** Throws a draft away: its account waits for the run to look at it again. */
  discard(id: string, act: Act): Promise<void>;
  /** A note, issued at once, that corrects an issued invoice. Throws where more would come back than was charged. */
  note(id: string, input: NoteInput, act: Act): Promise<Invoice>;
  /** A credit note of all that is left of it; then it is void. Not once money has come in for it. */
  void(id: string, reason: string, act: Act): Promise<Invoice>;
  /** E-mails it once more, to the address that holds now. */
  mailAgain(id: string, act: Act): Promise<Invoice>;
}

/** Either or. */
export interface InvoiceChoice {
  readonly ids?: readonly string[] | undefined;
  readonly runId?: string | undefined;
}
