import { type Kysely, type Selectable, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ApiKeyTable } from "../db/tables-identity.ts";
import {
  type ApiKey,
  type ApiKeys,
  givableScopes,
  KEYS_MAX,
  type KeyPage,
  type KeyQuery,
  type NewKey,
  SCOPES,
} from "./api-keys.ts";
import type { Audit } from "./audit.ts";
import { type Caller, isWithin, type Reach } from "./policy.ts";
import type { Action } from "./roles.ts";
import { KEY_START, makeApiKey, prefixOf, type RandomBytes, sha256Hex } from "./secrets.ts";
import { withinReach } from "./user-rows-postgres.ts";
import type { Manager } from "./user-rules.ts";

const USED_EVERY_MS = 60_000;
const SECRET_CHARACTERS_MAX = 100;

interface KeysDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly makeId: () => string;
}

export const createApiKeys = (deps: KeysDeps): ApiKeys => ({
  findCaller: (secret) => findCaller(deps, secret),
  list: (query) => list(deps.db, query, deps.clock.now()),
  ...createKeyChanges(deps),
});

async function insert(
  { clock, random, makeId }: KeysDeps,
  tx: Kysely<Database>,
  key: NewKey,
  by: string,
) {
  const secret = makeApiKey(random);
  const row = await tx
    .insertInto("api_key")
    .values({
      id: makeId(),
      name: key.name,
      secret_sha256: sha256Hex(secret),
      prefix: prefixOf(secret),
      customer_id: key.customerId,
      scopes: JSON.stringify(key.scopes),
      created_by: by,
      created_at: new Date(clock.now()),
      expires_at: key.expiresAtMs === null ? null : new Date(key.expiresAtMs),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key: keyOf(row), secret };
}

async function findCaller({ db, clock }: KeysDeps, secret: string): Promise<Caller | undefined> {
  if (!secret.startsWith(KEY_START) || secret.length > SECRET_CHARACTERS_MAX) return undefined;
  const nowMs = clock.now();
  const row = await db
    .selectFrom("api_key")
    .selectAll()
    .where("secret_sha256", "=", sha256Hex(secret))
    .where(isTaken(nowMs))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (nowMs - (row.last_used_at?.getTime() ?? 0) >= USED_EVERY_MS)
    await db
      .updateTable("api_key")
      .set({ last_used_at: new Date(nowMs) })
      .where("id", "=", row.id)
      .execute();
  const { id, name, customerId, scopes } = keyOf(row);
  return { kind: "key", id, name, role: "read-only", customerId, scopes };
}

function createKeyChanges(deps: KeysDeps): Pick<ApiKeys, "create" | "rotate" | "revoke"> {
  const { db, audit, clock } = deps;
  return {
    async create(key, manager, act) {
      requireMayGive(manager, key, clock.now());
      return inTransaction(db, async (tx) => {
        await requireRoom(tx, key.customerId, clock.now());
        const made = await insert(deps, tx, key, act.actor.id);
        await audit.record(tx, act, { action: "key.made", ...of(made.key), after: told(made.key) });
        return made;
      });
    },

    async rotate(id, overlapMs, manager, act) {
      return inTransaction(db, async (tx) => {
        const old = keyOf(await heldOf(tx, id, manager.reach));
        const nowMs = clock.now();
        if (!isStillTaken(old, nowMs) || old.replacedBy !== null)
          throw new ConflictError(
            `key ${id} is expired, revoked or rotated already: make a new one`,
          );
        const { name, customerId, scopes } = old;
        const lifeMs = old.expiresAtMs === null ? null : old.expiresAtMs - old.createdAtMs;
        const expiresAtMs = lifeMs === null ? null : nowMs + lifeMs;
        requireMayGive(manager, { name, customerId, scopes, expiresAtMs }, nowMs);
        const made = await insert(
          deps,
          tx,
          { name, customerId, scopes, expiresAtMs },
          act.actor.id,
        );
        const endsAtMs = Math.min(old.expiresAtMs ?? Infinity, nowMs + overlapMs);
        await tx
          .updateTable("api_key")
          .set({ replaced_by: made.key.id, expires_at: new Date(endsAtMs) })
          .where("id", "=", id)
          .execute();
        await audit.record(tx, act, {
          action: "key.rotated",
          ...of(old),
          before: told(old),
          after: { ...told(made.key), id: made.key.id, formerEndsAt: new Date(endsAtMs) },
        });
        return made;
      });
    },

    async revoke(id, { reach }, act) {
      return inTransaction(db, async (tx) => {
        const before = keyOf(await heldOf(tx, id, reach));
        if (before.revokedAtMs !== null) return before;
        const row = await tx
          .updateTable("api_key")
          .set({ revoked_at: new Date(clock.now()) })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, { action: "key.revoked", ...of(before), before: told(before) });
        return keyOf(row);
      });
    },
  };
}

