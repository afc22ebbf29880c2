import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Day } from "./calendar.ts";
import type { Minor } from "./money.ts";

export const PAYMENT_METHODS = ["bank", "cash", "card", "other"] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface Payment {
  readonly id: string;
  /** null: nobody knows yet whose it is. */
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly legalEntityId: string;
  readonly currency: string;
  readonly amount: Minor;
  /** Not yet given to an invoice, nor back. */
  readonly open: Minor;
  readonly receivedOn: Day;
  readonly method: PaymentMethod;
  /** The bank's own: the same is never booked twice. */
  readonly reference: string;
  readonly text: string;
  readonly importId: string | null;
  readonly byName: string;
  readonly createdAt: Date;
}

export interface PaymentInput {
  readonly customerId: string;
  readonly amount: Minor;
  readonly currency: string;
  readonly receivedOn: Day;
  readonly method: PaymentMethod;
  readonly reference: string;
  readonly text: string;
  /** Paid first; the rest goes to what is due first. */
  readonly invoiceId?: string | undefined;
}

export interface PaymentQuery {
  readonly reach: Reach;
  readonly customerId?: string | undefined;
  readonly unmatched?: boolean | undefined;
  readonly before?: { readonly createdMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** A line of a bank's file that was tried: whose it would be, and which invoice it names. */
export interface PaymentMatch {
  readonly line: number;
  readonly receivedOn: Day;
  readonly amount: Minor;
  readonly currency: string;
  readonly reference: string;
  readonly text: string;
  /** null: it would wait for a person. */
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly invoiceId: string | null;
  readonly invoiceNumber: string | null;
  /** Of that invoice, before the payment. */
  readonly invoiceOpen: Minor | null;
}

export interface Payments {
  /** The newest first. */
  list(query: PaymentQuery): Promise<readonly Payment[]>;
  /** What the newest dry run found, in the order of lines, behind this one; nothing of an older one. */
  matches(importId: string, afterLine: number, limit: number): Promise<readonly PaymentMatch[]>;
  /** Throws a ConflictError when its reference was booked already, and where the currency is another. */
  add(input: PaymentInput, act: Act): Promise<Payment>;
  /** Says whose an unmatched payment is. */
  match(
    id: string,
    to: { readonly customerId: string; readonly invoiceId?: string | undefined },
    act: Act,
  ): Promise<Payment>;
  /** Gives back what is open of it, or a part. */
  refund(id: string, amount: Minor, reason: string, act: Act): Promise<Payment>;
  /** Gives up what is open of an invoice, or a part. */
  writeOff(invoiceId: string, amount: Minor, reason: string, act: Act): Promise<void>;
}
