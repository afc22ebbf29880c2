import { spawn } from "node:child_process";
import path from "node:path";
import { startInflux } from "./servers/influx.ts";
import { startPostgres } from "./servers/postgres.ts";
import type { Server } from "./servers/process.ts";

/** `npm run start:server`: Debian's PostgreSQL and InfluxDB on loopback, and Hopline on them until Ctrl-C. */
async function startServerMode(): Promise<number> {
  const dataDir = path.resolve(process.env["DATA_DIR"] ?? "./data");
  const servers: Server[] = [];
  try {
    console.log("Starting PostgreSQL and InfluxDB …");
    const postgres = await startPostgres({ dataDir: path.join(dataDir, "postgres") });
    servers.push(postgres);
    const influx = await startInflux({ dataDir: path.join(dataDir, "influx") });
    servers.push(influx);
    return await runHopline({ DATABASE_URL: postgres.url, INFLUX_URL: influx.url });
  } finally {
    for (const server of servers.reverse()) await server.stop(); // after Hopline: its last packets are stored
  }
}

async function runHopline(settings: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, ["main.ts", ...process.argv.slice(2)], {
    stdio: "inherit",
    cwd: path.dirname(import.meta.dirname),
    env: { ...process.env, ...settings },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // a terminal's Ctrl-C reaches the child by itself; a second signal would only repeat it
      if (signal === "SIGTERM") child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exitCode = await startServerMode();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
