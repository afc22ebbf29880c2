import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import type { NewReception, PacketFeed } from "./packet-feed.ts";
import { matching, summaries } from "./packet-log-postgres.ts";

/** About what a page of the log has; no transaction is ever split. */
const PACKETS_MAX = 1_000;
const RECEPTIONS_MAX = 5_000;

/**
 * Rows do not become visible in the order of their ids, so the cursor is a
 * transaction number below which no transaction is under way: nothing can appear behind it any more.
 */
export function createPacketFeed(db: Kysely<Database>): PacketFeed {
  return {
    async now() {
      return (await settled(db)) - 1n;
    },

    async newPacketsSince(cursor, filter = {}) {
      const below = await endOfPage(cursor, await settled(db));
      const bounds = sql`p.tx > ${cursor}::int8 and p.tx < ${below}::int8`;
      const packets = await summaries(
        db,
        sql`packet p ${matching(filter)} and ${bounds}`,
        sql`order by p.id`,
      );
      return { packets, receptions: await receptions(cursor, below), cursor: below - 1n };
    },

    async packetsAbout(ids) {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom("packet")
        .select(["id", "address", "verdict", "measured_at_ns"])
        .where(sql<boolean>`id in ${int8List(ids)}`)
        .execute();
      return new Map(
        rows.map((row) => [
          row.id,
          {
            address: row.address === null ? null : Number(row.address),
            verdict: row.verdict,
            measuredAtNs: row.measured_at_ns,
          },
        ]),
      );
    },
  };

  /** Where a page ends that starts after the cursor: at the end of a transaction. */
  async function endOfPage(cursor: bigint, settledTx: bigint): Promise<bigint> {
    const { rows } = await sql<{ tx: bigint }>`
      select tx from packet where tx > ${cursor}::int8 and tx < ${settledTx}::int8
      order by tx offset ${PACKETS_MAX}::int limit 1`.execute(db);
    return rows[0] ? rows[0].tx + 1n : settledTx;
  }

  async function receptions(cursor: bigint, below: bigint): Promise<readonly NewReception[]> {
    const rows = await db
      .selectFrom("reception")
      .select(["packet_id", "gateway_id", "rssi_dbm", "snr_db"])
      .where("tx", ">", cursor)
      .where("tx", "<", below)
      .limit(RECEPTIONS_MAX)
      .execute();
    return rows.map((row) => ({
      packetId: row.packet_id,
      gatewayId: row.gateway_id,
      rssiDbm: row.rssi_dbm,
      snrDb: row.snr_db,
    }));
  }
}

async function settled(db: Kysely<Database>): Promise<bigint> {
  const { rows } = await sql<{ tx: bigint }>`
    select (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint as tx`.execute(db);
  return rows[0]?.tx ?? 0n;
}
