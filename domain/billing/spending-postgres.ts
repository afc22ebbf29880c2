import { sql } from "kysely";
import { NotFoundError, StaleError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Reach } from "../identity/policy.ts";
import { insertNotifications } from "../notifications/notification-insert-postgres.ts";
import { billingPeople } from "./billing-people-postgres.ts";
import type { BillingDeps } from "./plans-postgres.ts";
import { runningSpend } from "./running-spend-postgres.ts";
import { setCuts } from "./service-cuts-postgres.ts";
import {
  judgeSpend,
  NO_SPEND_RULES,
  quotaCut,
  requireSpendRules,
  type SpendJudgement,
  type SpendRules,
  spendWords,
  walletCut,
} from "./spend.ts";
import type { RunningSpend, Spending, StoredSpendRules } from "./spending.ts";

/** Fees are due and months end without any usage: each account is looked at so often at least. */
const LOOKED_AT_MS = 600_000;
/** Of these and of the stopped, each time: who has paid, then who was looked at longest ago. */
const LOOKED_AT_ONCE = 20;

export function createSpending({ db, audit }: Pick<BillingDeps, "db" | "audit">): Spending {
  return {
    rules: (customerId, reach) => rulesOf(db, customerId, reach),

    putRules: ({ customerId, version }, rules, act) =>
      inTransaction(db, async (tx) => {
        requireSpendRules(rules);
        await sql`select from billing_account where customer_id = ${customerId}
          for no key update`.execute(tx);
        const known = await rulesOf(tx, customerId, "all");
        if (known === undefined) throw new NotFoundError("billing account", customerId);
        const { version: now, ...before } = known;
        if (version !== undefined && version !== now)
          throw new StaleError("spend rules", version, now);
        await startWatching(tx);
        const spec = JSON.stringify(rules);
        await sql`
          insert into spend_rule (customer_id, spec, version, looked_at)
          values (${customerId}, ${spec}::text::jsonb, 1, null)
          on conflict (customer_id) do update set spec = excluded.spec, looked_at = null,
            version = spend_rule.version + 1`.execute(tx);
        await audit.record(tx, act, {
          ...{ action: "spend-rules.changed", before, after: rules, customerId },
          subject: { kind: "billing-account", id: customerId },
        });
        return { ...rules, version: now + 1 };
      }),

    async running(customerId, reach, nowMs) {
      const rules = await rulesOf(db, customerId, reach);
      return rules && (await runningOf(db, customerId, rules, nowMs));
    },

    async watch(nowMs) {
      const due = await dueToLook(db, nowMs);
      if (due === undefined) return 0;
      for (const { customer_id: id } of due.customers)
        await inTransaction(db, (tx) => lookAt(tx, id, nowMs));
      await sql`update spend_cursor set tx = greatest(tx, ${due.below}::int8)
        where tx < ${due.below}::int8 and exists (select from spend_rule)`.execute(db);
      return due.customers.length;
    },
  };
}

/** Nothing was looked for while there were no rules: what came before the first one is looked at with it. */
const startWatching = (tx: Db) =>
  sql`
  insert into spend_cursor (tx) values (pg_snapshot_xmin(pg_current_snapshot())::text::int8)
  on conflict (one) do update set tx = excluded.tx
    where not exists (select from spend_rule)`.execute(tx);

async function rulesOf(
  db: Db,
  customerId: string,
  reach: Reach,
): Promise<StoredSpendRules | undefined> {
  const { rows } = await sql<{ spec: SpendRules | null; version: number | null }>`
    select r.spec, r.version from billing_account a
    left join spend_rule r on r.customer_id = a.customer_id
    where a.customer_id = ${customerId} and ${withinReach(reach, sql`a.customer_id`)}`.execute(db);
  const [row] = rows;
  return row && { ...(row.spec ?? NO_SPEND_RULES), version: row.version ?? 0 };
}

async function runningOf(
  db: Db,
  customerId: string,
  rules: SpendRules,
  nowMs: number,
): Promise<RunningSpend> {
  const spend = await runningSpend(db, customerId, nowMs);
  const { isWalletEmpty, isQuotaUsedUp } = judgeSpend(rules, spend);
  return { ...spend, isWalletEmpty, isQuotaUsedUp };
}

