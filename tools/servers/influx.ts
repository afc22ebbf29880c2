import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort, requireProgram, type Server, startServer, temporaryFolder } from "./process.ts";

export const INFLUX_PACKAGE = "influxdb";

export interface InfluxOptions {
  /** Where it keeps its data; a temporary folder that goes with it when not given. */
  readonly dataDir?: string;
  readonly port?: number;
}

/** Debian's influxd (1.6.7) on loopback; tsi1 keeps its index on disk rather than in memory. */
export async function startInflux(options: InfluxOptions = {}): Promise<Server> {
  const program = requireProgram(["influxd"], INFLUX_PACKAGE);
  const temporaryDir = options.dataDir === undefined ? await temporaryFolder("influx") : undefined;
  const dir = path.resolve(options.dataDir ?? temporaryDir ?? "");
  const port = options.port ?? (await freePort());
  const backupPort = await freePort();
  await mkdir(dir, { recursive: true });
  const config = path.join(dir, "influxdb.conf");
  await writeFile(
    config,
    `reporting-enabled = false
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = ${JSON.stringify(path.join(dir, "meta"))}
[data]
  dir = ${JSON.stringify(path.join(dir, "data"))}
  wal-dir = ${JSON.stringify(path.join(dir, "wal"))}
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  flux-enabled = false
[continuous_queries]
  enabled = false
`,
  );
  const url = `http://127.0.0.1:${port}`;
  return startServer({
    name: "InfluxDB",
    url,
    program,
    args: ["run", "-config", config],
    temporaryDir,
    isReady: async () => (await fetch(`${url}/ping`)).status === 204,
  });
}
