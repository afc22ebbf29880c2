import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { nestedRows } from "../db/json-rows.ts";
import type { StateChange } from "../packets/uplink-changes.ts";
import { mergeStates } from "./device-state.ts";

/** Each field keeps the value that was measured last, in whatever order reports arrive. */
export async function upsertStates(
  tx: Kysely<Database>,
  changes: readonly StateChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = mergeStates(changes).map((change) => ({
    address: change.address,
    values: change.values,
    latitude: change.position?.latitude,
    longitude: change.position?.longitude,
    position_source: change.position?.source,
    position_measured_at_ns: change.position && String(change.position.measuredAtNs),
    measured_at_ns: String(change.measuredAtNs),
    received_at_ns: String(change.receivedAtNs),
    packet_id: String(change.packetId),
  }));
  const isNewerPosition = sql`excluded.position_measured_at_ns is not null and
    coalesce(d.position_measured_at_ns <= excluded.position_measured_at_ns, true)`;
  await sql`
    insert into device_state as d (address, values, latitude, longitude, position_source,
      position_measured_at_ns, measured_at_ns, received_at_ns, packet_id)
    select * from ${nestedRows(rows)} as row (address bigint, values jsonb, latitude float8,
      longitude float8, position_source text, position_measured_at_ns bigint, measured_at_ns bigint,
      received_at_ns bigint, packet_id bigint)
    on conflict (address) do update set
      values = case when d.measured_at_ns <= excluded.measured_at_ns and not exists (
          select from jsonb_each(excluded.values) as fresh (name, field)
          where (field ->> 'measuredAtNs')::int8 <= d.measured_at_ns)
        then d.values || excluded.values
        else d.values || coalesce((
          select jsonb_object_agg(name, field) from jsonb_each(excluded.values) as fresh (name, field)
          where coalesce((d.values -> name ->> 'measuredAtNs')::int8
            <= (field ->> 'measuredAtNs')::int8, true)), '{}') end,
      latitude = case when ${isNewerPosition} then excluded.latitude else d.latitude end,
      longitude = case when ${isNewerPosition} then excluded.longitude else d.longitude end,
      position_source = case when ${isNewerPosition} then excluded.position_source
        else d.position_source end,
      position_measured_at_ns = case when ${isNewerPosition} then excluded.position_measured_at_ns
        else d.position_measured_at_ns end,
      packet_id = case when d.measured_at_ns <= excluded.measured_at_ns then excluded.packet_id
        else d.packet_id end,
      measured_at_ns = greatest(d.measured_at_ns, excluded.measured_at_ns),
      received_at_ns = greatest(d.received_at_ns, excluded.received_at_ns)`.execute(tx);
}
