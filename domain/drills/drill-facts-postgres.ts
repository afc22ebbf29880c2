import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { DrillDelivery, MemberFacts } from "./drill-times.ts";

/** Of one terminal; a ladder that tells more people in a drill's time is cut, the first are kept. */
const DELIVERIES_MAX = 500;

interface Row {
  readonly address: bigint;
  readonly is_asked: boolean;
  readonly ordered: Date | null;
  readonly sent: Date | null;
  readonly obeyed: Date | null;
  readonly packet: {
    readonly id: string;
    readonly measured_ms: number;
    readonly received_ms: number;
    readonly stored_ms: number;
  } | null;
  readonly alarms: readonly AlarmRow[] | null;
  readonly deliveries: readonly DeliveryRow[] | null;
}

interface AlarmRow {
  readonly id: string;
  readonly raised_ms: number;
  readonly queued_ms: number | null;
  readonly acknowledged_ms: number | null;
  readonly acknowledged_by: string | null;
}

interface DeliveryRow extends Pick<DrillDelivery, "kind" | "id" | "channel" | "state" | "reason"> {
  readonly is_of_operator: boolean;
  readonly queued_ms: number;
  readonly next_ms: number;
  readonly sent_ms: number | null;
  readonly delivered_ms: number | null;
}

const MS = sql`1000`;
const msOf = (column: string) => sql`extract(epoch from ${sql.ref(column)}) * ${MS}`;

/** What was written down of a running drill's terminals since it began; of nobody else's drills. */
export async function loadMemberFacts(
  db: Db,
  drillId: string,
  startedAtMs: number,
): Promise<ReadonlyMap<number, MemberFacts>> {
  const since = new Date(startedAtMs);
  const { rows } = await sql<Row>`
    select m.address, m.command_id is not null as is_asked,
      (select min(e.at) from command_evidence e where e.command_id = m.command_id and e.state = 'queued') as ordered,
      (select min(e.at) from command_evidence e where e.command_id = m.command_id and e.state = 'sent') as sent,
      (select min(e.at) from command_evidence e where e.command_id = m.command_id
        and e.state in ('acknowledged', 'done')) as obeyed,
      (select json_build_object('id', p.id::text, 'measured_ms', p.measured_at_ns / 1000000,
          'received_ms', p.received_at_ns / 1000000, 'stored_ms', ${msOf("p.stored_at")})
        from packet p where p.address = m.address and p.drill and p.accepted and p.report is not null
          and p.received_at_ns >= ${BigInt(startedAtMs) * 1_000_000n}::int8
        order by p.received_at_ns, p.id limit 1) as packet,
      (select json_agg(a order by a.raised_ms, a.id) from (
        select a.id, ${msOf("r.stored_at")} as raised_ms, ${msOf("a.acknowledged_at")} as acknowledged_ms,
          a.acknowledged_by, (select min(${msOf("n.queued_at")}) from notification n where n.alarm_id = a.id) as queued_ms
        from alarms a join alarm_transitions r on r.alarm_id = a.id and r.kind = 'raised'
        where a.address = m.address and a.is_drill and r.stored_at >= ${since}) as a) as alarms,
      (select json_agg(d) from (
        select d.recipient_kind as kind, d.recipient_id as id, d.channel, d.state, d.reason,
          coalesce(u.customer_id is null and d.recipient_kind = 'user', false) as is_of_operator,
          ${msOf("d.created_at")} as queued_ms, ${msOf("d.next_at")} as next_ms,
          ${msOf("d.sent_at")} as sent_ms, ${msOf("d.delivered_at")} as delivered_ms
        from delivery d left join app_user u on d.recipient_kind = 'user' and u.id = d.recipient_id
        where d.id in (select i.delivery_id from delivery_item i join notification n on n.id = i.notification_id
          join alarms a on a.id = n.alarm_id join alarm_transitions r on r.alarm_id = a.id and r.kind = 'raised'
          where a.address = m.address and a.is_drill and r.stored_at >= ${since}
            and n.kind in ('raised', 'worsened', 'overdue', 'reminder', 'escalated'))
        order by d.seq limit ${DELIVERIES_MAX}::int) as d) as deliveries
    from drill_members m where m.drill_id = ${drillId} order by m.address`.execute(db);
  return new Map(rows.map((row) => [Number(row.address), factsOf(row)]));
}

function factsOf({ is_asked: isAsked, ordered, sent, obeyed, packet, alarms, deliveries }: Row) {
  return {
    isAsked,
    orderedAtMs: ordered?.getTime() ?? null,
    pageSentAtMs: sent?.getTime() ?? null,
    obeyedAtMs: obeyed?.getTime() ?? null,
    packet: packet && {
      id: packet.id,
      measuredAtMs: packet.measured_ms,
      receivedAtMs: packet.received_ms,
      storedAtMs: Math.round(packet.stored_ms),
    },
    alarms: (alarms ?? []).map((alarm) => ({
      id: alarm.id,
      raisedAtMs: Math.round(alarm.raised_ms),
      queuedAtMs: rounded(alarm.queued_ms),
      acknowledgedAtMs: rounded(alarm.acknowledged_ms),
      acknowledgedBy: alarm.acknowledged_by,
    })),
    deliveries: (deliveries ?? []).map(
      ({ is_of_operator: isOfOperator, queued_ms, next_ms, sent_ms, delivered_ms, ...rest }) => ({
        ...{ ...rest, isOfOperator },
        queuedAtMs: Math.round(queued_ms),
        nextAtMs: Math.round(next_ms),
        sentAtMs: rounded(sent_ms),
        deliveredAtMs: rounded(delivered_ms),
      }),
    ),
  } satisfies MemberFacts;
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
