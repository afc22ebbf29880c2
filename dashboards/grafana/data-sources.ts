import { INFLUX_SOURCE, POSTGRES_SOURCE } from "./queries.ts";
import type { DeploySettings } from "./settings.ts";

/** A data source as Grafana's HTTP API and its provisioning files both take it. */
export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  /** Grafana's server asks, not the browser. */
  readonly access: "proxy";
  readonly url: string;
  readonly user?: string;
  readonly database?: string;
  readonly isDefault: false;
  readonly jsonData: Readonly<Record<string, string | number | boolean>>;
  readonly secureJsonData: Readonly<Record<string, string>>;
}

/** Grafana asks no more often than terminals report. */
const INTERVAL_MIN = "1m";
const CONNECTIONS_MAX = 5; // the database serves the network first

export const dataSources = (settings: DeploySettings): readonly DataSource[] => [
  influxSource(settings),
  postgresSource(settings),
];

/** InfluxQL, which InfluxDB 1.x, 2.x and 3.x all speak. */
function influxSource(settings: DeploySettings): DataSource {
  const { GRAFANA_INFLUX_DATABASE: database, GRAFANA_INFLUX_TOKEN: token } = settings;
  const { GRAFANA_INFLUX_USERNAME: user, GRAFANA_INFLUX_PASSWORD: password } = settings;
  return {
    ...INFLUX_SOURCE,
    name: "Hopline InfluxDB",
    access: "proxy",
    url: settings.GRAFANA_INFLUX_URL,
    ...(user !== undefined && token === undefined ? { user } : {}),
    database, // where Grafana before 9.5 looks for it
    isDefault: false,
    jsonData: {
      dbName: database,
      httpMode: "POST", // a list of many terminals bursts the length of a URL
      timeInterval: INTERVAL_MIN,
      ...(token === undefined ? {} : { httpHeaderName1: "Authorization" }),
    },
    secureJsonData: influxSecret(token, password),
  };
}

function influxSecret(token: string | undefined, password: string | undefined) {
  if (token !== undefined) return { httpHeaderValue1: `Token ${token}` };
  return password === undefined ? {} : { password };
}

const POSTGRES_PORT = "5432";

function postgresSource({ GRAFANA_DATABASE_URL }: DeploySettings): DataSource {
  const url = new URL(GRAFANA_DATABASE_URL);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    ...POSTGRES_SOURCE,
    name: "Hopline PostgreSQL",
    access: "proxy",
    url: `${url.hostname}:${url.port || POSTGRES_PORT}`,
    user: decodeURIComponent(url.username),
    database, // where Grafana before 10 looks for it
    isDefault: false,
    jsonData: {
      database,
      sslmode: url.searchParams.get("sslmode") ?? "require",
      postgresVersion: 1500,
      timescaledb: false,
      maxOpenConns: CONNECTIONS_MAX,
      timeInterval: INTERVAL_MIN,
    },
    secureJsonData: url.password === "" ? {} : { password: decodeURIComponent(url.password) },
  };
}
