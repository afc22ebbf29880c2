import { sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import type { Db, LifeCycle, StateValue } from "../db/database.ts";
import type { DeviceFacts, Reading } from "./envelope.ts";
import { HEARD_WITHIN_MS, type ZoneGateway } from "./zone.ts";

const NS_PER_MS = 1_000_000n;
/** Thermal noise in 488 Hz with a receiver of 6 dB noise figure, as in page-store-postgres.ts. */
export const NOISE_DBM = -141;

export interface FactsRow {
  readonly profile: string;
  readonly life_cycle: LifeCycle;
  readonly values: Readonly<Record<string, StateValue>> | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly position_measured_at_ns: bigint | null;
}

/** Convenience commands are the last that whoever does not pay goes without. */
export const SUSPENDED_IF_CUT = sql`case when t.life_cycle in ('accepted', 'active') and exists (
  select from service_cut k join assignment a on a.address = k.address
    and a.customer_id = k.customer_id and a.to_ns is null
  where k.address = t.address and k.cut = 'commands') then 'suspended' else t.life_cycle end`;

export interface TerminalFacts extends DeviceFacts {
  readonly profile: string;
}

/** What is known of a terminal now, for the envelope. Throws a NotFoundError. */
export async function loadFacts(db: Db, address: number): Promise<TerminalFacts> {
  const { rows } = await sql<FactsRow>`
    select t.profile, ${SUSPENDED_IF_CUT} as life_cycle, d.values, d.latitude, d.longitude, d.position_measured_at_ns
    from terminal t left join device_state d on d.address = t.address
    where t.address = ${address}::int8`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("terminal", String(address));
  return toFacts(row);
}

export function toFacts(row: FactsRow): TerminalFacts {
  const { latitude, longitude, position_measured_at_ns: fixNs } = row;
  return {
    profile: row.profile,
    lifeCycle: row.life_cycle,
    values: Object.fromEntries(
      Object.entries(row.values ?? {}).map(([name, value]) => [name, readingOf(value)]),
    ),
    position:
      latitude === null || longitude === null || fixNs === null
        ? undefined
        : { latitude, longitude, measuredAtMs: Number(fixNs / NS_PER_MS) },
  };
}

const readingOf = ({ value, measuredAtNs }: StateValue): Reading => ({
  value,
  measuredAtMs: Number(BigInt(measuredAtNs) / NS_PER_MS),
});

export interface Hearing {
  /** The terminal's last packet; null when none was ever accepted. */
  readonly packetId: bigint | null;
  readonly heardAtMs: number | null;
  readonly gateways: readonly ZoneGateway[];
}

interface HearingRow {
  readonly id: string;
  readonly online: boolean;
  readonly packet_id: bigint | null;
  readonly last_dbm: number | null;
  readonly heard_at_ns: bigint | null;
}

/** Which gateways heard the terminal, the last time and within a day; those that did not are there, too. */
export async function loadHearing(db: Db, address: number, nowMs: number): Promise<Hearing> {
  const sinceNs = BigInt(nowMs - HEARD_WITHIN_MS) * NS_PER_MS;
  const { rows } = await sql<HearingRow>`
    with heard as (
      select p.id, r.gateway_id, r.received_at_ns,
        coalesce(r.rssi_dbm, r.snr_db + ${NOISE_DBM}::float8) as level
      from packet p join reception r on r.packet_id = p.id
      where p.address = ${address}::int8 and p.accepted and p.received_at_ns >= ${sinceNs}::int8
      order by p.received_at_ns desc limit 500),
    last as (select id from packet where address = ${address}::int8 and accepted
      order by received_at_ns desc limit 1)
    select g.id, g.online, (select id from last) as packet_id,
      (select max(level) from heard h where h.gateway_id = g.id and h.id = (select id from last)) as last_dbm,
      (select max(received_at_ns) from heard h where h.gateway_id = g.id) as heard_at_ns
    from gateway g where g.retired_at is null`.execute(db);
  const times = rows.flatMap(({ heard_at_ns: ns }) =>
    ns === null ? [] : [Number(ns / NS_PER_MS)],
  );
  return {
    packetId: rows[0]?.packet_id ?? null,
    heardAtMs: times.length === 0 ? null : Math.max(...times),
    gateways: rows.map((row) => ({
      gatewayId: row.id,
      isOnline: row.online,
      lastPacketDbm: row.last_dbm,
      heardAtMs: row.heard_at_ns === null ? null : Number(row.heard_at_ns / NS_PER_MS),
    })),
  };
}
