import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { UnavailableError } from "../../base/errors.ts";
import type { Aggregate, HistoryQuery, HistoryRow, TelemetryValue } from "./telemetry.ts";

/** Sends one InfluxQL statement. */
export type AskInflux = (statement: string, method?: "GET" | "POST") => Promise<Response>;

const Scalar = Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Null()]);
const Answer = Type.Object({
  results: Type.Array(
    Type.Object({
      error: Type.Optional(Type.String()),
      series: Type.Optional(
        Type.Array(
          Type.Object({
            columns: Type.Array(Type.String()),
            values: Type.Array(Type.Array(Scalar)),
          }),
        ),
      ),
    }),
  ),
});

const AGGREGATE_INFLUXQL: Record<Aggregate, string> = {
  mean: "mean",
  min: "min",
  max: "max",
  sum: "sum",
  count: "count",
  last: "last",
};
const NUMERIC: ReadonlySet<Aggregate> = new Set(["mean", "min", "max", "sum"]);
/** What InfluxDB says of mean, min, max and sum over a field that holds no numbers. */
const NOT_NUMERIC = /unsupported .*iterator type/;

/** Names were checked before; a quote in one would still only end up inside its quotes. */
const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** One request a field: a field of a wrong kind ends its whole request, so none may share one. Joined by time. */
export async function influxHistory(
  query: HistoryQuery,
  ask: AskInflux,
): Promise<readonly HistoryRow[]> {
  const answers = await Promise.all(
    query.fields.map(async (field) => answered(await ask(statement(query, field)))),
  );
  const asksNumbers = query.window !== undefined && NUMERIC.has(query.window.aggregate);
  const rows = new Map<bigint, Record<string, TelemetryValue | null>>();
  query.fields.forEach((field, i) => {
    for (const [timeNs, value] of readings(answers[i]?.results[0])) {
      if (asksNumbers && typeof value !== "number") continue; // InfluxDB has a least and a greatest boolean
      const row = rows.get(timeNs);
      if (row !== undefined) row[field] = value;
      else rows.set(timeNs, { ...emptyRow(query), [field]: value });
    }
  });
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(-query.limit)
    .map(([timeNs, values]) => ({ timeNs, values }));
}

async function answered(response: Response): Promise<Static<typeof Answer>> {
  const text = await response.text();
  const body: unknown = text.startsWith("{") ? JSON.parse(text) : undefined;
  if (response.ok && Value.Check(Answer, body)) return body;
  throw new UnavailableError(`InfluxDB answered ${response.status} to a query`);
}

const emptyRow = (query: HistoryQuery): Record<string, null> =>
  Object.fromEntries(query.fields.map((name) => [name, null]));

function statement({ profile, address, fromNs, toNs, window, limit }: HistoryQuery, field: string) {
  const value =
    window === undefined
      ? quoted(field)
      : `${AGGREGATE_INFLUXQL[window.aggregate]}(${quoted(field)})`;
  const where = `"terminal" = '${address}' AND time >= ${fromNs} AND time < ${toNs}`;
  const group = window === undefined ? "" : ` GROUP BY time(${window.ms}ms) fill(none)`;
  return `SELECT ${value} FROM ${quoted(profile)} WHERE ${where}${group} ORDER BY time DESC LIMIT ${limit}`;
}

function* readings(
  result: Static<typeof Answer>["results"][number] | undefined,
): Generator<readonly [bigint, TelemetryValue]> {
  if (result?.error !== undefined) {
    if (NOT_NUMERIC.test(result.error)) return;
    throw new UnavailableError(`InfluxDB could not answer: ${result.error}`);
  }
  for (const [time, value] of result?.series?.[0]?.values ?? []) {
    if (typeof time !== "string" || value === null || value === undefined) continue;
    yield [nanoseconds(time), value];
  }
}

/** RFC 3339 with up to nine decimals, which Date would cut to three. */
function nanoseconds(time: string): bigint {
  const [, seconds, decimals = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  if (seconds === undefined) throw new UnavailableError(`InfluxDB gave ${time} for a time`);
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(decimals.padEnd(9, "0"));
}
