import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { UnavailableError } from "../../base/errors.ts";
import { freePort, requireProgram, type Server, startServer, temporaryFolder } from "./process.ts";

export const POSTGRES_PACKAGE = "postgresql";
const VERSIONS_DIR = "/usr/lib/postgresql";
const run = promisify(execFile);

export interface PostgresOptions {
  /** Where it keeps its data; a temporary folder that goes with it when not given. */
  readonly dataDir?: string;
  readonly port?: number;
}

/** Debian's PostgreSQL on loopback with one empty database `hopline`. PostgreSQL refuses to run as root, so it runs as `postgres` then. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Server> {
  const bin = postgresPrograms();
  const temporaryDir =
    options.dataDir === undefined ? await temporaryFolder("postgres") : undefined;
  const dir = path.resolve(options.dataDir ?? temporaryDir ?? "");
  const data = path.join(dir, "data");
  const port = options.port ?? (await freePort());
  const uid = process.getuid?.() === 0 ? await postgresUser() : undefined;
  await mkdir(dir, { recursive: true });
  if (uid !== undefined) {
    await chown(dir, uid, uid);
    await requireWayTo(dir, uid);
  }

  const owner = uid === undefined ? {} : { uid, gid: uid };
  const isNew = !existsSync(path.join(data, "PG_VERSION"));
  if (isNew) {
    await run(
      path.join(bin, "initdb"),
      ["-D", data, "-U", "hopline", "-A", "trust", "-E", "UTF8", "--no-locale"],
      { ...owner, cwd: dir },
    );
  }
  const server = await startServer({
    name: "PostgreSQL",
    url: `postgres://hopline@127.0.0.1:${port}/hopline`,
    program: path.join(bin, "postgres"),
    args: [
      "-D",
      data,
      "-p",
      String(port),
      "-h",
      "127.0.0.1",
      "-k",
      dir,
      "-c",
      "max_connections=50",
    ],
    uid,
    temporaryDir,
    stopSignal: "SIGINT", // fast shutdown: does not wait for clients
    isReady: async () => {
      const database = isNew ? "postgres" : "hopline";
      await run(path.join(bin, "pg_isready"), [
        "-q",
        "-h",
        "127.0.0.1",
        "-p",
        String(port),
        "-d",
        database,
      ]);
      return true;
    },
  });
  if (isNew) {
    await run(path.join(bin, "createdb"), [
      "-h",
      "127.0.0.1",
      "-p",
      String(port),
      "-U",
      "hopline",
      "hopline",
    ]);
  }
  return server;
}

/** As root our own folder may lie where nobody else can go, such as below /root. */
async function requireWayTo(dir: string, uid: number): Promise<void> {
  for (let at = dir; at !== path.dirname(at); at = path.dirname(at)) {
    const { mode, uid: owner } = await stat(at);
    if (owner === uid || (mode & 0o001) !== 0) continue;
    throw new UnavailableError(
      `PostgreSQL does not run as root but as the user postgres, who may not enter ${at}: choose another DATA_DIR, such as /var/lib/hopline, or start as another user`,
    );
  }
}

function postgresPrograms(): string {
  const versions = existsSync(VERSIONS_DIR) ? readdirSync(VERSIONS_DIR) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0] ?? "0";
  const initdb = path.join(VERSIONS_DIR, newest, "bin", "initdb");
  return path.dirname(requireProgram([initdb], POSTGRES_PACKAGE));
}

async function postgresUser(): Promise<number> {
  const { stdout } = await run("id", ["-u", "postgres"]);
  const uid = Number(stdout);
  if (Number.isInteger(uid) && uid > 0) return uid;
  throw new UnavailableError(`There is no user postgres: apt-get install -y ${POSTGRES_PACKAGE}`);
}
