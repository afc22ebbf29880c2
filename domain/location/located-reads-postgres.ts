import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8Array } from "../db/json-rows.ts";
import { stretchesOf } from "../telemetry/history-within.ts";
import type { LocatedPosition, LocatedReads } from "./located-reads.ts";

interface Row {
  readonly measured_at_ns: bigint;
  readonly method: LocatedPosition["method"];
  readonly latitude: number;
  readonly longitude: number;
  readonly major_m: number;
  readonly minor_m: number;
  readonly bearing_deg: number;
  readonly gateways: number;
}

export const createLocatedReads = (db: Db): LocatedReads => ({
  async within({ address, fromNs, toNs, limit }, windows) {
    const range = { fromNs, toNs };
    const stretches = windows === "always" ? [range] : stretchesOf(range, windows);
    if (stretches.length === 0) return [];
    const { rows } = await sql<Row>`
      select n.* from network_position n
      join ${stretchRows(stretches)} on n.measured_at_ns >= s.from_ns and n.measured_at_ns < s.to_ns
      where n.address = ${address}::int8 order by n.measured_at_ns desc limit ${limit}::int`.execute(
      db,
    );
    return rows.reverse().map((row) => ({
      measuredAtNs: row.measured_at_ns,
      method: row.method,
      ...{ latitude: row.latitude, longitude: row.longitude, gateways: row.gateways },
      ...{ majorM: row.major_m, minorM: row.minor_m, bearingDeg: row.bearing_deg },
    }));
  },
});

const stretchRows = (stretches: ReturnType<typeof stretchesOf>) => {
  const from = int8Array(stretches.map(({ fromNs }) => fromNs));
  const to = int8Array(stretches.map(({ toNs }) => toNs));
  return sql`unnest(${from}, ${to}) as s (from_ns, to_ns)`;
};