/** Whose usage has been stored since the last look, who is stopped now, and who was not looked at for long. */
async function dueToLook(db: Db, nowMs: number) {
  const { rows: cursors } = await sql<{ since: bigint; below: bigint }>`
    select tx as since, pg_snapshot_xmin(pg_current_snapshot())::text::int8 as below
    from spend_cursor`.execute(db);
  const [cursor] = cursors;
  if (cursor === undefined) return undefined; // nobody has ever had a rule
  const { since, below } = cursor;
  const stored = sql`u.tx >= ${since}::int8 and u.tx < ${below}::int8`;
  const { rows: customers } = await sql<{ customer_id: string }>`
    (select r.customer_id from spend_rule r where exists (select from service_cut k
        where k.customer_id = r.customer_id and k.reason in ('wallet', 'quota'))
      order by exists (select from payment p where p.customer_id = r.customer_id
        and p.created_at >= r.looked_at) desc, r.looked_at nulls first limit ${LOOKED_AT_ONCE}::int)
    union select r.customer_id from usage_record u join subscription s on s.address = u.address
      join spend_rule r on r.customer_id = s.customer_id where ${stored}
    union select r.customer_id from usage_record u
      join assignment a on a.address = u.address and a.to_ns is null
      join spend_rule r on r.customer_id = a.customer_id where ${stored}
    union select r.customer_id from message_usage u join spend_rule r on r.customer_id = u.customer_id
      where ${stored}
    union select r.customer_id from page_usage u
      left join assignment a on a.address = u.address and a.to_ns is null
      join spend_rule r on r.customer_id = coalesce(u.customer_id, a.customer_id) where ${stored}
    union (select customer_id from spend_rule where looked_at is null
        or looked_at < ${new Date(nowMs - LOOKED_AT_MS)}::timestamptz
      order by looked_at nulls first limit ${LOOKED_AT_ONCE}::int)
    order by customer_id`.execute(db);
  return { below, customers };
}

async function lookAt(tx: Db, customerId: string, nowMs: number): Promise<void> {
  const at = new Date(nowMs);
  // before its invoices, as dunning does; a payment that comes meanwhile is seen at the next look
  const { rows } = await sql<{ spec: SpendRules; targets: readonly string[] | null }>`
    select r.spec, (${billingPeople(sql`r.customer_id`)}) as targets from spend_rule r
    where r.customer_id = ${customerId} for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) return;
  const spend = await runningSpend(tx, customerId, nowMs);
  const judged = judgeSpend(row.spec, spend);
  const cut = { customerId, at };
  // of a parked month nobody knows what it has come to: what is cut stays cut
  const isUnknown = spend.parked !== null && row.spec.isPrepaid && !judged.isWalletEmpty;
  if (!isUnknown)
    await setCuts(tx, { ...cut, reason: "wallet", cutOf: walletCut(judged.isWalletEmpty) });
  await setCuts(tx, { ...cut, reason: "quota", cutOf: quotaCut(judged.isQuotaUsedUp) });
  await sql`update spend_rule set looked_at = ${at}::timestamptz
    where customer_id = ${customerId}`.execute(tx);
  const news = await keepTold(tx, spend, judged);
  const targets = row.targets ?? [];
  if (targets.length === 0) return;
  await insertNotifications(
    tx,
    news.map((what) => ({
      ...{ id: `spend-${customerId}-${what}-${nowMs}`, kind: "billing", alarmId: null, customerId },
      ...{ address: null, assetId: null, isLifeSafety: false, isDrill: false, atMs: nowMs },
      ...{ severity: "major", title: spendWords(what, spend.currency, spend), targets },
    })),
    nowMs,
  );
}

/** What is new of it; what does not hold any more, or was of another month, may be told again. */
async function keepTold(
  tx: Db,
  { customerId, month, parked }: Pick<RunningSpend, "customerId" | "month" | "parked">,
  { tell }: SpendJudgement,
): Promise<readonly string[]> {
  await sql`
    delete from spend_told where customer_id = ${customerId} and ${parked === null}::boolean
      and (month <> ${month} or what <> all (${[...tell]}::text[]))`.execute(tx);
  const { rows } = await sql<{ what: string }>`
    insert into spend_told (customer_id, what, month)
    select ${customerId}, unnest(${[...tell]}::text[]), ${month}
    on conflict do nothing returning what`.execute(tx);
  return rows.map(({ what }) => what);
}
