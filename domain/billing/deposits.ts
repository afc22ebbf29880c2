import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Day } from "./calendar.ts";
import type { Grade } from "./credit-grade.ts";
import { type Minor, shareOf, timesPrice } from "./money.ts";
import type { PaymentInput } from "./payments.ts";
import { monthsOfFee, type PlanSpec } from "./plan.ts";

export interface Deposit {
  /** By which it came in. */
  readonly paymentId: string;
  readonly receivedOn: Day;
  readonly reference: string;
  readonly amount: Minor;
  /** Still held. */
  readonly open: Minor;
}

/** What a customer has given as security, and what the credit grade asks for. */
export interface Deposits {
  readonly customerId: string;
  readonly currency: string;
  /** null: nobody knows yet. */
  readonly grade: Grade | null;
  /** Months of fees that the grade asks for. */
  readonly months: number;
  readonly asked: Minor;
  readonly held: Minor;
  /** Of subscriptions that have not ended; with none the deposit is to be applied or returned. */
  readonly running: number;
  /** The newest first. */
  readonly items: readonly Deposit[];
}

export interface DepositDesk {
  find(customerId: string, reach: Reach, nowMs: number): Promise<Deposits | undefined>;
  /** Books what came in as held for the customer: no invoice is paid by it. */
  take(input: Omit<PaymentInput, "invoiceId">, act: Act): Promise<Deposits>;
  /** Pays what is due with it, the invoice that is named before all others and then the first due first. */
  apply(paymentId: string, amount: Minor, act: Act, invoiceId?: string): Promise<Deposits>;
  giveBack(paymentId: string, amount: Minor, act: Act): Promise<Deposits>;
}

/** So many months of what the plans' fees come to in a month, each rounded half-even. */
export const depositAsked = (
  plans: readonly Pick<PlanSpec, "currency" | "fee">[],
  months: number,
): Minor =>
  plans.reduce(
    (sum, { currency, fee }) =>
      sum + shareOf(timesPrice(currency, fee.amount, 1), months, monthsOfFee(fee)),
    0,
  );
