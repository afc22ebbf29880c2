import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";

/** Dashboards name their data sources by these, so that a data source can be replaced and the dashboards stay. */
export const INFLUX_SOURCE = { type: "influxdb", uid: "hopline-influxdb" } as const;
export const POSTGRES_SOURCE = {
  type: "grafana-postgresql-datasource",
  uid: "hopline-postgresql",
} as const;

/** What Grafana stores of one query of a panel; the SDK has builders for neither of our data sources. */
export interface InfluxQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: "time_series" | "table";
  readonly alias: string;
}

export interface PostgresQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly rawSql: string;
  readonly rawQuery: true;
  readonly editorMode: "code";
  readonly format: "time_series" | "table";
}

export type Query = InfluxQuery | PostgresQuery;
/** A query that its panel has yet to give a letter. */
export type MakeQuery = (refId: string) => Builder<Dataquery>;

const _implementsDataqueryVariant = (): void => undefined; // the SDK's mark of a query; JSON leaves it out
const built = (query: Query): Builder<Dataquery> => ({ build: () => query });
/** Queries are written over several lines and stored in one, as they would be typed. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** `alias` names the line; `$tag_terminal` is replaced by Grafana. */
export function influx(
  alias: string,
  query: string,
  resultFormat: InfluxQuery["resultFormat"] = "time_series",
): MakeQuery {
  return (refId) =>
    built({
      refId,
      datasource: INFLUX_SOURCE,
      query: oneLine(query),
      rawQuery: true,
      resultFormat,
      alias,
      _implementsDataqueryVariant,
    });
}

/** Columns of a time series: time, metric (names the line), and values. */
export function postgres(
  rawSql: string,
  format: PostgresQuery["format"] = "time_series",
): MakeQuery {
  return (refId) =>
    built({
      refId,
      datasource: POSTGRES_SOURCE,
      rawSql: oneLine(rawSql),
      rawQuery: true,
      editorMode: "code",
      format,
      _implementsDataqueryVariant,
    });
}

export const isInflux = (query: Query): query is InfluxQuery => "query" in query;
