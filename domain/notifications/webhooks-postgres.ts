import type { Selectable } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { WebhookTable } from "../db/tables-notifications.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import type { Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import type { RandomBytes } from "../identity/secrets.ts";
import { webhookOwner } from "./sealed-for.ts";
import { SECRET_BYTES, secretText } from "./webhook-signature.ts";
import {
  cleanWebhook,
  DISABLED_AFTER_FAILURES,
  DISABLED_AFTER_MS,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookAt,
  type Webhooks,
} from "./webhooks.ts";

export interface WebhooksDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly secrets: SecretSeal;
  readonly random: RandomBytes;
  readonly makeId: () => string;
  readonly isPrivateAllowed: boolean;
}

type Row = Selectable<WebhookTable>;
const WHY_CHARACTERS_MAX = 200;

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { db, secrets } = deps;
  return {
    async list(reach) {
      let query = db.selectFrom("webhook").selectAll().orderBy("name").orderBy("id");
      if (reach !== "all") query = query.where("customer_id", "in", [...reach]);
      return reach !== "all" && reach.size === 0 ? [] : (await query.execute()).map(webhookOf);
    },
    async find({ id, reach }) {
      const row = await db
        .selectFrom("webhook")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return webhookOf(within(row, id, reach));
    },
    async target(id) {
      const row = await db
        .selectFrom("webhook")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const secret = secrets.open(webhookOwner(id), row.sealed);
      return { url: row.url, secret, isDisabled: row.disabled_at !== null };
    },
    note: (id, failure, isGone) => note(deps, id, failure, isGone),
    ...createWebhookChanges(deps),
  };
}

function createWebhookChanges(
  deps: WebhooksDeps,
): Pick<Webhooks, "add" | "change" | "rotate" | "remove"> {
  const { db, audit, random, secrets, makeId, isPrivateAllowed } = deps;
  const newSecret = (id: string) => {
    const secret = random(SECRET_BYTES);
    return { sealed: secrets.seal(webhookOwner(id), secret), text: secretText(secret) };
  };
  return {
    add: (customerId, input, act) =>
      inTransaction(db, async (tx) => {
        const { severities, ...fields } = cleanWebhook(input, isPrivateAllowed);
        await requireRoom(tx, customerId);
        const id = makeId();
        const { sealed, text } = newSecret(id);
        const row = await tx
          .insertInto("webhook")
          .values({
            ...{ ...fields, id, sealed, customer_id: customerId, version: 1 },
            ...{ severities: JSON.stringify(severities), created_at: new Date(act.atMs) },
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const after = { ...fields, severities };
        await audit.record(tx, act, { action: "webhook.added", ...told(row), after });
        return { webhook: webhookOf(row), secret: text };
      }),

    change: (at, { disabled, ...change }, act) =>
      inTransaction(db, async (tx) => {
        const row = await held(tx, at);
        const before = { name: row.name, url: row.url, severities: row.severities };
        const { severities, ...fields } = cleanWebhook(
          { ...before, ...given(change) },
          isPrivateAllowed,
        );
        const changed = await update(tx, row, {
          ...fields,
          severities: JSON.stringify(severities),
          ...standing(disabled, act.atMs),
        });
        const after = { ...fields, severities, disabled: changed.disabled_at !== null };
        await audit.record(tx, act, { action: "webhook.changed", ...told(row), before, after });
        return webhookOf(changed);
      }),

    rotate: (at, act) =>
      inTransaction(db, async (tx) => {
        const row = await held(tx, at);
        const { sealed, text } = newSecret(row.id);
        const changed = await update(tx, row, { sealed });
        await audit.record(tx, act, { action: "webhook.secret-rotated", ...told(row) });
        return { webhook: webhookOf(changed), secret: text };
      }),

    remove: (at, act) =>
      inTransaction(db, async (tx) => {
        const row = await held(tx, at);
        await tx.deleteFrom("webhook").where("id", "=", row.id).execute();
        const before = { name: row.name, url: row.url };
        await audit.record(tx, act, { action: "webhook.removed", ...told(row), before });
      }),
  };
}

const standing = (disabled: boolean | undefined, atMs: number) => {
  if (disabled === undefined) return {};
  return disabled
    ? { disabled_at: new Date(atMs), disabled_why: "by hand" }
    : { disabled_at: null, disabled_why: null, failures: 0, failing_since: null };
};

const update = (tx: Db, row: Row, change: object): Promise<Row> =>
  tx
    .updateTable("webhook")
    .set({ ...change, version: row.version + 1 })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

const given = <T extends object>(change: T): T =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as T; // T's own entries, less the undefined

function within(row: Row | undefined, id: string, reach: Reach): Row {
  if (row === undefined || !isWithin(reach, row.customer_id))
    throw new NotFoundError("webhook", id);
  return row;
}

async function held(tx: Db, { id, reach, version }: WebhookAt): Promise<Row> {
  const found = await tx
    .selectFrom("webhook")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  const row = within(found, id, reach);
  if (version !== undefined && version !== row.version)
    throw new StaleError("webhook", version, row.version);
  return row;
}

async function requireRoom(tx: Db, customerId: string | null): Promise<void> {
  const { count } = await tx
    .selectFrom("webhook")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("customer_id", customerId === null ? "is" : "=", customerId)
    .executeTakeFirstOrThrow();
  if (count >= WEBHOOKS_MAX)
    throw new ConflictError(`there are at most ${WEBHOOKS_MAX} webhooks`, { customerId });
}

/** Failures in a row are counted; one that has failed for days, or says it is gone, is disabled until somebody looks. */
async function note(
  { db, clock }: WebhooksDeps,
  id: string,
  failure: string | undefined,
  isGone: boolean,
): Promise<void> {
  const now = new Date(clock.now());
  if (failure === undefined) {
    await db
      .updateTable("webhook")
      .set({ failures: 0, failing_since: null })
      .where("id", "=", id)
      .where("failures", ">", 0)
      .execute();
    return;
  }
  const row = await db
    .updateTable("webhook")
    .set((eb) => ({
      failures: eb("failures", "+", 1),
      failing_since: eb.fn.coalesce("failing_since", eb.val(now)),
    }))
    .where("id", "=", id)
    .returning(["failures", "failing_since"])
    .executeTakeFirst();
  const sinceMs = row?.failing_since?.getTime() ?? now.getTime();
  const isPersistent =
    (row?.failures ?? 0) >= DISABLED_AFTER_FAILURES && now.getTime() - sinceMs >= DISABLED_AFTER_MS;
  if (!isGone && !isPersistent) return;
  await db
    .updateTable("webhook")
    .set({ disabled_at: now, disabled_why: failure.slice(0, WHY_CHARACTERS_MAX) })
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .execute();
}

const told = (row: Row) => ({
  subject: { kind: "webhook", id: row.id },
  customerId: row.customer_id,
});

const webhookOf = (row: Row): Webhook => ({
  id: row.id,
  name: row.name,
  customerId: row.customer_id,
  url: row.url,
  severities: row.severities,
  createdAtMs: row.created_at.getTime(),
  failures: row.failures,
  failingSinceMs: row.failing_since?.getTime() ?? null,
  disabledAtMs: row.disabled_at?.getTime() ?? null,
  disabledWhy: row.disabled_why,
  version: row.version,
});
