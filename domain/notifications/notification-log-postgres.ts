import { type RawBuilder, type Selectable, sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import { OPERATOR } from "../alerting/operator-names.ts";
import type { Db } from "../db/database.ts";
import type { DeliveryTable } from "../db/tables-notifications.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
import type { LoggedDelivery, LogQuery, NotificationLog } from "./notification-log.ts";

const DEAD_COUNTED_MAX = 1_000;
const ATTEMPTS_SHOWN_MAX = 200;

export const createNotificationLog = (db: Db): NotificationLog => ({
  list: (query) => select(db, conditionsOf(query), query),

  async deadCount(reach) {
    const { rows } = await sql<{ count: bigint }>`
      select count(*) as count from (select from delivery d where d.state = 'dead' and ${withinSql(reach)}
        limit ${DEAD_COUNTED_MAX}::int) as dead`.execute(db);
    return Number(rows[0]?.count ?? 0n);
  },

  async find(id, reach) {
    const [found] = await select(db, sql`d.id = ${id}`, { reach, limit: 1 });
    if (found === undefined || !isWithin(reach, found.customerId))
      throw new NotFoundError("delivery", id);
    if (found.recipientId === OPERATOR) return { ...found, history: [] }; // a server's answer repeats the address
    const attempts = await db
      .selectFrom("delivery_attempt")
      .select(["number", "at", "outcome", "detail"])
      .where("delivery_id", "=", id)
      .orderBy("seq", "desc")
      .limit(ATTEMPTS_SHOWN_MAX)
      .execute();
    const history = attempts.map(({ at, ...each }) => ({ ...each, atMs: at.getTime() }));
    return { ...found, history };
  },
});

const withinSql = (reach: Reach): RawBuilder<unknown> =>
  reach === "all" ? sql`true` : sql`d.customer_id in ${customersWithin(reach)}`;

function conditionsOf(query: LogQuery): RawBuilder<unknown> {
  const {
    reach,
    state,
    channel,
    severity,
    customerId,
    recipientId,
    alarmId,
    fromMs,
    toMs,
    before,
  } = query;
  const conditions = [
    withinSql(reach),
    equal("state", state),
    equal("channel", channel),
    equal("severity", severity),
    equal("customer_id", customerId),
    equal("recipient_id", recipientId),
    ...(fromMs === undefined ? [] : [sql`d.created_at >= ${new Date(fromMs)}`]),
    ...(toMs === undefined ? [] : [sql`d.created_at < ${new Date(toMs)}`]),
    ...(before === undefined ? [] : [sql`d.seq < ${before}::int8`]),
    ...(alarmId === undefined
      ? []
      : [
          sql`exists (select from delivery_item i join notification n on n.id = i.notification_id
            where i.delivery_id = d.id and n.alarm_id = ${alarmId})`,
        ]),
  ];
  return sql.join(conditions, sql` and `);
}

const equal = (column: string, value: string | undefined): RawBuilder<unknown> =>
  value === undefined ? sql`true` : sql`d.${sql.ref(column)} = ${value}`;

type Row = Selectable<DeliveryTable> & {
  readonly recipient_name: string | null;
  readonly kind: string | null;
  readonly alarm_id: string | null;
  readonly title_en: string | null;
  readonly title_zh: string | null;
  readonly is_of_operator: boolean;
};

async function select(
  db: Db,
  where: RawBuilder<unknown>,
  { reach, limit }: Pick<LogQuery, "reach" | "limit">,
): Promise<readonly LoggedDelivery[]> {
  const { rows } = await sql<Row>`
    select d.*, first.kind, first.alarm_id, first.title_en, first.title_zh,
      case d.recipient_kind
        when 'user' then (select name from app_user where id = d.recipient_id)
        when 'contact' then (select name from contact where id = d.recipient_id)
        when 'webhook' then (select name from webhook where id = d.recipient_id)
        else (select name from customer where id = d.recipient_id) end as recipient_name,
      case d.recipient_kind
        when 'user' then exists (select from app_user where id = d.recipient_id and customer_id is null)
        when 'webhook' then exists (select from webhook where id = d.recipient_id and customer_id is null)
        else false end as is_of_operator
    from delivery d left join lateral (
      select n.kind, n.alarm_id, n.title_en, n.title_zh from delivery_item i join notification n on n.id = i.notification_id
      where i.delivery_id = d.id order by n.rank, n.seq limit 1) as first on true
    where ${where} order by d.seq desc limit ${limit}::int`.execute(db);
  return rows.map((row) => (reach === "all" ? loggedOf(row) : withoutOperator(row)));
}

/** A customer's people see that the operator was told, and neither whom nor where. */
const withoutOperator = (row: Row): LoggedDelivery =>
  row.is_of_operator
    ? { ...loggedOf(row), recipientId: OPERATOR, recipientName: "", target: "", reason: null }
    : loggedOf(row);

const loggedOf = (row: Row): LoggedDelivery => ({
  id: row.id,
  seq: row.seq,
  customerId: row.customer_id,
  recipientKind: row.recipient_kind,
  recipientId: row.recipient_id,
  recipientName: row.recipient_name ?? "",
  channel: row.channel,
  target: row.target,
  language: row.language,
  severity: row.severity,
  state: row.state,
  reason: row.reason,
  isBundle: row.bundle,
  items: row.items,
  title: { en: row.title_en ?? "", "zh-CN": row.title_zh ?? "" },
  kind: row.kind ?? "",
  alarmId: row.alarm_id,
  attempts: row.attempts,
  createdAtMs: row.created_at.getTime(),
  nextAtMs: row.next_at.getTime(),
  sentAtMs: row.sent_at?.getTime() ?? null,
  deliveredAtMs: row.delivered_at?.getTime() ?? null,
  units: row.units,
  costMicros: Number(row.cost_micros),
  fallbackOf: row.fallback_of,
});
