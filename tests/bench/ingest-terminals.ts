import { sql } from "kysely";
import type { Db } from "../../domain/db/database.ts";
import { hexOf, jsonRows } from "../../domain/db/json-rows.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { KEY_SEAL_KEY, rootKeyOf } from "../uplink-bench.ts";
import { ATTACH_NONCE, addressAt, type Fleet, NETWORK_NONCE, stepOf } from "./ingest-packets.ts";

const ROWS_PER_STATEMENT = 20_000;
const SEALED_BYTES = 45;
const DAY_AGO_NS = 86_400_000_000_000n;

/** Known terminals, each with a proven session and a state, in the order of their addresses. Who never sends has no true key. */
export async function enrolFleet(db: Db, fleet: Fleet, nowMs: number): Promise<void> {
  for (let from = 0; from < fleet.terminals; from += ROWS_PER_STATEMENT) {
    await enrolSome(db, fleet, from);
  }
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    insert into session (address, network_nonce, attach_nonce, state, created_at, proven_at)
    select address, ${NETWORK_NONCE}::int8, ${ATTACH_NONCE}::int8, 'proven', ${now}, ${now}
    from terminal order by address`.execute(db);
  const beforeNs = String(BigInt(nowMs) * 1_000_000n - DAY_AGO_NS);
  await sql`
    insert into device_state (address, values, latitude, longitude, position_source,
      position_measured_at_ns, measured_at_ns, received_at_ns, packet_id)
    select address, jsonb_build_object(
        'speed', jsonb_build_object('value', 1, 'measuredAtNs', ${beforeNs}::text),
        'heading', jsonb_build_object('value', 1, 'measuredAtNs', ${beforeNs}::text)),
      31.2, 121.4, 'terminal', ${beforeNs}::int8, ${beforeNs}::int8, ${beforeNs}::int8, 0
    from terminal order by address`.execute(db);
  for (const table of ["terminal", "session", "device_state"]) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  }
  await sql`checkpoint`.execute(db); // else the figure would pay for what was written here
}

async function enrolSome(db: Db, fleet: Fleet, from: number): Promise<void> {
  const seal = createKeySeal(KEY_SEAL_KEY);
  const count = Math.min(ROWS_PER_STATEMENT, fleet.terminals - from);
  const rows = Array.from({ length: count }, (_, i) => {
    const address = addressAt(from + i);
    const isSender = (from + i) % stepOf(fleet) === 0;
    const isLast = from + i === fleet.terminals - 1; // a start opens the first key and the last
    const key = isSender || isLast ? hexOf(seal.seal(address, rootKeyOf(address))) : undefined;
    return { address, key };
  });
  await sql`
    insert into terminal (address, serial, name, profile, life_cycle, root_key, last_attach_nonce)
    select address, 'HL' || address, 'Car ' || address, 'vehicle', 'active',
      decode(coalesce(key, repeat('00', ${SEALED_BYTES}::int)), 'hex'), ${ATTACH_NONCE}::int8
    from ${jsonRows(rows)} as row (address bigint, key text)`.execute(db);
}
