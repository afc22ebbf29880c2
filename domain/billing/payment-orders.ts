import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Minor } from "./money.ts";
import { NOTICE_FAULTS } from "./payment-provider.ts";

export interface PaymentOrder {
  readonly id: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly invoiceId: string | null;
  readonly invoiceNumber: string | null;
  readonly provider: string;
  readonly amount: Minor;
  readonly currency: string;
  readonly state: "open" | "paid" | "failed";
  /** Where the payer goes to pay. */
  readonly url: string;
  /** What was booked for it last. */
  readonly paymentId: string | null;
  readonly createdAt: Date;
  /** Until then the same payment is gone on with; who has not paid by then has given it up. */
  readonly expiresAt: Date;
}

const GONE_ON_WITH_MS = 3_600_000;
export const expiryOf = (createdAt: Date): Date => new Date(createdAt.getTime() + GONE_ON_WITH_MS);

/** Where the payer comes back to from the provider: a path of the console. */
export const returnPathOf = ({ id, invoiceId }: Pick<PaymentOrder, "id" | "invoiceId">): string =>
  invoiceId === null ? "/spending" : `/invoices/${encodeURIComponent(invoiceId)}?payment=${id}`;

export interface PaymentOrderQuery {
  readonly reach: Reach;
  readonly customerId?: string | undefined;
  readonly state?: PaymentOrder["state"] | undefined;
  /** The last one that was shown. */
  readonly before?: { readonly createdMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface PaymentOrderInput {
  readonly customerId: string;
  readonly amount: Minor;
  /** Paid first; the rest goes to what is due first. Without it what is due, or a prepaid wallet. */
  readonly invoiceId?: string | undefined;
}

/** What became of a request to the webhook. */
export const NOTICE_OUTCOMES = [
  "booked",
  "failed",
  "known",
  "unknown-order",
  ...NOTICE_FAULTS,
] as const;
export type NoticeOutcome = (typeof NOTICE_OUTCOMES)[number];

/** Payments that payers make at a provider. */
export interface PaymentOrders {
  /** Its name; null where nobody takes payments for us. */
  readonly provider: string | null;
  /**
   * The same again, as long as it is not paid and has not expired, is gone on with: who presses twice pays once. Throws a
   * ConflictError where there is no provider, and a NotFoundError for what is out of reach.
   */
  begin(input: PaymentOrderInput, reach: Reach, act: Act): Promise<PaymentOrder>;
  find(id: string, reach: Reach): Promise<PaymentOrder | undefined>;
  /** The newest first. */
  list(query: PaymentOrderQuery): Promise<readonly PaymentOrder[]>;
  /** Books what the provider says was paid, each notice once; what is not believed changes nothing. */
  notified(
    headers: Readonly<Record<string, unknown>>,
    body: string,
    nowMs: number,
  ): Promise<NoticeOutcome>;
  /** Since the start of this process. */
  readonly counts: ReadonlyMap<NoticeOutcome, number>;
}
