import type { Kysely, Selectable, Updateable } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database, Db, GatewayTable } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import type { GatewayAccount, GatewayAccounts, GatewayEdit } from "./gateway-accounts.ts";
import { secretHash } from "./gateway-credentials.ts";

export interface GatewayAccountsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  /** From a cryptographic source. */
  readonly makeSecret: () => string;
}

type Row = Selectable<GatewayTable>;
type Change = Updateable<GatewayTable>;

export function createGatewayAccounts(deps: GatewayAccountsDeps): GatewayAccounts {
  const { db, audit, makeSecret } = deps;
  const change = changeIn(audit);
  return {
    async find(id) {
      const row = await db
        .selectFrom("gateway")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row && toAccount(row);
    },

    create: (id, edit, act) =>
      inTransaction(db, async (tx) => {
        const { row, columns } = await create(tx, id, edit);
        await audit.record(tx, act, {
          ...{ action: "gateway.created", subject: subjectOf(id), after: columns },
        });
        return toAccount(row);
      }),

    edit: (id, edit, act, version) =>
      inTransaction(db, async (tx) => {
        const row = await lock(tx, id, version);
        const after = columnsOf(edit);
        const { name, latitude, longitude } = row;
        const before = { name, latitude, longitude };
        return change(tx, row, after, { act, action: "gateway.changed", before, after });
      }),

    issueSecret: (id, act, version) =>
      inTransaction(db, async (tx) => {
        const row = await lock(tx, id, version);
        const secret = makeSecret();
        const columns = {
          secret_sha256: secretHash(secret),
          secret_made_at: new Date(act.atMs),
        };
        const action = row.secret_sha256 === null ? "secret-issued" : "secret-rotated";
        const account = await change(tx, row, columns, { act, action: `gateway.${action}` });
        return { account, secret };
      }),

    revokeSecret: (id, act, version) =>
      inTransaction(db, async (tx) => {
        const row = await lock(tx, id, version);
        if (row.secret_sha256 === null) throw new ConflictError(`gateway ${id} has no secret`);
        return change(tx, row, NO_SECRET, { act, action: "gateway.secret-revoked" });
      }),

    retire: (id, act, version) =>
      inTransaction(db, async (tx) => {
        const row = await lock(tx, id, version);
        const at = new Date(act.atMs);
        const away = { online: false, away_at: row.away_at ?? at };
        const columns = { ...NO_SECRET, ...away, retired_at: at };
        return change(tx, row, columns, { act, action: "gateway.retired" });
      }),
  };
}

interface Told {
  readonly action: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Saves a change of a locked row and tells the audit log. */
const changeIn =
  (audit: Audit) =>
  async (tx: Db, row: Row, columns: Change, { act, ...told }: Told & { readonly act: Act }) => {
    const after = await tx
      .updateTable("gateway")
      .set({ ...columns, version: row.version + 1 })
      .where("id", "=", row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.record(tx, act, { ...told, subject: subjectOf(row.id) });
    return toAccount(after);
  };

async function create(
  tx: Db,
  id: string,
  edit: GatewayEdit,
): Promise<{ readonly row: Row; readonly columns: Partial<GatewayAccount> }> {
  const columns = { name: id, latitude: null, longitude: null, ...columnsOf(edit) };
  const row = await tx
    .insertInto("gateway")
    .values({
      ...{ id, online: false, modems: "[]", counters: "{}", ...columns },
      ...{ since: null, seen_at: null, secret_sha256: null, secret_made_at: null },
      retired_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new ConflictError(`there is a gateway ${id} already`, { id });
  return { row, columns };
}

const NO_SECRET = { secret_sha256: null, secret_made_at: null } as const;

async function lock(tx: Db, id: string, version: number | undefined): Promise<Row> {
  const row = await tx
    .selectFrom("gateway")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("gateway", id);
  if (version !== undefined && version !== row.version)
    throw new StaleError(`gateway ${id}`, version, row.version);
  if (row.retired_at !== null) throw new ConflictError(`gateway ${id} is retired`);
  return row;
}

function columnsOf({ name, latitude, longitude }: GatewayEdit): Partial<GatewayAccount> {
  if ((latitude ?? null) === null ? (longitude ?? null) !== null : (longitude ?? null) === null)
    throw new InvalidInputError("latitude", "latitude and longitude are given together");
  return {
    ...(name === undefined ? {} : { name }),
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
  };
}

const subjectOf = (id: string) => ({ kind: "gateway", id });

const toAccount = (row: Row): GatewayAccount => ({
  id: row.id,
  name: row.name,
  latitude: row.latitude,
  longitude: row.longitude,
  secretMadeAt: row.secret_made_at,
  retiredAt: row.retired_at,
  version: row.version,
});
