import { type RawBuilder, type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { PaymentOrderTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { findAccount } from "./accounts-postgres.ts";
import { dayAt } from "./calendar.ts";
import { openOf } from "./invoice-rows-postgres.ts";
import {
  expiryOf,
  type NoticeOutcome,
  type PaymentOrder,
  type PaymentOrderInput,
  type PaymentOrders,
  returnPathOf,
} from "./payment-orders.ts";
import type { PaymentProvider, ProviderNotice } from "./payment-provider.ts";
import { receive } from "./payments-postgres.ts";
import type { BillingDeps } from "./plans-postgres.ts";

export interface PaymentOrdersDeps extends BillingDeps {
  /** undefined: nobody takes money for us. */
  readonly provider: PaymentProvider | undefined;
}

export function createPaymentOrders(deps: PaymentOrdersDeps): PaymentOrders {
  const { db, provider } = deps;
  const counts = new Map<NoticeOutcome, number>();
  return {
    counts,
    provider: provider?.name ?? null,
    begin: (input, reach, act) => beginOrder(deps, input, reach, act),
    find: (id, reach) => findOrder(db, id, reach),

    async list({ reach, customerId, state, before, limit }) {
      const conditions = [
        withinReach(reach, sql`o.customer_id`),
        ...(customerId === undefined ? [] : [sql`o.customer_id = ${customerId}`]),
        ...(state === undefined ? [] : [sql`o.state = ${state}`]),
        ...(before === undefined
          ? []
          : [
              sql`(o.created_at, o.id) < (${new Date(before.createdMs)}::timestamptz, ${before.id})`,
            ]),
      ];
      return ordersWhere(db, sql`${sql.join(conditions, sql` and `)}`, limit);
    },

    async notified(headers, body, nowMs) {
      if (provider === undefined) throw new NotFoundError("payment provider", "");
      const read = provider.read(headers, body, nowMs);
      const outcome = read.ok
        ? await inTransaction(db, (tx) => take(tx, deps, { provider, nowMs }, read.notice))
        : read.fault;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      return outcome;
    },
  };
}

async function beginOrder(
  deps: PaymentOrdersDeps,
  input: PaymentOrderInput,
  reach: Reach,
  act: Act,
): Promise<PaymentOrder> {
  const { db, provider } = deps;
  if (provider === undefined)
    throw new ConflictError("no payment provider is set up: pay into the account on the invoice");
  const { customerId, amount, invoiceId = null } = input;
  const account = await findAccount(db, customerId, reach);
  if (account === undefined) throw new NotFoundError("billing account", customerId);
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new InvalidInputError("amount", "amount must be minor units above zero");
  if (invoiceId !== null) await requireOpen(db, { customerId, invoiceId, amount });
  const before = await underWay(db, input, provider, act.atMs);
  if (before !== undefined) return before;
  const { currency } = account;
  const id = deps.makeId();
  // not within a transaction: the provider may take its time
  const returnPath = returnPathOf({ id, invoiceId });
  const { url } = await provider.begin({ id, amount, currency, returnPath });
  return inTransaction(db, async (tx) => {
    await holdAccounts(tx, [customerId]);
    // of two that were begun at the same moment the payer is sent to one
    const other = await underWay(tx, input, provider, act.atMs);
    if (other !== undefined) return other;
    await tx
      .insertInto("payment_order")
      .values({
        ...{ id, customer_id: customerId, invoice_id: invoiceId, provider: provider.name },
        ...{ currency, amount, state: "open", url, payment_id: null },
        created_at: new Date(act.atMs),
      })
      .execute();
    await deps.audit.record(tx, act, {
      ...{ action: "payment-order.begun", subject: { kind: "payment-order", id }, customerId },
      after: { amount, currency, invoiceId, provider: provider.name },
    });
    const made = await findOrder(tx, id, "all");
    if (made === undefined) throw new NotFoundError("payment order", id);
    return made;
  });
}

/** The same payment, begun and neither paid nor refused: the payer goes on with it. */
async function underWay(
  db: Db,
  { customerId, amount, invoiceId }: PaymentOrderInput,
  { name }: PaymentProvider,
  nowMs: number,
): Promise<PaymentOrder | undefined> {
  const [newest] = await ordersWhere(
    db,
    sql`o.customer_id = ${customerId} and o.invoice_id is not distinct from ${invoiceId ?? null}
      and o.amount = ${amount}::int8 and o.provider = ${name} and o.state = 'open'`,
    1,
  );
  return newest !== undefined && newest.expiresAt.getTime() > nowMs ? newest : undefined;
}

async function requireOpen(
  db: Db,
  { customerId, invoiceId, amount }: { customerId: string; invoiceId: string; amount: number },
): Promise<void> {
  const open = await openOf(db, customerId, invoiceId);
  if (amount > open)
    throw new InvalidInputError(
      "amount",
      `amount must be at most ${Math.max(0, open)} minor units: so much is open`,
    );
}

async function findOrder(db: Db, id: string, reach: Reach): Promise<PaymentOrder | undefined> {
  const mine = withinReach(reach, sql`o.customer_id`);
  const [found] = await ordersWhere(db, sql`o.id = ${id} and ${mine}`, 1);
  return found;
}

interface Joined extends Selectable<PaymentOrderTable> {
  readonly name: string;
  readonly number: string | null;
}

async function ordersWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<readonly PaymentOrder[]> {
  const { rows } = await sql<Joined>`
    select o.*, c.name, i.number from payment_order o join customer c on c.id = o.customer_id
    left join invoice i on i.id = o.invoice_id
    where ${condition} order by o.created_at desc, o.id desc limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    ...{ id: row.id, customerId: row.customer_id, customerName: row.name, state: row.state },
    ...{ invoiceId: row.invoice_id, invoiceNumber: row.number, provider: row.provider },
    ...{ amount: Number(row.amount), currency: row.currency, url: row.url },
    ...{ paymentId: row.payment_id, createdAt: row.created_at },
    expiresAt: expiryOf(row.created_at),
  }));
}

interface Taking {
  readonly provider: PaymentProvider;
  readonly nowMs: number;
}

async function take(
  tx: Db,
  deps: PaymentOrdersDeps,
  { provider, nowMs }: Taking,
  notice: ProviderNotice,
): Promise<NoticeOutcome> {
  const order = await findOrder(tx, notice.orderId, "all");
  if (order?.provider !== provider.name) return "unknown-order";
  await holdAccounts(tx, [order.customerId]);
  const at = new Date(nowMs);
  const kept = await tx
    .insertInto("payment_notice")
    .values({
      ...{ provider: provider.name, id: notice.id, order_id: order.id, kind: notice.kind, at },
    })
    .onConflict((conflict) => conflict.columns(["provider", "id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (kept === undefined) return "known";
  if (notice.kind === "failed") {
    await sql`update payment_order set state = 'failed'
      where id = ${order.id} and state = 'open'`.execute(tx);
    return "failed";
  }
  return bookPaid(tx, deps, { order, notice, at });
}

/** What has come in is booked, also where it is another amount than was asked for; in another currency a person looks. */
async function bookPaid(
  tx: Db,
  { audit, makeId }: PaymentOrdersDeps,
  { order, notice, at }: { order: PaymentOrder; notice: ProviderNotice; at: Date },
): Promise<NoticeOutcome> {
  const { rows } = await sql<{ entity: string; time_zone: string; is_booked: boolean }>`
    select a.legal_entity_id as entity, c.time_zone, exists (select from payment p
      where p.legal_entity_id = a.legal_entity_id and p.reference = ${referenceOf(order, notice)})
      as is_booked
    from billing_account a join customer c on c.id = a.customer_id
    where a.customer_id = ${order.customerId}`.execute(tx);
  const [account] = rows;
  if (account === undefined) throw new NotFoundError("billing account", order.customerId);
  if (account.is_booked) return "known"; // the same money under another notice
  const customerId = notice.currency === order.currency ? order.customerId : null;
  const amount = BigInt(notice.amount);
  const id = makeId();
  await receive(
    tx,
    {
      ...{ id, customer_id: customerId, legal_entity_id: account.entity, amount, open: amount },
      ...{ currency: notice.currency, received_on: dayAt(notice.paidAtMs, account.time_zone) },
      ...{ method: "card", reference: referenceOf(order, notice), text: "", import_id: null },
      ...{ by_name: order.provider, created_at: at },
    },
    order.invoiceId ?? undefined,
  );
  await sql`update payment_order set state = 'paid', payment_id = ${id}
    where id = ${order.id}`.execute(tx);
  const actor = { kind: "system", id: "payment-provider", name: order.provider } as const;
  await audit.record(
    tx,
    { actor, atMs: at.getTime() },
    {
      ...{ action: "payment.received", subject: { kind: "payment", id }, customerId },
      after: { amount: notice.amount, currency: notice.currency, order: order.id },
    },
  );
  return "booked";
}

const referenceOf = ({ provider }: PaymentOrder, { reference }: ProviderNotice): string =>
  `${provider}:${reference}`;
