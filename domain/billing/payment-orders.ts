import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Minor } from "./money.ts";
import { NOTICE_FAULTS } from "./payment-provider.ts";

export interface PaymentOrder {
  readonly id: string;
  readonly customerId: string;
  readonly invoiceId: string | null;
  readonly provider: string;
  readonly amount: Minor;
  readonly currency: string;
  readonly state: "open" | "paid" | "failed";
  /** Where the payer goes to pay. */
  readonly url: string;
  /** What was booked for it last. */
  readonly paymentId: string | null;
  readonly createdAt: Date;
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
  /** Throws a ConflictError where there is no provider, and a NotFoundError for what is out of reach. */
  begin(input: PaymentOrderInput, reach: Reach, act: Act): Promise<PaymentOrder>;
  find(id: string, reach: Reach): Promise<PaymentOrder | undefined>;
  /** Books what the provider says was paid, each notice once; what is not believed changes nothing. */
  notified(
    headers: Readonly<Record<string, unknown>>,
    body: string,
    nowMs: number,
  ): Promise<NoticeOutcome>;
  /** Since the start of this process. */
  readonly counts: ReadonlyMap<NoticeOutcome, number>;
}
