import { sql } from "kysely";
import type { Db } from "../../domain/db/database.ts";

/** How many of each; a terminal's customer is its address modulo the customers. */
export interface WorldSize {
  readonly terminals: number;
  readonly customers: number;
}

export const customerOf = (address: number, { customers }: WorldSize): number =>
  address % customers;
export const customerId = (index: number): string => `customer-${index}`;

/**
 * A city's fleet as the lists see it: names in both languages, a tenth never heard, each on an asset of a customer's.
 * Straight into the tables, for how it came there is another figure.
 */
export async function fillWorld(db: Db, { terminals, customers }: WorldSize): Promise<void> {
  await sql`
    insert into terminal (address, serial, name, profile, life_cycle, root_key, batch, latitude,
      longitude)
    select n, 'HL-' || lpad(n::text, 8, '0'),
      case n % 3 when 0 then '沪' || chr(65 + n % 26) || '·' || lpad((n * 7919 % 100000)::text, 5, '0')
        when 1 then 'Lamp ' || n || ' Xinzha Road' else 'Bus ' || n % 997 || '-' || n end,
      case n % 3 when 0 then 'vehicle' when 1 then 'streetlight' else 'bus' end,
      'active', decode(repeat('00', 45), 'hex'), 'B-' || n % 40, 31.1 + n % 200 / 1000.0, 121.4
    from generate_series(1, ${terminals}::int) n`.execute(db);
  await sql`
    insert into customer (id, number, kind, name, language, time_zone, tags, created_at, version)
    select 'customer-' || n, 'B-' || n, 'organisation', 'Customer ' || n || ' 客户', 'en',
      'Asia/Shanghai', '[]', now(), 1
    from generate_series(0, ${customers - 1}::int) n`.execute(db);
  await sql`
    insert into asset (id, customer_id, kind, name, plate, note, created_at, version)
    select 'asset-' || n, 'customer-' || n % ${customers}::int, 'vehicle', 'Asset ' || n,
      '沪' || chr(65 + n % 26) || lpad((n * 7919 % 100000)::text, 5, '0'), '', now(), 1
    from generate_series(1, ${terminals}::int) n`.execute(db);
  await sql`
    insert into assignment (id, address, asset_id, customer_id, from_ns, reason)
    select 'assignment-' || n, n, 'asset-' || n, 'customer-' || n % ${customers}::int, 0, ''
    from generate_series(1, ${terminals}::int) n`.execute(db);
  await sql`
    insert into device_state (address, values, latitude, longitude, position_source,
      position_measured_at_ns, measured_at_ns, received_at_ns, packet_id)
    select n, jsonb_build_object('speed', jsonb_build_object('value', n % 90, 'measuredAtNs', '1',
        'report', 'position')), 31.2, 121.5, 'terminal', at, at, at + 1000000000, 0
    from (select n, 1790000000000000000 + (n::bigint * 7919 % 100003) * 1000000000 as at
      from generate_series(1, ${terminals}::int) n where n % 10 <> 0) heard`.execute(db);
  await sql`vacuum analyze`.execute(db); // as it is after a while, by itself or by our upkeep
}

export interface SentReport {
  readonly id: number;
  readonly address: number;
  readonly atMs: number;
}

/** Reports as the network process stores them, in one transaction: packet, reception and state. */
export async function storeReports(db: Db, reports: readonly SentReport[]): Promise<void> {
  const rows = sql`json_to_recordset(${JSON.stringify(reports)}::text::json)
    as r (id bigint, address bigint, "atMs" bigint)`;
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into packet (id, address, session, counter, verdict, accepted, below_window, type, drill,
        confirm, report_number, report, measured_at_ns, received_at_ns, stored_at, gateway_id, bytes,
        payload, fields, triggered)
      select r.id, r.address, 1, r.id, 'new', true, false, 'report', false, false, 1, 'position',
        r."atMs" * 1000000, r."atMs" * 1000000, now(), 'gw-1', 3, '\\x0102ff'::bytea,
        '{"speed": 42.5}', '[]' from ${rows}`.execute(tx);
    await sql`
      insert into reception (outbox_id, sequence, packet_id, gateway_id, modem_id, verdict,
        received_at_ns, rssi_dbm, snr_db, carrier_hz, fragments_total, fragments_lost, clock_state,
        backfilled)
      select 'bench', r.id, r.id, 'gw-1', '00000000000000aa', 'new', r."atMs" * 1000000, -100, 9.5,
        868130000, 12, 0, 2, false from ${rows}`.execute(tx);
    await sql`
      update device_state d set measured_at_ns = r."atMs" * 1000000, packet_id = r.id,
        received_at_ns = r."atMs" * 1000000, position_measured_at_ns = r."atMs" * 1000000
      from ${rows} where d.address = r.address`.execute(tx);
  });
}
