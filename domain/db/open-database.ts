import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { PGlite, types } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { type Clock, systemClock } from "../../base/clock.ts";
import { UnavailableError } from "../../base/errors.ts";
import type { Database } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { createPreparedStatements } from "./prepared-statements.ts";

export interface DatabaseConfig {
  readonly DATA_DIR: string;
  readonly DATABASE_URL?: string | undefined;
}

export interface DatabaseOptions {
  readonly clock?: Clock;
  /** For whoever asks a PostgreSQL the same few things thousands of times; see createPreparedStatements. */
  readonly isPrepared?: boolean;
}

const POOL_CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const BYTEA_OID = 17;
const INT8_OID = 20;

/** PostgreSQL when DATABASE_URL names one, else PGlite in DATA_DIR. Both give int8 as bigint and bytea as Uint8Array. */
export async function openDatabase(
  config: DatabaseConfig,
  { clock = systemClock, isPrepared = false }: DatabaseOptions = {},
): Promise<Kysely<Database>> {
  if (config.DATABASE_URL !== undefined) return openServer(config.DATABASE_URL, isPrepared);
  return openEmbedded(config.DATA_DIR, clock);
}

/** For tests: gone when it is closed, and never started when nothing is asked. Empty, or as it was when PGlite dumped it. */
export function openInMemory(dumped?: Blob): Kysely<Database> {
  const from = dumped && { loadDataDir: dumped };
  return withPGlite(() => PGlite.create({ ...PGLITE, ...from }));
}

const PGLITE = {
  parsers: { [types.INT8]: (text: string) => BigInt(text) },
  extensions: { pg_trgm },
};

async function openEmbedded(dataDir: string, clock: Clock): Promise<Kysely<Database>> {
  const lock = lockFolder(dataDir, clock.now());
  try {
    const pglite = await PGlite.create({
      dataDir: join(dataDir, "database"),
      ...PGLITE,
    });
    const close = pglite.close.bind(pglite);
    // Kysely's destroy() closes PGlite only after the first query, so the lock hangs on the close itself.
    pglite.close = async () => {
      await close();
      lock.release();
    };
    return withPGlite(async () => pglite);
  } catch (error) {
    lock.release();
    throw error;
  }
}

const withPGlite = (open: () => Promise<PGlite>): Kysely<Database> =>
  new Kysely<Database>({
    dialect: new PGliteDialect({ pglite: async () => withTurns(await open()) }),
  });

/**
 * It computes in this very thread, and one query's end begins the next in the same turn of the event loop: a transaction of
 * many would hold up whatever else the process does. To fill a new segment of its log with zeros took half a second at once.
 */
async function withTurns(pglite: PGlite): Promise<PGlite> {
  await pglite.exec("set wal_init_zero = off");
  const transaction = pglite.transaction.bind(pglite);
  pglite.transaction = (work) =>
    transaction((tx) => {
      takeTurns(tx);
      return work(tx);
    });
  takeTurns(pglite);
  return pglite;
}

function takeTurns(asked: Pick<PGlite, "query">): void {
  const query = asked.query.bind(asked);
  asked.query = async (...args) => {
    const answer = await query<never>(...args);
    await setImmediate();
    return answer;
  };
}

type ParseText = (text: string) => unknown;

async function openServer(
  connectionString: string,
  isPrepared: boolean,
): Promise<Kysely<Database>> {
  // its own typing wants an enum and gives any
  const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => ParseText;
  const parseBytea = parserOf(BYTEA_OID) as (text: string) => Uint8Array;
  const pool = new pg.Pool({
    connectionString,
    max: POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // to compile a query or to start workers for it takes longer than any of ours runs
    options: "-c jit=off -c max_parallel_workers_per_gather=0",
    types: {
      getTypeParser: ((oid: number, format?: "text" | "binary") => {
        if (oid === INT8_OID) return (text: string) => BigInt(text);
        if (oid === BYTEA_OID) return (text: string) => Uint8Array.from(parseBytea(text));
        return parserOf(oid, format);
      }) as typeof pg.types.getTypeParser, // overloads by format cannot be met by one function
    },
  });
  pool.on("error", () => undefined); // an idle connection broke; the next query opens another or throws
  // one that breaks between two queries of a transaction tells nobody else, and unheard it would end the process
  pool.on("connect", (client) => client.on("error", () => undefined));
  const prepared = createPreparedStatements();
  if (isPrepared)
    pool.on("connect", (client) => {
      prepared.useFor(client);
    });
  await reach(pool, connectionString);
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** So that a wrong DATABASE_URL is named at the start, without the password in it. */
async function reach(pool: pg.Pool, connectionString: string): Promise<void> {
  try {
    (await pool.connect()).release();
  } catch (cause) {
    await pool.end();
    const { host, pathname } = URL.canParse(connectionString)
      ? new URL(connectionString)
      : { host: "?", pathname: "" };
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(
      `DATABASE_URL: the database ${pathname.slice(1)} at ${host} is not reached: ${why}`,
      { host },
      { cause },
    );
  }
}
