import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { POSTGRES_SOURCE } from "./queries.ts";

export interface VariableSpec {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Gives columns __text, for people, and __value. */
  readonly sql: string;
}

/** Several may be chosen. "All" is the expression that matches anything: a list of each would burst a query's length. */
export const chooser = ({ name, label, description, sql }: VariableSpec): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(POSTGRES_SOURCE)
    .query(sql)
    .definition(sql)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.Disabled)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: "All", value: "$__all" });
