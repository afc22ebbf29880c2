import { type Selectable, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { BillingRunTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { closableFromMs, daysOfMonth, requireMonth } from "./calendar.ts";
import {
  type ClosedAccount,
  closeAccounts,
  keepClosed,
  type RunFacts,
} from "./close-account-postgres.ts";
import type { CloseAccount, CloseOrder, CloseRun, Closes } from "./closes.ts";
import type { Settled } from "./fee-credits.ts";
import { type BillingDeps, everyPlan } from "./plans-postgres.ts";
import { draftServiceCredits } from "./service-credit-drafts-postgres.ts";
import type { Subscription } from "./subscription.ts";
import { startAccepted } from "./subscriptions-postgres.ts";

export interface ClosesDeps extends BillingDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Others get their turn between two: the embedded database has one connection. */
const ACCOUNTS_AT_ONCE = 200;
const HOUR_NS = 3_600_000_000_000n;
const MS_NS = 1_000_000n;
/** The first time zone is so far ahead of UTC. */
const ZONE_AHEAD = 14n * HOUR_NS;

export function createCloses(deps: ClosesDeps): Closes {
  const { db, audit, log } = deps;
  const running = new Map<string, Promise<void>>();
  let isStopping = false;

  const goOn = (runId: string): void => {
    if (running.has(runId)) return;
    const work = workOff(deps, runId, () => isStopping)
      .catch((error: unknown) => {
        log.error({ err: error, runId }, "a month close stopped; the next start goes on with it");
      })
      .finally(() => running.delete(runId));
    running.set(runId, work);
  };

  return {
    ...readsOf(db),

    async start(order, act) {
      const id = await inTransaction(db, (tx) => openOnce(tx, deps, order, act));
      goOn(id);
      return requireRun(db, id);
    },

    async retry(id, act) {
      await inTransaction(db, async (tx) => {
        const run = await requireRun(tx, id);
        if (run.dryRun) throw new ConflictError("a dry run is simply made again");
        await requireNewest(tx, { ...run });
        await tx
          .updateTable("billing_run_account")
          .set({ state: "waiting", reason: null, detail: null })
          .where("run_id", "=", id)
          .where("state", "=", "parked")
          .execute();
        await tx
          .updateTable("billing_run")
          .set({ state: "running", ended_at: null })
          .where("id", "=", id)
          .execute();
        await audit.record(tx, act, {
          ...{ action: "billing-run.retried", subject: { kind: "billing-run", id } },
        });
      });
      goOn(id);
      return requireRun(db, id);
    },

    async ended(id) {
      await running.get(id);
    },

    async resume() {
      const rows = await db
        .selectFrom("billing_run")
        .select("id")
        .where("state", "=", "running")
        .execute();
      for (const { id } of rows) goOn(id);
    },

    async stop() {
      isStopping = true;
      await Promise.all(running.values());
    },
  };
}

/** The close of a month that there is already, or a new one. */
async function openOnce(tx: Db, deps: ClosesDeps, order: CloseOrder, act: Act): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtext(${`close ${order.legalEntityId}`}))`.execute(tx);
  const known = await findReal(tx, order);
  if (known !== undefined) return known;
  const id = await openRun(tx, deps, deps.makeId(), { order, act });
  await deps.audit.record(tx, act, {
    ...{ action: "billing-run.started", subject: { kind: "billing-run", id } },
    after: order,
  });
  return id;
}

async function findReal(tx: Db, { legalEntityId, month, dryRun }: CloseOrder) {
  if (dryRun) return undefined;
  const row = await tx
    .selectFrom("billing_run")
    .select("id")
    .where("legal_entity_id", "=", legalEntityId)
    .where("month", "=", month)
    .where("dry_run", "=", false)
    .executeTakeFirst();
  return row?.id;
}

/** Months are closed in their order: what is older goes into the open one. */
async function requireNewest(
  tx: Db,
  { legalEntityId, month }: Pick<CloseOrder, "legalEntityId" | "month">,
): Promise<void> {
  const later = await tx
    .selectFrom("billing_run")
    .select("month")
    .where("legal_entity_id", "=", legalEntityId)
    .where("dry_run", "=", false)
    .where("month", ">", month)
    .executeTakeFirst();
  if (later !== undefined)
    throw new ConflictError(
      `${later.month} is closed already: what is left of ${month} goes into the next`,
      {
        field: "month",
      },
    );
}

async function openRun(
  tx: Db,
  { clock }: ClosesDeps,
  id: string,
  { order, act }: { readonly order: CloseOrder; readonly act: Act },
): Promise<string> {
  const { legalEntityId, month, dryRun } = order;
  const fromMs = closableFromMs(requireMonth("month", month));
  if (!dryRun && clock.now() < fromMs)
    throw new InvalidInputError(
      "month",
      `${month} can be closed from ${new Date(fromMs).toISOString()} on, when it is over everywhere; a dry run can be made at any time`,
    );
  await requireNewest(tx, order);
  const { rows: entities } = await sql`
    select from legal_entity where id = ${legalEntityId}`.execute(tx);
  if (entities.length === 0) throw new NotFoundError("legal entity", legalEntityId);
  await startAccepted(tx);
  await sql`
    insert into billing_run (id, legal_entity_id, month, dry_run, state, usage_below, accounts,
      by_name, started_at)
    select ${id}, ${legalEntityId}, ${month}, ${dryRun}::boolean, 'running',
      pg_snapshot_xmin(pg_current_snapshot())::text::int8,
      (select count(*)::int from billing_account where legal_entity_id = ${legalEntityId}),
      ${act.actor.name}, ${new Date(act.atMs)}::timestamptz`.execute(tx);
  await sql`
    insert into billing_run_account (run_id, customer_id, state)
    select ${id}, customer_id, 'waiting' from billing_account
    where legal_entity_id = ${legalEntityId}`.execute(tx);
  await setLateAside(tx, id, order);
  return id;
}

/**
 * Reports of earlier months that no close may have seen yet, looked up once for the whole run: those stored since the
 * last one by the order of transactions, and all of the accounts that it did not close.
 */
async function setLateAside(tx: Db, runId: string, { legalEntityId, month }: CloseOrder) {
  const beforeNs = BigInt(Date.parse(daysOfMonth(month).from)) * MS_NS + ZONE_AHEAD;
  const last = await tx
    .selectFrom("billing_run")
    .select(["id", "usage_below"])
    .where("legal_entity_id", "=", legalEntityId)
    .where("dry_run", "=", false)
    .where("month", "<", month)
    .orderBy("month", "desc")
    .limit(1)
    .executeTakeFirst();
  const since = last?.usage_below ?? 0n;
  const late = sql`u.kind = 'report' and u.received_at_ns < ${beforeNs}::int8`;
  await sql`
    insert into billing_run_late (run_id, address, received_at_ns, bytes, tx, packet_id)
    select r.id, u.address, u.received_at_ns, u.bytes, u.tx, u.packet_id
    from billing_run r join usage_record u on u.tx >= ${since}::int8 and u.tx < r.usage_below
    where r.id = ${runId} and ${late}`.execute(tx);
  if (since === 0n) return;
  await sql`
    with missed as (
      select a.customer_id from billing_account a where a.legal_entity_id = ${legalEntityId}
        and not exists (select from billing_run_account ra where ra.run_id = ${last?.id ?? ""}
          and ra.customer_id = a.customer_id and ra.state in ('drafted', 'empty'))),
    places as (
      select t.address from missed m join subscription s on s.customer_id = m.customer_id
        cross join lateral jsonb_to_recordset(s.terminals) t (address bigint)
      union select a.address from missed m join assignment a on a.customer_id = m.customer_id)
    insert into billing_run_late (run_id, address, received_at_ns, bytes, tx, packet_id)
    select ${runId}, u.address, u.received_at_ns, u.bytes, u.tx, u.packet_id
    from places p join usage_record u on u.address = p.address
    where ${late} and u.tx < ${since}::int8 on conflict do nothing`.execute(tx);
}

/** A few accounts a transaction, until none waits. Several processes may do so side by side. */
async function workOff(deps: ClosesDeps, runId: string, isStopping: () => boolean): Promise<void> {
  const { db, clock } = deps;
  const run = await db
    .selectFrom("billing_run")
    .innerJoin("legal_entity", "legal_entity.id", "billing_run.legal_entity_id")
    .selectAll("billing_run")
    .select("legal_entity.tax_rates")
    .where("billing_run.id", "=", runId)
    .executeTakeFirstOrThrow();
  const facts: RunFacts = {
    ...{ run, plans: await everyPlan(db), taxRates: run.tax_rates },
    late: "set-aside",
  };
  while (!isStopping()) {
    const count = await inTransaction(db, (tx) => closeSome(tx, facts, new Date(clock.now())));
    if (count > 0) continue;
    await finish(db, runId, new Date(clock.now()));
    return;
  }
}

async function closeSome(tx: Db, facts: RunFacts, at: Date): Promise<number> {
  const { rows } = await sql<{ customer_id: string }>`
    select customer_id from billing_run_account
    where run_id = ${facts.run.id} and state = 'waiting'
    order by customer_id limit ${ACCOUNTS_AT_ONCE}::int for update skip locked`.execute(tx);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ customer_id: id }) => id);
  if (!facts.run.dry_run) await holdAccounts(tx, ids); // a note at this moment is seen, or sees the draft
  const closed = await closeAccounts(tx, facts, ids);
  await keepClosed(tx, facts, closed, at);
  if (!facts.run.dry_run) await draftCredits(tx, facts, closed, at);
  return rows.length;
}

/** Beside the invoices, in the same transaction; an account that is parked has its own once it is looked at again. */
async function draftCredits(
  tx: Db,
  { run: { month }, plans, taxRates }: RunFacts,
  closed: readonly ClosedAccount[],
  at: Date,
): Promise<void> {
  const done = closed.filter(({ outcome }) => outcome.state !== "parked");
  const of = new Map(done.map((one) => [one.customerId, one.settled]));
  const settled = ({ id, customerId }: Subscription): Settled =>
    of.get(customerId)?.(id) ?? { billed: [], credited: [] };
  await draftServiceCredits(tx, { month, at, plans, taxRates, settled }, [...of.keys()]);
}

async function finish(db: Db, runId: string, at: Date): Promise<void> {
  await sql`
    update billing_run set state = 'done', ended_at = ${at}::timestamptz
    where id = ${runId} and state = 'running' and not exists (
      select from billing_run_account where run_id = ${runId} and state = 'waiting')`.execute(db);
}

interface RunRow extends Selectable<BillingRunTable> {
  readonly drafted: number;
  readonly empty: number;
  readonly parked: number;
  readonly waiting: number;
  readonly totals: CloseRun["totals"];
}

const runsWhere = (db: Db, condition: ReturnType<typeof sql>, limit: number) =>
  sql<RunRow>`
    select r.*, c.*, t.totals from billing_run r cross join lateral (
      select count(*) filter (where state = 'drafted')::int as drafted,
        count(*) filter (where state = 'empty')::int as empty,
        count(*) filter (where state = 'parked')::int as parked,
        count(*) filter (where state = 'waiting')::int as waiting
      from billing_run_account where run_id = r.id) c
    cross join lateral (
      select coalesce(json_agg(json_build_object('currency', currency, 'gross', gross)
        order by currency), '[]') as totals
      from (select b.currency, sum(a.gross)::int8 as gross from billing_run_account a
        join billing_account b on b.customer_id = a.customer_id
        where a.run_id = r.id and a.gross is not null group by b.currency) g) t
    where ${condition} order by r.started_at desc, r.id limit ${limit}::int`.execute(db);

const readsOf = (db: Db): Pick<Closes, "find" | "list" | "accounts"> => ({
  find: (id) => findRun(db, id),

  async list(limit) {
    return (await runsWhere(db, sql`true`, limit)).rows.map(runOf);
  },

  async accounts(id, { state, after, limit }) {
    let query = db
      .selectFrom("billing_run_account as a")
      .innerJoin("customer as c", "c.id", "a.customer_id")
      .innerJoin("billing_account as b", "b.customer_id", "a.customer_id")
      .selectAll("a")
      .select(["c.name", "b.currency"])
      .where("a.run_id", "=", id);
    if (state !== undefined) query = query.where("a.state", "=", state);
    if (after !== undefined) query = query.where("a.customer_id", ">", after);
    const rows = await query.orderBy("a.customer_id").limit(limit).execute();
    return rows.map(
      (row): CloseAccount => ({
        customerId: row.customer_id,
        customerName: row.name,
        state: row.state,
        reason: row.reason,
        detail: row.detail,
        invoiceId: row.invoice_id,
        gross: row.gross === null ? null : Number(row.gross),
        currency: row.currency,
      }),
    );
  },
});

async function findRun(db: Db, id: string): Promise<CloseRun | undefined> {
  const [row] = (await runsWhere(db, sql`r.id = ${id}`, 1)).rows;
  return row && runOf(row);
}

async function requireRun(db: Db, id: string): Promise<CloseRun> {
  const run = await findRun(db, id);
  if (run === undefined) throw new NotFoundError("month close", id);
  return run;
}

const runOf = (row: RunRow): CloseRun => ({
  id: row.id,
  legalEntityId: row.legal_entity_id,
  month: row.month,
  dryRun: row.dry_run,
  state: row.state,
  accounts: row.accounts,
  drafted: row.drafted,
  empty: row.empty,
  parked: row.parked,
  waiting: row.waiting,
  totals: row.totals,
  byName: row.by_name,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});
