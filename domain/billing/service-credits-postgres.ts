import { type RawBuilder, type Selectable, sql } from "kysely";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  UnavailableError,
} from "../../base/errors.ts";
import { textList, withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ServiceCreditTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { closableFromMs, type Month, requireMonth } from "./calendar.ts";
import { heldWithAccounts } from "./invoice-rows-postgres.ts";
import { type BillingDeps, everyPlan } from "./plans-postgres.ts";
import { draftServiceCredits } from "./service-credit-drafts-postgres.ts";
import type {
  CreditEvidence,
  CreditQuery,
  CreditsDrafted,
  ServiceCredit,
  ServiceCredits,
} from "./service-credits.ts";

type DraftOrder = Parameters<ServiceCredits["draft"]>[0];

/** Others get their turn between two, as in a close. */
const ACCOUNTS_AT_ONCE = 200;

export function createServiceCredits(deps: BillingDeps): ServiceCredits {
  const running = new Map<string, Promise<CreditsDrafted>>();
  let isStopping = false;
  return {
    ...readsOf(deps.db),
    ...rejectingOf(deps),

    async draft(order, act) {
      if (running.has(nameOf(order))) throw isDrafting(order);
      const work = draftAll(deps, order, act, () => isStopping).finally(() =>
        running.delete(nameOf(order)),
      );
      running.set(nameOf(order), work);
      return work;
    },

    async stop() {
      isStopping = true;
      await Promise.allSettled(running.values()); // whoever asked is told what became of it
    },
  };
}

const nameOf = ({ legalEntityId, month }: DraftOrder): string =>
  `service credits ${legalEntityId} ${month}`;

const isDrafting = ({ month }: DraftOrder): ConflictError =>
  new ConflictError(
    `the service credits of ${month} are being drafted already: look at them once that is done`,
  );

const readsOf = (db: Db): Pick<ServiceCredits, "list" | "find"> => ({
  async list(query) {
    return (await creditRows(db, conditionsOf(query), query)).map(creditOf);
  },

  async find(id, reach) {
    const one = { reach, limit: 1 };
    const [row] = await creditRows(db, [sql`c.id = ${id}`, ...conditionsOf(one)], one);
    return row && creditOf(row);
  },
});

const rejectingOf = ({ db, audit }: BillingDeps): Pick<ServiceCredits, "reject"> => ({
  reject: (id, reason, act) =>
    inTransaction(db, async (tx) => {
      const [draft] = await heldWithAccounts(tx, { ids: [id] });
      const [known] = await creditRows(tx, [sql`c.id = ${id}`], { reach: "all", limit: 1 });
      if (known === undefined) throw new NotFoundError("service credit", id);
      if (draft === undefined) throw new ConflictError("the service credit is rejected already");
      if (draft.number !== null)
        throw new ConflictError(`the service credit is issued as ${draft.number}`);
      await tx.deleteFrom("invoice_line").where("invoice_id", "=", id).execute();
      await tx.deleteFrom("invoice").where("id", "=", id).execute();
      await tx
        .updateTable("service_credit")
        .set({ rejected_at: new Date(act.atMs), rejected_by: act.actor.name, reason })
        .where("id", "=", id)
        .execute();
      const [row = known] = await creditRows(tx, [sql`c.id = ${id}`], { reach: "all", limit: 1 });
      const credit = creditOf(row);
      await audit.record(tx, act, {
        ...{ action: "service-credit.rejected", subject: { kind: "service-credit", id } },
        ...{ customerId: credit.customerId, before: { net: credit.net } },
      });
      return credit;
    }),
});

async function draftAll(
  { db, audit }: BillingDeps,
  order: DraftOrder,
  act: Act,
  isStopping: () => boolean,
): Promise<CreditsDrafted> {
  const fromMs = closableFromMs(requireMonth("month", order.month));
  if (act.atMs < fromMs)
    throw new InvalidInputError(
      "month",
      `credits of ${order.month} can be drafted from ${new Date(fromMs).toISOString()} on, as it can be closed: until then reports of it may still come`,
    );
  const entity = await db
    .selectFrom("legal_entity")
    .select("tax_rates")
    .where("id", "=", order.legalEntityId)
    .executeTakeFirst();
  if (entity === undefined) throw new NotFoundError("legal entity", order.legalEntityId);
  const facts = {
    ...{ month: order.month, at: new Date(act.atMs), plans: await everyPlan(db) },
    taxRates: entity.tax_rates,
  };
  let sum: CreditsDrafted = { drafted: 0, waiting: 0, parked: 0 };
  let after = "";
  for (;;) {
    if (isStopping())
      throw new UnavailableError(
        `the service is stopping; ${sum.drafted} service credits were drafted, ask again for the others`,
      );
    const ids = await promised(db, { ...order, after });
    if (ids.length === 0) return sum;
    const some = await inTransaction(db, async (tx) => {
      await requireTurn(tx, order);
      await holdAccounts(tx, ids); // a draft that is thrown away at this moment parks its account before this looks
      const parked = await parkedOf(tx, order.month, ids);
      const ready = ids.filter((one) => !parked.has(one));
      const done = { ...(await draftServiceCredits(tx, facts, ready)), parked: parked.size };
      if (done.drafted > 0)
        await audit.record(tx, act, {
          action: "service-credits.drafted",
          subject: { kind: "legal-entity", id: order.legalEntityId },
          after: { month: order.month, ...done },
        });
      return done;
    });
    sum = {
      drafted: sum.drafted + some.drafted,
      waiting: sum.waiting + some.waiting,
      parked: sum.parked + some.parked,
    };
    after = ids.at(-1) ?? "";
  }
}

/** Between two processes: the one that finds the other at it leaves the rest to it. */
async function requireTurn(tx: Db, order: DraftOrder): Promise<void> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtext(${nameOf(order)})) as taken`.execute(tx);
  if (rows[0]?.taken !== true) throw isDrafting(order);
}

/** The next accounts with a plan that promises something. */
async function promised(
  db: Db,
  { legalEntityId, after }: Pick<DraftOrder, "legalEntityId"> & { readonly after: string },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.customer_id as id from billing_account a
    where a.legal_entity_id = ${legalEntityId} and a.customer_id > ${after}
      and exists (select from subscription s
        cross join lateral jsonb_to_recordset(s.terms) t ("planId" text)
        join plan_version p on p.id = t."planId" and p.spec -> 'serviceLevel' is not null
        where s.customer_id = a.customer_id)
    order by a.customer_id limit ${ACCOUNTS_AT_ONCE}::int`.execute(db);
  return rows.map(({ id }) => id);
}

