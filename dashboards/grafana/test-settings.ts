import type { DeploySettings } from "./settings.ts";

export const SETTINGS: DeploySettings = {
  GRAFANA_INFLUX_URL: "http://influx:8086",
  GRAFANA_INFLUX_DATABASE: "hopline",
  GRAFANA_DATABASE_URL: "postgres://hopline_grafana:p%40ss@db/hopline?sslmode=disable",
};