const of = ({ id, customerId }: ApiKey) => ({ subject: { kind: "key", id }, customerId });

const told = ({ name, prefix, customerId, scopes, expiresAtMs }: ApiKey) => ({
  name,
  prefix,
  customerId,
  scopes,
  expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
});

const isStillTaken = ({ revokedAtMs, expiresAtMs }: ApiKey, nowMs: number): boolean =>
  revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs);

const isTaken = (nowMs: number) =>
  sql<boolean>`(revoked_at is null and (expires_at is null or expires_at > ${new Date(nowMs)}))`;

function requireMayGive({ caller, reach }: Manager, key: NewKey, nowMs: number): void {
  if (!isWithin(reach, key.customerId))
    throw new InvalidInputError("customerId", "customerId must be a customer that you manage");
  const givable = new Set(givableScopes(caller));
  const odd = key.scopes.find((scope) => !givable.has(scope));
  if (odd !== undefined)
    throw new InvalidInputError(
      "scopes",
      `you may not give ${odd} to a key: you may give ${[...givable].join(", ")}`,
    );
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs)
    throw new InvalidInputError("expiresAt", "expiresAt must be a time to come");
}

async function heldOf(
  tx: Kysely<Database>,
  id: string,
  reach: Reach,
): Promise<Selectable<ApiKeyTable>> {
  const row = await tx
    .selectFrom("api_key")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || !isWithin(reach, row.customer_id)) throw new NotFoundError("key", id);
  return row;
}

async function requireRoom(tx: Kysely<Database>, customerId: string | null, nowMs: number) {
  if (customerId !== null) {
    const customer = await tx
      .selectFrom("customer")
      .select("id")
      .where("id", "=", customerId)
      .where("merged_into", "is", null)
      .executeTakeFirst();
    if (customer === undefined) throw new NotFoundError("customer", customerId);
  }
  const { total } = await tx
    .selectFrom("api_key")
    .select(({ fn }) => fn.countAll<bigint>().as("total"))
    .where(sql<boolean>`customer_id is not distinct from ${customerId}`)
    .where(isTaken(nowMs))
    .executeTakeFirstOrThrow();
  if (Number(total) >= KEYS_MAX)
    throw new ConflictError(`there are ${KEYS_MAX} keys already: revoke those that nobody uses`);
}

const keyOf = (row: Selectable<ApiKeyTable>): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  customerId: row.customer_id,
  scopes: row.scopes.filter((scope): scope is Action => SCOPES.some((known) => known === scope)),
  createdBy: row.created_by,
  createdAtMs: row.created_at.getTime(),
  expiresAtMs: row.expires_at?.getTime() ?? null,
  lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  revokedAtMs: row.revoked_at?.getTime() ?? null,
  replacedBy: row.replaced_by,
});

async function list(db: Kysely<Database>, query: KeyQuery, nowMs: number): Promise<KeyPage> {
  const { reach, customerId, all, cursor, limit } = query;
  const matches = sql<boolean>`(${withinReach(reach, "api_key.customer_id")}
    and (${customerId ?? null}::text is null or customer_id = ${customerId ?? null})
    and (${all}::bool or ${isTaken(nowMs)}))`;
  const after =
    cursor === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(created_at, id) < (${new Date(cursor.createdAtMs)}::timestamptz, ${cursor.id}::text)`;
  const [rows, count] = await Promise.all([
    db
      .selectFrom("api_key")
      .selectAll()
      .where(matches)
      .where(after)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute(),
    db
      .selectFrom("api_key")
      .select(({ fn }) => fn.countAll<bigint>().as("total"))
      .where(matches)
      .executeTakeFirstOrThrow(),
  ]);
  const items = rows.slice(0, limit).map(keyOf);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    next: last && { createdAtMs: last.createdAtMs, id: last.id },
    total: Number(count.total),
  };
}
