import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Db } from "../db/database.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import type { Mailer } from "../notifications/mailer.ts";
import type { BillingAccounts } from "./accounts.ts";
import { createBillingAccounts } from "./accounts-postgres.ts";
import type { Closes } from "./closes.ts";
import { createCloses } from "./closes-postgres.ts";
import type { DepositDesk } from "./deposits.ts";
import { createDeposits } from "./deposits-postgres.ts";
import type { Dunning } from "./dunning-desk.ts";
import { createDunning } from "./dunning-postgres.ts";
import { mailInvoices } from "./invoice-mail-postgres.ts";
import type { InvoicePdf } from "./invoice-pdf.ts";
import { invoicePdfPdfkit } from "./invoice-pdf-pdfkit.ts";
import type { Invoices } from "./invoices.ts";
import { createInvoices } from "./invoices-postgres.ts";
import type { Lineage } from "./lineage.ts";
import { createLineage } from "./lineage-postgres.ts";
import type { PaymentOrders } from "./payment-orders.ts";
import { createPaymentOrders } from "./payment-orders-postgres.ts";
import { type DemoProvider, paymentProviderDemo } from "./payment-provider-demo.ts";
import type { Payments } from "./payments.ts";
import { createPayments } from "./payments-postgres.ts";
import type { Plans } from "./plans.ts";
import { createPlans } from "./plans-postgres.ts";
import type { ServiceCredits } from "./service-credits.ts";
import { createServiceCredits } from "./service-credits-postgres.ts";
import type { ServiceProofs } from "./service-proofs.ts";
import { createServiceProofs } from "./service-proofs-postgres.ts";
import type { Spending } from "./spending.ts";
import { createSpending } from "./spending-postgres.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { createSubscriptions } from "./subscriptions-postgres.ts";

/** All that is sold, billed and paid. */
export interface BillingDesk {
  readonly plans: Plans;
  readonly accounts: BillingAccounts;
  readonly subscriptions: Subscriptions;
  readonly closes: Closes;
  readonly invoices: Invoices;
  readonly payments: Payments;
  readonly deposits: DepositDesk;
  readonly lineage: Lineage;
  readonly pdf: InvoicePdf;
  readonly dunning: Dunning;
  readonly spending: Spending;
  readonly serviceProofs: ServiceProofs;
  readonly serviceCredits: ServiceCredits;
}

export function startBilling(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
}): BillingDesk {
  const changes = { ...deps, audit: createAudit(deps.db), makeId: randomUUID };
  return {
    plans: createPlans(changes),
    accounts: createBillingAccounts(changes),
    subscriptions: createSubscriptions(changes),
    closes: createCloses(changes),
    invoices: createInvoices(changes),
    payments: createPayments(changes),
    deposits: createDeposits(changes),
    lineage: createLineage(deps.db),
    pdf: invoicePdfPdfkit,
    dunning: createDunning(changes),
    spending: createSpending(changes),
    serviceProofs: createServiceProofs(deps.db),
    serviceCredits: createServiceCredits(changes),
  };
}

/** What payers pay at a provider; `demo` is the one that takes no money. */
export interface Paying {
  readonly orders: PaymentOrders;
  readonly demo: DemoProvider | undefined;
}

const SECRET_BYTES = 32;

/** The demonstration's provider alone is chosen so far; its secret is of this process, which is all that knows it. */
export function startPaying(db: Db, { isDemo }: { readonly isDemo: boolean }): Paying {
  const demo = isDemo ? paymentProviderDemo(randomBytes(SECRET_BYTES)) : undefined;
  const changes = { db, audit: createAudit(db), makeId: randomUUID };
  return { demo, orders: createPaymentOrders({ ...changes, provider: demo }) };
}

/** What goes on by itself beside the desk. */
export const billingRounds = (
  { invoices, pdf, dunning, spending, closes }: BillingDesk,
  deps: { readonly db: Db; readonly clock: Clock; readonly log: Log; readonly mailer: Mailer },
) => ({
  watch: (): Promise<number> => spending.watch(deps.clock.now()),
  /** Whatever another process has left when it died. */
  resumeCloses: (): Promise<void> => closes.resume(),
  dun: (): Promise<number> => dunning.run(deps.clock.now()),
  mail: (): Promise<number> =>
    mailInvoices({
      ...{ ...deps, pdf, random: { next: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS } },
      find: (id, today) => invoices.find(id, "all", today),
    }),
});

const RANDOM_STEPS = 2 ** 32;
