import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { int8Array } from "../db/json-rows.ts";
import type { Reach } from "../identity/policy.ts";
import { customersWithin, isCurrentSql, isReadableSql } from "../identity/reach-postgres.ts";
import {
  PACKETS_PER_PAGE_MAX,
  type PacketCursor,
  type PacketDetail,
  type PacketFilter,
  type PacketLog,
  type PacketPage,
  type PacketQuery,
  type PacketReception,
  type PacketSummary,
  type PacketUsage,
  READABLE_VERDICTS,
} from "./packet-log.ts";

export function createPacketLog(db: Kysely<Database>): PacketLog {
  return {
    async search(query: PacketQuery): Promise<PacketPage> {
      const limit = Math.min(query.limit, PACKETS_PER_PAGE_MAX);
      const items =
        query.reach === "all"
          ? await summaries(db, sql`packet p ${matching(query)} ${newest(limit + 1)}`, NEWEST_FIRST)
          : await summaries(
              db,
              await packetsWithin(db, query, query.reach, limit + 1),
              NEWEST_FIRST,
              nameWithin(query.reach),
            );
      const last = items.length > limit ? items[limit - 1] : undefined;
      return {
        items: items.slice(0, limit),
        next: last && { receivedAtNs: last.receivedAtNs, id: last.id },
      };
    },

    async find(id, reach): Promise<PacketDetail | undefined> {
      const which = sql`packet p where p.id = ${id}::int8 and ${readable(reach)}`;
      const name = reach === "all" ? undefined : nameWithin(reach);
      const [[summary], rest, receptions, usage] = await Promise.all([
        summaries(db, which, sql``, name),
        db.selectFrom("packet").selectAll().where("id", "=", id).executeTakeFirst(),
        receptionsOf(db, id),
        usageOf(db, id),
      ]);
      if (!summary || !rest) return undefined;
      return {
        ...summary,
        session: rest.session === null ? null : Number(rest.session),
        confirm: rest.confirm,
        acknowledges:
          rest.ack_page_sequence === null || rest.ack_result === null
            ? null
            : { pageSequence: rest.ack_page_sequence, result: rest.ack_result },
        payload: rest.payload,
        plaintext: rest.plaintext,
        fault: rest.fault,
        triggered: rest.triggered ?? [],
        receptions,
        usage: usage ?? null,
      };
    },
  };
}

/** Conditions on `packet p`; shared with the live feed, so that both filter alike. */
export function matching(query: PacketFilter & { cursor?: PacketCursor | undefined }) {
  const { verdict, address, gatewayId, type, fromNs, toNs, cursor } = query;
  const heardBy = (condition: RawBuilder<unknown>) =>
    sql`exists (select from reception r where r.packet_id = p.id and ${condition})`;
  const conditions = [sql`true`];
  if (verdict === "copy") conditions.push(heardBy(sql`r.verdict = 'copy'`));
  else if (verdict !== undefined) conditions.push(sql`p.verdict = ${verdict}`);
  if (address !== undefined) conditions.push(sql`p.address = ${address}::int8`);
  if (gatewayId !== undefined) conditions.push(heardBy(sql`r.gateway_id = ${gatewayId}`));
  if (type !== undefined) conditions.push(sql`p.type = ${type}`);
  if (fromNs !== undefined) conditions.push(sql`p.received_at_ns >= ${fromNs}::int8`);
  if (toNs !== undefined) conditions.push(sql`p.received_at_ns < ${toNs}::int8`);
  if (cursor) {
    conditions.push(
      sql`(p.received_at_ns, p.id) < (${cursor.receivedAtNs}::int8, ${cursor.id}::int8)`,
    );
  }
  return sql`where ${sql.join(conditions, sql` and `)}`;
}

interface SummaryRow {
  readonly id: bigint;
  readonly address: bigint | null;
  readonly terminal_name: string | null;
  readonly profile: string | null;
  readonly type: string | null;
  readonly verdict: string;
  readonly below_window: boolean;
  readonly report: string | null;
  readonly counter: bigint | null;
  readonly measured_at_ns: bigint;
  readonly received_at_ns: bigint;
  readonly stored_at: Date;
  readonly gateways: readonly string[] | null;
  readonly best_rssi_dbm: number | null;
  readonly best_snr_db: number | null;
  readonly bytes: number;
  readonly fields: PacketSummary["fields"];
  readonly drill: boolean;
}

