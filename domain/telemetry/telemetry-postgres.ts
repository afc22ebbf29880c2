import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "../db/database.ts";
import {
  type Aggregate,
  checkHistoryQuery,
  type HistoryQuery,
  type HistoryRow,
  pointsOnce,
  type TelemetryPoint,
  type TelemetryReader,
  type TelemetryValue,
  type TelemetryWriter,
} from "./telemetry.ts";

/** The embedded store: the points themselves are rows of the packet's transaction. */
export function telemetryPostgres(db: Kysely<Database>): TelemetryWriter & TelemetryReader {
  return {
    async record(tx, points) {
      if (points.length === 0) return;
      await tx
        .insertInto("telemetry_point")
        .values(pointsOnce(points).map(toRow))
        .onConflict((conflict) =>
          conflict
            .columns(["terminal", "time_ns", "report", "measurement"])
            .doUpdateSet({ fields: sql`telemetry_point.fields || excluded.fields` }),
        )
        .execute();
    },

    async history(query) {
      checkHistoryQuery(query);
      const rows =
        query.window === undefined ? await readings(db, query) : await windows(db, query);
      return rows.reverse();
    },
  };
}

export const toRow = ({ measurement, tags, timeNs, fields }: TelemetryPoint) => ({
  measurement,
  terminal: tags.terminal,
  report: tags.report,
  time_ns: timeNs,
  fields: JSON.stringify(fields),
});

const matching = (query: HistoryQuery): RawBuilder<unknown> => sql`
  measurement = ${query.profile} and terminal = ${String(query.address)}
  and time_ns >= ${query.fromNs} and time_ns < ${query.toNs}`;

async function readings(db: Kysely<Database>, query: HistoryQuery): Promise<HistoryRow[]> {
  const { rows } = await sql<{ time_ns: bigint; fields: Record<string, TelemetryValue> }>`
    select time_ns, fields from telemetry_point
    where ${matching(query)} and fields ?| ${[...query.fields]}::text[]
    order by time_ns desc limit ${query.limit}`.execute(db);
  return rows.map((row) => ({
    timeNs: row.time_ns,
    values: Object.fromEntries(query.fields.map((name) => [name, row.fields[name] ?? null])),
  }));
}

const AGGREGATE_SQL: Record<Aggregate, (value: RawBuilder<unknown>) => RawBuilder<unknown>> = {
  mean: (value) => sql`to_jsonb(avg(${number(value)}))`,
  min: (value) => sql`to_jsonb(min(${number(value)}))`,
  max: (value) => sql`to_jsonb(max(${number(value)}))`,
  sum: (value) => sql`to_jsonb(sum(${number(value)}))`,
  count: (value) => sql`to_jsonb(nullif(count(${value}), 0))`,
  last: (value) =>
    sql`(array_agg(${value} order by time_ns desc) filter (where ${value} is not null))[1]`,
};

const number = (value: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case when jsonb_typeof(${value}) = 'number' then (${value})::text::double precision end`;

async function windows(db: Kysely<Database>, query: HistoryQuery): Promise<HistoryRow[]> {
  if (query.window === undefined) return [];
  const aggregate = AGGREGATE_SQL[query.window.aggregate];
  const windowNs = BigInt(query.window.ms) * 1_000_000n;
  const columns = query.fields.map(
    (name, i) => sql`${aggregate(sql`(fields -> ${sql.lit(name)})`)} as ${sql.ref(`value_${i}`)}`,
  );
  const somethingThere = query.fields.map((_, i) => sql`${sql.ref(`value_${i}`)} is not null`);
  const { rows } = await sql<Record<string, TelemetryValue | bigint | null>>`
    select * from (
      select time_ns - time_ns % ${sql.lit(windowNs)} as window_ns, ${sql.join(columns)}
      from telemetry_point where ${matching(query)} group by 1) as grouped
    where ${sql.join(somethingThere, sql` or `)}
    order by window_ns desc limit ${query.limit}`.execute(db);
  return rows.map((row) => ({
    timeNs: BigInt(row["window_ns"] ?? 0),
    values: Object.fromEntries(
      query.fields.map((name, i) => [name, scalar(row[`value_${i}`] ?? null)]),
    ),
  }));
}

const scalar = (value: TelemetryValue | bigint | null): TelemetryValue | null =>
  typeof value === "bigint" ? Number(value) : value;
