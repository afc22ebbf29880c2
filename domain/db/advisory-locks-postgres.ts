import pg from "pg";

/** Numbers that belong to one process at a time; the server frees them when the process dies. */
export interface AdvisoryLocks {
  /** Takes those of the wanted that are free, up to so many. Throws when the connection is gone, and with it all that was held. */
  take(wanted: readonly number[], most: number): Promise<readonly number[]>;
  /** How many processes hold a connection like this one, itself among them. */
  countAlive(): Promise<number>;
  release(numbers: readonly number[]): Promise<void>;
  readonly isConnected: boolean;
  close(): Promise<void>;
}

/** The first key of each lock: "HOPL". */
const SPACE = 0x484f_504c;
/** Of the lock that says no more than that a process is alive: the second key is its own connection. */
const ALIVE_SPACE = 0x484f_5041;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** On a connection of its own: a pool's connections come and go, and a lock lives as long as its connection. */
export async function advisoryLocks(connectionString: string): Promise<AdvisoryLocks> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  let isConnected = true;
  client.on("error", () => (isConnected = false));
  client.on("end", () => (isConnected = false));
  await client.connect();
  await client.query("select pg_advisory_lock($1::int, pg_backend_pid())", [ALIVE_SPACE]);
  return {
    get isConnected() {
      return isConnected;
    },

    async take(wanted, most) {
      // a row is only looked at while fewer were taken, so none is locked beyond those that come back
      const { rows } = await client.query<{ number: number }>(
        `select number from unnest($2::int[]) as number
         where pg_try_advisory_lock($1::int, number) limit $3`,
        [SPACE, wanted, most],
      );
      return rows.map(({ number }) => number);
    },

    async countAlive() {
      const { rows } = await client.query<{ count: string }>(
        `select count(*) from pg_locks where locktype = 'advisory' and classid = $1::int::oid
         and objsubid = 2
         and database = (select oid from pg_database where datname = current_database())`,
        [ALIVE_SPACE],
      );
      return Number(rows[0]?.count ?? 1);
    },

    async release(numbers) {
      await client.query(
        "select pg_advisory_unlock($1::int, number) from unnest($2::int[]) as number",
        [SPACE, numbers],
      );
    },

    async close() {
      isConnected = false;
      await client.end().catch(() => undefined);
    },
  };
}
