import { type RawBuilder, sql } from "kysely";
import { ConflictError, InvalidInputError } from "../../base/errors.ts";
import { forgetAlarmsOf } from "../alerting/forget-postgres.ts";
import { forgetCommandsOf } from "../commands/forget-postgres.ts";
import type { Db } from "../db/database.ts";
import { literally } from "../db/search.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { NO_PASSWORD } from "../identity/passwords.ts";
import { forgetCustomers } from "../notifications/forget-postgres.ts";
import { forgetRecoveriesOf } from "../recovery/forget-postgres.ts";
import { keysOf } from "./customer-keys.ts";
import { holdCustomer } from "./customer-rows-postgres.ts";
import {
  type Erased,
  type Erasure,
  type ErasureSurvey,
  type Kept,
  type KeptReason,
  TOMBSTONE,
} from "./personal-data.ts";
import { textList } from "./reach-postgres.ts";

export interface ErasureDeps {
  readonly audit: Audit;
  readonly makeId: () => string;
}

interface Order {
  readonly customerId: string;
  /** The customer and all that were merged into it. */
  readonly ids: readonly string[];
  readonly number: string;
  readonly act: Act;
}

export async function erase(
  tx: Db,
  { customerId, ids, number, act }: Order,
  { audit, makeId }: ErasureDeps,
): Promise<Erasure> {
  const row = await holdCustomer(tx, customerId);
  if (number.trim().toUpperCase() !== row.number.toUpperCase())
    throw new InvalidInputError("number", "the number is not that of the customer to be erased");
  const { serving, erased, kept } = await survey(tx, ids);
  if (serving.length > 0)
    throw new ConflictError(
      `terminals still serve this customer, end their assignments first: ${serving.join(", ")}`,
      { serving },
    );
  await overwrite(tx, ids, act);
  const erasure = await tx
    .insertInto("erasure")
    .values({
      id: makeId(),
      customer_id: customerId,
      by_name: act.actor.name,
      at: new Date(act.atMs),
      erased: JSON.stringify(erased),
      kept: JSON.stringify(kept),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await audit.record(tx, act, {
    action: "customer.erased",
    subject: { kind: "customer", id: customerId },
    customerId,
    after: { erasure: erasure.id, erased, kept },
  });
  return erasureOf(erasure);
}

export async function listErasures(db: Db, customerId: string): Promise<readonly Erasure[]> {
  const rows = await db
    .selectFrom("erasure")
    .selectAll()
    .where("customer_id", "=", customerId)
    .orderBy("at", "desc")
    .execute();
  return rows.map(erasureOf);
}

interface ErasureRow {
  readonly id: string;
  readonly customer_id: string;
  readonly by_name: string;
  readonly at: Date;
  readonly erased: unknown;
  readonly kept: unknown;
}

const erasureOf = (row: ErasureRow): Erasure => ({
  id: row.id,
  customerId: row.customer_id,
  byName: row.by_name,
  atMs: row.at.getTime(),
  erased: row.erased as readonly Erased[], // both are written by erase() alone
  kept: row.kept as readonly Kept[],
});

/** What an erasure of these would overwrite and keep at this moment. */
export async function survey(db: Db, customerIds: readonly string[]): Promise<ErasureSurvey> {
  const ids = textList(customerIds);
  const erased: Erased[] = [];
  for (const table of ERASED_TABLES) {
    const where = table === "customer" ? sql`id in ${ids}` : sql`customer_id in ${ids}`;
    const count = await countOf(db, sql`${sql.table(table)} where ${where}`);
    if (count > 0) erased.push({ table, count });
  }
  const kept: Kept[] = [];
  for (const { reason, tables, from } of keptOf(ids)) {
    const count = await countOf(db, from);
    if (count > 0) kept.push({ reason, count, tables });
  }
  const mentions = await mentionsOf(db, customerIds);
  if (mentions > 0)
    kept.push({ reason: "audit-mentions", count: mentions, tables: ["audit_entry"] });
  const { rows } = await sql<{ serial: string }>`
    select t.serial from assignment a join terminal t on t.address = a.address
    where a.customer_id in ${ids} and a.to_ns is null order by t.serial limit 10`.execute(db);
  return { erased, kept, serving: rows.map(({ serial }) => serial) };
}

const ERASED_TABLES = [
  "customer",
  "contact",
  "site",
  "customer_note",
  "consent",
  "app_user",
  "api_key",
  "asset",
  "alert_rules",
  "alarm_cases",
  "recoveries",
  "commands",
  "notification_preference",
  "webhook",
  "escalation_ladder",
  "message_cap",
  "delivery",
] as const;

const countOf = async (db: Db, from: RawBuilder<unknown>): Promise<number> => {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from ${from}`.execute(db);
  return Number(rows[0]?.count ?? 0n);
};

interface KeptPart {
  readonly reason: KeptReason;
  readonly tables: readonly string[];
  readonly from: RawBuilder<unknown>;
}

const keptOf = (ids: RawBuilder<unknown>): readonly KeptPart[] => [
  { reason: "number", tables: ["customer"], from: sql`customer where id in ${ids}` },
  { reason: "consents", tables: ["consent"], from: sql`consent where customer_id in ${ids}` },
  {
    reason: "assignments",
    tables: ["assignment"],
    from: sql`assignment where customer_id in ${ids}`,
  },
  {
    reason: "measurements",
    tables: ["packet", "usage_record", "telemetry_point", "network_position"],
    from: sql`assignment a join packet p on p.address = a.address and p.measured_at_ns >= a.from_ns
      and (a.to_ns is null or p.measured_at_ns < a.to_ns) where a.customer_id in ${ids}`,
  },
  {
    reason: "alarms",
    tables: ["alarms", "alarm_transitions"],
    from: sql`alarms where customer_id in ${ids}`,
  },
  {
    reason: "messages",
    tables: ["message_usage", "delivery", "notification"],
    from: sql`message_usage where customer_id in ${ids}`,
  },
  {
    reason: "invoices",
    tables: ["invoice", "invoice_line", "payment", "allocation", "ledger_transaction"],
    from: sql`invoice where customer_id in ${ids} and number is not null`,
  },
  {
    reason: "subscriptions",
    tables: ["billing_account", "subscription", "dunning_event"],
    from: sql`billing_account where customer_id in ${ids}`,
  },
  {
    reason: "acceptance",
    tables: ["provisioning_job", "provisioning_step", "provisioning_photo"],
    from: sql`provisioning_job where customer_id in ${ids}`,
  },
  {
    reason: "audit-actors",
    tables: ["audit_entry"],
    from: sql`audit_entry where actor_kind = 'user' and actor_id in (
      select id from app_user where customer_id in ${ids})`,
  },
];

/** Short texts are in everything: a name of two letters would find every entry. */
const MENTION_CHARACTERS_MIN = 4;

/** Entries of the audit log in which somebody wrote down, as a reason or otherwise, what is to be erased. */
async function mentionsOf(db: Db, customerIds: readonly string[]): Promise<number> {
  const ids = textList(customerIds);
  const { rows } = await sql<{ value: string }>`
    select distinct value from (
      select unnest(array[name, email, phone, tax_id]) as value from customer where id in ${ids}
      union all select unnest(array[name, email, phone]) from contact where customer_id in ${ids}
      union all select unnest(array[name, email]) from app_user where customer_id in ${ids}) v
    where length(value) >= ${MENTION_CHARACTERS_MIN}::int`.execute(db);
  const values = rows.map(({ value }) => value).filter((value) => value !== TOMBSTONE);
  if (values.length === 0) return 0;
  const patterns = textList(values.map((value) => `%${literally(value)}%`));
  return countOf(
    db,
    sql`audit_entry where concat_ws(' ', before::text, after::text, reason) ilike any (array${patterns})`,
  );
}

async function overwrite(tx: Db, customerIds: readonly string[], act: Act): Promise<void> {
  const at = new Date(act.atMs);
  const ids = textList(customerIds);
  const nothing = { name: TOMBSTONE, email: null, phone: null };
  await tx
    .updateTable("customer")
    .set({
      ...nothing,
      address: null,
      tax_id: null,
      tags: "[]",
      ...keysOf(nothing),
      erased_at: at,
      version: sql`version + 1`,
    })
    .where("id", "in", customerIds)
    .execute();
  await forgetCustomers(tx, ids); // before its users are overwritten
  await forgetAlarmsOf(tx, ids, TOMBSTONE, at);
  await forgetRecoveriesOf(tx, ids, TOMBSTONE, at);
  await forgetCommandsOf(tx, ids, act);
  const of = sql`where customer_id in ${ids}`;
  const users = sql`(select id from app_user ${of})`;
  for (const statement of [
    sql`update contact set name = ${TOMBSTONE}, email = null, phone = null, version = version + 1 ${of}`,
    sql`update site set name = ${TOMBSTONE}, address = '', latitude = null, longitude = null,
      version = version + 1 ${of}`,
    sql`update invoice_mail set target = ${TOMBSTONE} where invoice_id in (
      select id from invoice ${of})`,
    sql`update customer_note set text = ${TOMBSTONE} ${of}`,
    sql`update consent set source = ${TOMBSTONE} ${of}`,
    sql`update asset set name = ${TOMBSTONE}, plate = null, vin = null, latitude = null,
      longitude = null, note = '', version = version + 1 ${of}`,
    sql`update api_key set name = ${TOMBSTONE}, revoked_at = coalesce(revoked_at, ${at}::timestamptz) ${of}`,
    sql`delete from idempotency_record where caller_id in ${users}`,
    sql`delete from idempotency_record where exists (
      select from ${ids} as erased (id) where position(erased.id in body) > 0)`,
    sql`delete from user_session where user_id in ${users}`,
    sql`update app_user set name = ${TOMBSTONE}, email = 'erased-' || id, password_hash = ${NO_PASSWORD},
      totp_secret = null, totp_confirmed_at = null, recovery_hashes = '[]',
      disabled_at = coalesce(disabled_at, ${at}::timestamptz), version = version + 1 ${of}`,
  ])
    await statement.execute(tx);
}