const NEWEST_FIRST = sql`order by p.received_at_ns desc, p.id desc`;
const newest = (count: number) => sql`${NEWEST_FIRST} limit ${count}::int`;

/** Up to so many terminals each is asked for its newest; beyond, the whole log is read backwards. */
const TERMINALS_ASKED_MAX = 500;

const readable = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`p.verdict in (${sql.join(READABLE_VERDICTS)})
        and ${isReadableSql(reach, sql`p.address`, sql`p.measured_at_ns`)}`;

async function packetsWithin(
  db: Kysely<Database>,
  query: PacketQuery,
  reach: ReadonlySet<string>,
  count: number,
): Promise<RawBuilder<unknown>> {
  const which = sql`${matching(query)} and ${readable(reach)}`;
  const { rows } = await sql<{ address: bigint }>`
    select distinct address from assignment where customer_id in ${customersWithin(reach)}
    limit ${TERMINALS_ASKED_MAX + 1}::int`.execute(db);
  if (rows.length > TERMINALS_ASKED_MAX) return sql`packet p ${which} ${newest(count)}`;
  return sql`unnest(${int8Array(rows.map(({ address }) => address))}) as theirs (address)
    cross join lateral (select p.* from packet p ${which} and p.address = theirs.address
      ${newest(count)}) p ${newest(count)}`;
}

/** Its name is for those who hold it now; to others it is what is printed on it. */
const nameWithin = (reach: ReadonlySet<string>): RawBuilder<unknown> =>
  sql`case when ${isCurrentSql(reach, sql`t.address`)} then t.name else t.serial end`;

/** `which` chooses packets and cuts the page before the receptions are read. */
export async function summaries(
  db: Kysely<Database>,
  which: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  name: RawBuilder<unknown> = sql`t.name`,
): Promise<readonly PacketSummary[]> {
  const { rows } = await sql<SummaryRow>`
    select p.id, p.address, ${name} as terminal_name, t.profile, p.type, p.verdict, p.below_window,
      p.report, p.counter, p.measured_at_ns, p.received_at_ns, p.stored_at, heard.gateways,
      heard.best_rssi_dbm, heard.best_snr_db, p.bytes, p.fields, p.drill
    from (select p.* from ${which}) p
    left join terminal t on t.address = p.address
    left join lateral (
      select json_agg(distinct r.gateway_id) as gateways, max(r.rssi_dbm) as best_rssi_dbm,
        max(r.snr_db) as best_snr_db
      from reception r where r.packet_id = p.id) heard on true
    ${order}`.execute(db);
  return rows.map(toSummary);
}

const toSummary = (row: SummaryRow): PacketSummary => ({
  id: row.id,
  address: row.address === null ? null : Number(row.address),
  terminalName: row.terminal_name,
  profile: row.profile,
  type: row.type,
  verdict: row.verdict,
  belowWindow: row.below_window,
  report: row.report,
  counter: row.counter === null ? null : Number(row.counter),
  measuredAtNs: row.measured_at_ns,
  receivedAtNs: row.received_at_ns,
  storedAt: row.stored_at,
  gateways: row.gateways ?? [],
  bestRssiDbm: row.best_rssi_dbm,
  bestSnrDb: row.best_snr_db,
  bytes: row.bytes,
  fields: row.fields,
  drill: row.drill,
});

async function receptionsOf(
  db: Kysely<Database>,
  packetId: bigint,
): Promise<readonly PacketReception[]> {
  const rows = await db
    .selectFrom("reception")
    .selectAll()
    .where("packet_id", "=", packetId)
    .orderBy("received_at_ns")
    .orderBy("gateway_id")
    .execute();
  return rows.map((row) => ({
    gatewayId: row.gateway_id,
    modemId: row.modem_id,
    outboxId: row.outbox_id,
    sequence: row.sequence,
    verdict: row.verdict,
    receivedAtNs: row.received_at_ns,
    rssiDbm: row.rssi_dbm,
    snrDb: row.snr_db,
    carrierHz: row.carrier_hz,
    fragmentsTotal: row.fragments_total,
    fragmentsLost: row.fragments_lost,
    clockState: row.clock_state,
    clockErrorNs: row.clock_error_ns,
    backfilled: row.backfilled,
  }));
}

const usageOf = async (db: Kysely<Database>, packetId: bigint): Promise<PacketUsage | undefined> =>
  db
    .selectFrom("usage_record")
    .select(["id", "kind", "bytes", "late"])
    .where("packet_id", "=", packetId)
    .executeTakeFirst();
