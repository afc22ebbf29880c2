import { sql } from "kysely";
import type { Db } from "../db/database.ts";

const EVERY_HOURS = 4.8;
const REPORT_BYTES = 22;

/** Usage of months before the first start; the packet log keeps nothing so old. */
export async function seedDemoReports(
  db: Db,
  address: number,
  from: string,
  to: string,
): Promise<void> {
  await sql`
    with block as materialized (select nextval('packet_id') as first)
    insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
    select block.first + row_number() over (order by at) - 1, ${address}::int8, 'report',
      ${REPORT_BYTES}::int, t.ns, t.ns, false
    from block cross join generate_series(${from}::timestamptz,
      ${to}::timestamptz - interval '1 hour', ${`${EVERY_HOURS} hours`}::interval) at
    cross join lateral (select extract(epoch from at)::int8 * 1000000000 as ns) t`.execute(db);
}
