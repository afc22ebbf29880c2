import { type RawBuilder, sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import type { Reach } from "../identity/policy.ts";
import { addDays, requireDay, startOfDayNs } from "./calendar.ts";
import type { Lineage, LineageDay, LineagePacket, PacketCost } from "./lineage.ts";
import { CHARGED } from "./metering-postgres.ts";

const DAYS_MAX = 20_000;
const PACKETS_MAX = 10_000;

interface DayRow {
  readonly day: string;
  readonly address: bigint;
  readonly name: string | null;
  readonly reports: bigint;
  readonly bytes: bigint;
  readonly is_late: boolean;
}

interface PacketRow {
  readonly packet_id: bigint;
  readonly address: bigint;
  readonly received_at_ns: bigint;
  readonly bytes: number;
  readonly is_late: boolean;
  readonly heard: readonly {
    readonly gateway: string;
    readonly ms: number;
    readonly rssi: number | null;
    readonly snr: number;
  }[];
}

interface CostRow {
  readonly invoice_id: string;
  readonly number: string | null;
  readonly position: number;
  readonly item: string;
  readonly currency: string;
  readonly net: bigint;
  readonly quantity: bigint;
}

export function createLineage(db: Db): Lineage {
  return {
    async days(invoiceId, position, reach) {
      const zone = await zoneOf(db, invoiceId, position, reach);
      const { rows } = await sql<DayRow>`
        select to_char(to_timestamp(u.received_at_ns / 1e9) at time zone ${zone}, 'YYYY-MM-DD') as day,
          u.address, t.name, count(*) as reports, sum(u.bytes)::int8 as bytes, w.is_late
        from ${counted(invoiceId, position)} left join terminal t on t.address = u.address
        group by 1, u.address, t.name, w.is_late order by 1, u.address, w.is_late
        limit ${DAYS_MAX}::int`.execute(db);
      return rows.map(
        (row): LineageDay => ({
          day: row.day,
          address: Number(row.address),
          terminalName: row.name,
          reports: Number(row.reports),
          bytes: Number(row.bytes),
          isLate: row.is_late,
        }),
      );
    },

    async packets(invoiceId, position, { address, day }, reach) {
      const zone = await zoneOf(db, invoiceId, position, reach);
      const from = startOfDayNs(requireDay("day", day), zone);
      const to = startOfDayNs(addDays(day, 1), zone);
      const { rows } = await sql<PacketRow>`
        select u.packet_id, u.address, u.received_at_ns, u.bytes, w.is_late, ${RECEPTIONS} as heard
        from ${counted(invoiceId, position)} where u.address = ${address}::int8
          and u.received_at_ns >= ${from}::int8 and u.received_at_ns < ${to}::int8
        order by u.received_at_ns, u.packet_id limit ${PACKETS_MAX}::int`.execute(db);
      return rows.map(
        (row): LineagePacket => ({
          packetId: String(row.packet_id),
          address: Number(row.address),
          receivedAt: new Date(Number(row.received_at_ns / 1_000_000n)),
          bytes: row.bytes,
          isLate: row.is_late,
          receptions: row.heard.map(({ gateway, ms, rssi, snr }) => ({
            ...{ gatewayId: gateway, receivedAt: new Date(ms), rssiDbm: rssi, snrDb: snr },
          })),
        }),
      );
    },

    async cost(packetId, reach): Promise<PacketCost> {
      const { rows } = await sql<CostRow>`
        select distinct i.id as invoice_id, i.number, l.position, l.item, i.currency, l.net,
          l.quantity
        from usage_record u join invoice_usage w on w.address = u.address and ${IN_WINDOW}
        join invoice i on i.id = w.invoice_id
        join invoice_line l on ${OF_WINDOW}
        where u.packet_id = ${packetId}::int8 and ${CHARGED} and ${visible(reach)}
        order by i.id, l.position`.execute(db);
      return {
        packetId: String(packetId),
        lines: rows.map((row) => ({
          invoiceId: row.invoice_id,
          invoiceNumber: row.number,
          position: row.position,
          item: row.item,
          currency: row.currency,
          net: Number(row.net),
          units: Number(row.quantity),
        })),
      };
    },
  };
}

const RECEPTIONS = sql`(select coalesce(json_agg(json_build_object('gateway', r.gateway_id,
    'ms', r.received_at_ns / 1000000, 'rssi', r.rssi_dbm, 'snr', r.snr_db)
    order by r.received_at_ns, r.gateway_id), '[]')
  from reception r where r.packet_id = u.packet_id)`;

/** A customer's people see what is issued alone. */
const visible = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`i.number is not null and ${withinReach(reach, sql`i.customer_id`)}`;

const IN_WINDOW = sql`u.received_at_ns >= w.from_ns and u.received_at_ns < w.to_ns
  and u.tx < w.below_tx and (u.received_at_ns >= w.cut_ns or u.tx >= w.cut_tx)`;
/** Commands, pages and messages are no packets, whatever was reported under the same plan. */
const OF_PACKETS = sql`exists (select from plan_version v
  cross join lateral jsonb_to_recordset(v.spec -> 'charges') c (code text, metric text)
  where v.id = l.plan_id and c.code = l.item and c.metric in ('reports', 'bytes'))`;
const OF_WINDOW = sql`l.invoice_id = w.invoice_id and l.subscription_id = w.subscription_id
  and l.plan_id = w.plan_id and l.kind = 'usage' and ${OF_PACKETS}`;

const counted = (invoiceId: string, position: number): RawBuilder<unknown> => sql`invoice_line l
  join invoice_usage w on ${OF_WINDOW} and l.invoice_id = ${invoiceId} and l.position = ${position}::int
  join usage_record u on u.address = w.address and ${CHARGED} and ${IN_WINDOW}`;

/** The customer's, who must be within reach; throws a NotFoundError where there is no such line. */
async function zoneOf(db: Db, invoiceId: string, position: number, reach: Reach): Promise<string> {
  const { rows } = await sql<{ time_zone: string }>`
    select c.time_zone from invoice i join invoice_line l on l.invoice_id = i.id
    join customer c on c.id = i.customer_id
    where i.id = ${invoiceId} and l.position = ${position}::int and ${visible(reach)}`.execute(db);
  const zone = rows[0]?.time_zone;
  if (zone === undefined) throw new NotFoundError("invoice line", `${invoiceId}/${position}`);
  return zone;
}
