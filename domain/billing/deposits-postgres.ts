import { type Selectable, sql } from "kysely";
import { InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { DepositTable, SubscriptionTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { findAccount } from "./accounts-postgres.ts";
import { type Deposit, type DepositDesk, type Deposits, depositAsked } from "./deposits.ts";
import { dunningFacts } from "./dunning-facts-postgres.ts";
import { openOf } from "./invoice-rows-postgres.ts";
import { book, settle } from "./ledger-postgres.ts";
import { keepPayment, newPayment, requireUpTo } from "./payments-postgres.ts";
import { type BillingDeps, everyPlan } from "./plans-postgres.ts";
import { stateOn } from "./subscription.ts";
import { subscriptionOf } from "./subscriptions-postgres.ts";

export const createDeposits = (deps: BillingDeps): DepositDesk => ({
  async find(customerId, reach, nowMs) {
    const account = await findAccount(deps.db, customerId, reach);
    return account && required(deps.db, customerId, nowMs);
  },
  take: (input, act) => inTransaction(deps.db, (tx) => takeOne(tx, deps, input, act)),
  apply: (paymentId, amount, act, invoiceId) =>
    inTransaction(deps.db, async (tx) => {
      const row = await release(tx, paymentId, { amount, kind: "deposit-applied" }, act);
      if (invoiceId !== undefined) await requireDue(tx, row.customer_id, invoiceId);
      await sql`update payment set open = open + ${amount}::int8
        where id = ${paymentId}`.execute(tx);
      await settle(tx, row.customer_id, new Date(act.atMs), invoiceId);
      return told(tx, deps, { row, amount, action: "deposit.applied" }, act);
    }),
  giveBack: (paymentId, amount, act) =>
    inTransaction(deps.db, async (tx) => {
      const row = await release(tx, paymentId, { amount, kind: "deposit-returned" }, act);
      return told(tx, deps, { row, amount, action: "deposit.returned" }, act);
    }),
});

/** What a deposit is to pay first, read once its account is held. Throws a NotFoundError or an InvalidInputError. */
async function requireDue(tx: Db, customerId: string, invoiceId: string): Promise<void> {
  if ((await openOf(tx, customerId, invoiceId)) <= 0)
    throw new InvalidInputError("invoiceId", "nothing of this invoice is due any more");
}

async function takeOne(
  tx: Db,
  deps: BillingDeps,
  input: Parameters<DepositDesk["take"]>[0],
  act: Act,
): Promise<Deposits> {
  const { customerId, amount, currency, reference } = input;
  await holdAccounts(tx, [customerId]);
  const payment = await newPayment(tx, deps.makeId(), input, act);
  await keepPayment(tx, { ...payment, open: 0n });
  const row = { payment_id: payment.id, customer_id: customerId };
  await tx
    .insertInto("deposit")
    .values({ ...row, amount, open: amount })
    .execute();
  await book(tx, {
    ...{ at: payment.created_at, kind: "deposit", customerId, reference },
    ...{ byName: act.actor.name, currency },
    entries: [
      { account: "bank", amount },
      { account: "deposit", amount: -amount },
    ],
  });
  return told(tx, deps, { row, amount, action: "deposit.taken" }, act);
}

const RELEASED_TO = { "deposit-applied": "receivable", "deposit-returned": "bank" } as const;

/** Takes so much out of a deposit, and answers whose it was; its account is held from then on. */
async function release(
  tx: Db,
  paymentId: string,
  { amount, kind }: { readonly amount: number; readonly kind: keyof typeof RELEASED_TO },
  act: Act,
): Promise<Held> {
  const row = await heldDeposit(tx, paymentId);
  requireUpTo("amount", amount, Number(row.open));
  await sql`update deposit set open = open - ${amount}::int8
    where payment_id = ${paymentId}`.execute(tx);
  await book(tx, {
    ...{ at: new Date(act.atMs), kind, customerId: row.customer_id, reference: row.reference },
    ...{ byName: act.actor.name, currency: row.currency },
    entries: [
      { account: "deposit", amount },
      { account: RELEASED_TO[kind], amount: -amount },
    ],
  });
  return row;
}

async function told(
  tx: Db,
  { audit }: BillingDeps,
  {
    row: { payment_id: id, customer_id: customerId },
    amount,
    action,
  }: {
    readonly row: Pick<Held, "payment_id" | "customer_id">;
    readonly amount: number;
    readonly action: string;
  },
  act: Act,
): Promise<Deposits> {
  const after = await required(tx, customerId, act.atMs);
  const subject = { kind: "payment", id };
  await audit.record(tx, act, { action, subject, customerId, after: { amount } });
  return after;
}

type Held = Selectable<DepositTable> & { readonly reference: string; readonly currency: string };

async function heldDeposit(tx: Db, paymentId: string): Promise<Held> {
  const known = await tx
    .selectFrom("deposit")
    .select("customer_id")
    .where("payment_id", "=", paymentId)
    .executeTakeFirst();
  if (known === undefined) throw new NotFoundError("deposit", paymentId);
  await holdAccounts(tx, [known.customer_id]);
  return tx
    .selectFrom("deposit as d")
    .innerJoin("payment as p", "p.id", "d.payment_id")
    .selectAll("d")
    .select(["p.reference", "p.currency"])
    .where("d.payment_id", "=", paymentId)
    .executeTakeFirstOrThrow();
}

async function required(db: Db, customerId: string, nowMs: number): Promise<Deposits> {
  const [facts] = await dunningFacts(db, sql`a.customer_id = ${customerId}`, new Date(nowMs));
  if (facts === undefined) throw new NotFoundError("billing account", customerId);
  const { currency, credit, today } = facts;
  const items = await depositsOf(db, customerId);
  const running = await runningPlans(db, customerId, today);
  return {
    ...{ customerId, currency, grade: credit.grade, months: credit.depositMonths },
    asked: depositAsked(running, credit.depositMonths),
    held: items.reduce((sum, { open }) => sum + open, 0),
    ...{ running: running.length, items },
  };
}

async function depositsOf(db: Db, customerId: string): Promise<readonly Deposit[]> {
  const rows = await db
    .selectFrom("deposit as d")
    .innerJoin("payment as p", "p.id", "d.payment_id")
    .select(["d.payment_id", "p.received_on", "p.reference", "d.amount", "d.open"])
    .where("d.customer_id", "=", customerId)
    .orderBy("p.received_on", "desc")
    .orderBy("d.payment_id")
    .execute();
  return rows.map((row) => ({
    ...{ paymentId: row.payment_id, receivedOn: row.received_on, reference: row.reference },
    ...{ amount: Number(row.amount), open: Number(row.open) },
  }));
}

/** As of today; of those that wait for their terminal's acceptance as well. */
async function runningPlans(db: Db, customerId: string, today: string) {
  const { rows } = await sql<Selectable<SubscriptionTable>>`
    select * from subscription where customer_id = ${customerId}`.execute(db);
  const plans = await everyPlan(db);
  return rows.map(subscriptionOf).flatMap((one) => {
    if (stateOn(one, today) === "ended") return [];
    const term = one.terms.findLast(({ from }) => from <= today) ?? one.terms[0];
    const plan = plans.get(term?.planId ?? "");
    return plan === undefined ? [] : [plan.spec];
  });
}
