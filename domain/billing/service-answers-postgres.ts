import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { HeldProof, ServiceAnswers } from "./service-proofs.ts";

interface AnswersRow {
  readonly alarms: number;
  readonly median_ms: number | null;
  readonly slowest_ms: number | null;
  readonly ended: number;
  readonly on_time: number;
}

/**
 * How soon alarms were told and commands done, of each proof in its order. An alarm counts from the packet that raised it
 * to its first notification in the queue, as long as that is kept; a command once it was approved, unless people took it
 * back. Drills are none.
 */
export async function answersOf(
  db: Db,
  proofs: readonly HeldProof[],
): Promise<readonly ServiceAnswers[]> {
  const asked = proofs.map(({ address, customerId, held }, key) => ({
    ...{ key, address, customer: customerId, from_ms: held.fromMs, to_ms: held.toMs },
  }));
  const { rows } = await sql<AnswersRow>`
    select a.*, c.* from (
      select r.*, to_timestamp(from_ms / 1e3) as from_at, to_timestamp(to_ms / 1e3) as to_at
      from ${jsonRows(asked)} as r (key int, address int8, customer text, from_ms int8, to_ms int8)) w
    cross join lateral (
      select count(*)::int as alarms, percentile_disc(0.5) within group (order by ms) as median_ms,
        max(ms) as slowest_ms
      from (
        select greatest(0, round(extract(epoch from n.queued_at) * 1000
          - u.received_at_ns / 1000000))::float8 as ms
        from alarms a
        join lateral (select (t.card #>> '{input,packetId}')::int8 as packet_id
          from alarm_transitions t where t.alarm_id = a.id and t.kind = 'raised'
            and t.card #>> '{input,kind}' = 'report' order by t.id limit 1) t on true
        join usage_record u on u.packet_id = t.packet_id
        join lateral (select min(queued_at) as queued_at from notification
          where alarm_id = a.id and kind = 'raised') n on n.queued_at is not null
        where a.address = w.address and a.customer_id = w.customer and not a.is_drill
          and a.opened_at >= w.from_at and a.opened_at < w.to_at) told) a
    cross join lateral (
      select count(*)::int as ended, count(*) filter (where state = 'done'
        and extract(epoch from ended_at) * 1000 <= (command ->> 'expiresAtMs')::float8)::int as on_time
      from commands where address = w.address and customer_id = w.customer and not is_drill
        and state in ('done', 'refused', 'expired', 'failed')
        and command ->> 'expiresAtMs' is not null
        and ended_at >= w.from_at and ended_at < w.to_at) c
    order by w.key`.execute(db);
  return rows.map((row) => ({
    alerts: { count: row.alarms, medianMs: row.median_ms, slowestMs: row.slowest_ms },
    commands: { ended: row.ended, onTime: row.on_time },
  }));
}