/** Their month is closed for all but for them, and no later close has taken them in: their fees are not billed. */
async function parkedOf(
  tx: Db,
  month: Month,
  customerIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select a.customer_id as id from billing_account a
    cross join lateral (
      select ra.state from billing_run_account ra join billing_run r on r.id = ra.run_id
      where ra.customer_id = a.customer_id and r.month >= ${month} and not r.dry_run
      order by ra.state in ('drafted', 'empty') desc, r.month limit 1) last
    where a.customer_id in ${textList(customerIds)} and last.state = 'parked'`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

interface CreditRow extends Selectable<ServiceCreditTable> {
  readonly name: string;
  readonly state: ServiceCredit["state"];
  readonly number: string | null;
  readonly terminals: ServiceCredit["terminals"];
}

const STATE = sql`case when c.rejected_at is not null then 'rejected'
  when i.state = 'draft' then 'drafted' when i.state = 'approved' then 'approved' else 'issued' end`;

const creditRows = async (
  db: Db,
  conditions: readonly RawBuilder<unknown>[],
  { reach, limit }: Pick<CreditQuery, "reach" | "limit">,
) =>
  (
    await sql<CreditRow>`
      select c.*, k.name, ${STATE} as state, i.number, (
          select coalesce(json_agg(json_build_object('address', t.address,
            'name', case when ${reach === "all"}::boolean then t.name end) order by t.address), '[]')
          from terminal t where t.address in (select (p ->> 'address')::int8
            from json_array_elements(c.evidence::json -> 'proofs') p)) as terminals
      from service_credit c
      join customer k on k.id = c.customer_id left join invoice i on i.id = c.id
      where ${sql.join([...conditions], sql` and `)}
      order by c.created_at desc, c.id desc limit ${limit}::int`.execute(db)
  ).rows;

function conditionsOf(query: CreditQuery): readonly RawBuilder<unknown>[] {
  const { reach, month, customerId, state, before } = query;
  return [
    withinReach(reach, sql`c.customer_id`),
    ...(reach === "all" ? [] : [sql`i.number is not null`]),
    ...(month === undefined ? [] : [sql`c.month = ${month}`]),
    ...(customerId === undefined ? [] : [sql`c.customer_id = ${customerId}`]),
    ...(state === undefined ? [] : [sql`${STATE} = ${state}`]),
    ...(before === undefined
      ? []
      : [sql`(c.created_at, c.id) < (${new Date(before.createdMs)}::timestamptz, ${before.id})`]),
  ];
}

const creditOf = (row: CreditRow): ServiceCredit => ({
  id: row.id,
  subscriptionId: row.subscription_id,
  customerId: row.customer_id,
  customerName: row.name,
  month: row.month,
  currency: row.currency,
  net: Number(row.net),
  state: row.state,
  number: row.number,
  createdAt: row.created_at,
  rejectedAt: row.rejected_at,
  rejectedBy: row.rejected_by,
  reason: row.reason,
  terminals: row.terminals,
  evidence: JSON.parse(row.evidence) as CreditEvidence, // written with the draft, by nobody else
});
