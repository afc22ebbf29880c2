import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { isWithin, type Located, locate, type Reception } from "./locate.ts";

export interface Locations {
  /** Locates the packets of these partitions whose time has come, each once whatever is killed. */
  locateDue(partitions: ReadonlySet<number>, nowMs: number): Promise<void>;
}

/** Each costs some milliseconds of computing: more would hold up what else the process does. */
const PER_STEP = 50;

export function locationsPostgres(db: Db): Locations {
  return {
    async locateDue(partitions, nowMs) {
      if (partitions.size === 0) return;
      const due = await db
        .selectFrom("locate_request")
        .select("packet_id")
        .where("due_at", "<=", new Date(nowMs))
        .where("partition", "in", [...partitions])
        .orderBy("due_at")
        .limit(PER_STEP)
        .execute();
      if (due.length === 0) return;
      const packets = await loadHeard(
        db,
        due.map((row) => row.packet_id),
      );
      for (const packet of packets) {
        const located = locate(packet.receptions);
        await db.transaction().execute(async (tx) => {
          await tx.deleteFrom("locate_request").where("packet_id", "=", packet.id).execute();
          if (located) await writePosition(tx, packet, located);
        });
      }
    },
  };
}

interface HeardPacket {
  readonly id: bigint;
  readonly address: bigint;
  readonly measuredAtNs: bigint;
  readonly receptions: readonly Reception[];
}

/** A resend is another burst, from another place perhaps. */
const SAME_BURST_NS = 500_000_000n;

async function loadHeard(db: Db, ids: readonly bigint[]): Promise<readonly HeardPacket[]> {
  const { rows } = await sql<{
    id: bigint;
    address: bigint;
    measured_at_ns: bigint;
    receptions: readonly (Omit<Reception, "receivedAtNs" | "rssiDbm" | "clockErrorNs"> & {
      readonly receivedAtNs: string;
      readonly rssiDbm: number | null;
      readonly clockErrorNs: number | null;
    })[];
  }>`
    select p.id, p.address, p.measured_at_ns, coalesce((
      select json_agg(json_build_object('latitude', g.latitude,
        'longitude', g.longitude, 'receivedAtNs', r.received_at_ns::text, 'rssiDbm', r.rssi_dbm,
        'snrDb', r.snr_db, 'clockErrorNs', r.clock_error_ns))
      from (select distinct on (gateway_id) * from reception
          where packet_id = p.id
            and received_at_ns between p.received_at_ns - ${SAME_BURST_NS}::int8
              and p.received_at_ns + ${SAME_BURST_NS}::int8
          order by gateway_id, snr_db desc) r
        join gateway g on g.id = r.gateway_id
      where g.latitude is not null and g.longitude is not null), '[]') as receptions
    from packet p where p.id in ${int8List(ids)}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    measuredAtNs: row.measured_at_ns,
    receptions: row.receptions.map((reception) => ({
      ...reception,
      receivedAtNs: BigInt(reception.receivedAtNs),
      rssiDbm: reception.rssiDbm ?? undefined,
      clockErrorNs: reception.clockErrorNs ?? undefined,
    })),
  }));
}

/** The device's position, unless a later one is known or its own last fix lies in the ellipse: that is more exact, and nothing speaks against it. */
async function writePosition(
  tx: Db,
  { id, address, measuredAtNs }: HeardPacket,
  located: Located,
): Promise<void> {
  await tx
    .insertInto("network_position")
    .values({
      packet_id: id,
      address,
      measured_at_ns: measuredAtNs,
      method: located.method,
      latitude: located.latitude,
      longitude: located.longitude,
      major_m: located.majorM,
      minor_m: located.minorM,
      bearing_deg: located.bearingDeg,
      gateways: located.gateways,
    })
    .onConflict((conflict) => conflict.column("packet_id").doNothing())
    .execute();
  const known = await tx
    .selectFrom("device_state")
    .select(["latitude", "longitude", "position_source", "position_measured_at_ns"])
    .where("address", "=", address)
    .forUpdate()
    .executeTakeFirst();
  if (!known) return;
  const { latitude, longitude, position_source: source, position_measured_at_ns: atNs } = known;
  if (atNs !== null && atNs >= measuredAtNs) return;
  const hasFix = source === "terminal" && latitude !== null && longitude !== null;
  if (hasFix && isWithin(located, { latitude, longitude })) return;
  await tx
    .updateTable("device_state")
    .set({
      latitude: located.latitude,
      longitude: located.longitude,
      position_source: located.method === "arrival-times" ? "network" : "signal",
      position_measured_at_ns: measuredAtNs,
    })
    .where("address", "=", address)
    .execute();
}
