import type { Selectable } from "kysely";
import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { AuditEntryTable } from "../db/tables-identity.ts";
import type { Act, Audit, AuditEntry, AuditQuery, ChainCheck, Deed } from "./audit.ts";
import { entryHash } from "./audit-chain.ts";

const CHECKED_AT_ONCE = 1_000;

export function createAudit(db: Kysely<Database>): Audit {
  return {
    async record(tx, act, ...deeds) {
      if (deeds.length === 0) return;
      let { number, hash } = await holdHead(tx);
      const rows = deeds.map((deed) => {
        const previous = hash;
        number += 1n;
        hash = entryHash(previous, number, act, deed);
        return { number, ...rowOf(act, deed), previous_hash: previous, hash };
      });
      await tx.insertInto("audit_entry").values(rows).execute();
      await tx.updateTable("audit_head").set({ number, hash }).execute();
    },

    async list(query) {
      const rows = await matching(db, query)
        .selectAll()
        .orderBy("number", "desc")
        .limit(query.limit)
        .execute();
      return rows.map(entryOf);
    },

    async check(progress) {
      const head = await db.selectFrom("audit_head").select(["number", "hash"]).executeTakeFirst();
      const { number: end, hash: endHash } = head ?? BEGINNING;
      let done = 0n;
      let hash: Uint8Array = new Uint8Array();
      for (;;) {
        const rows = await db
          .selectFrom("audit_entry")
          .selectAll()
          .where("number", ">", done)
          .where("number", "<=", end)
          .orderBy("number")
          .limit(CHECKED_AT_ONCE)
          .execute();
        if (rows.length === 0) break;
        const fault = faultIn(rows, done, hash);
        if (fault) return fault;
        done = rows.at(-1)?.number ?? done;
        hash = rows.at(-1)?.hash ?? hash;
        progress?.(done);
      }
      if (done !== end || !isEqual(hash, endHash))
        return { ok: false, number: done + 1n, fault: "end-cut" };
      return { ok: true, entries: end };
    },
  };
}

const BEGINNING = { number: 0n, hash: new Uint8Array() };

/** The end of the chain, held until the transaction ends: numbers follow each other without a gap. */
async function holdHead(tx: Kysely<Database>): Promise<{ number: bigint; hash: Uint8Array }> {
  await tx
    .insertInto("audit_head")
    .values(BEGINNING)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await tx
    .selectFrom("audit_head")
    .select(["number", "hash"])
    .forUpdate()
    .executeTakeFirstOrThrow();
}

type Row = Selectable<AuditEntryTable>;

function faultIn(
  rows: readonly Row[],
  doneBefore: bigint,
  hashBefore: Uint8Array,
): ChainCheck | undefined {
  let number = doneBefore;
  let hash = hashBefore;
  for (const row of rows) {
    number += 1n;
    if (row.number !== number) return { ok: false, number, fault: "missing" };
    if (!isEqual(row.previous_hash, hash)) return { ok: false, number, fault: "chain-broken" };
    const entry = entryOf(row);
    hash = entryHash(row.previous_hash, number, entry, entry);
    if (!isEqual(row.hash, hash)) return { ok: false, number, fault: "changed" };
  }
  return undefined;
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function matching(db: Kysely<Database>, query: AuditQuery) {
  let rows = db.selectFrom("audit_entry");
  if (query.actorId !== undefined) rows = rows.where("actor_id", "=", query.actorId);
  if (query.action !== undefined) rows = rows.where("action", "=", query.action);
  if (query.subjectKind !== undefined) rows = rows.where("subject_kind", "=", query.subjectKind);
  if (query.subjectId !== undefined) rows = rows.where("subject_id", "=", query.subjectId);
  if (query.fromMs !== undefined) rows = rows.where("at", ">=", new Date(query.fromMs));
  if (query.toMs !== undefined) rows = rows.where("at", "<", new Date(query.toMs));
  if (query.before !== undefined) rows = rows.where("number", "<", query.before);
  return rows;
}

const jsonOf = (value: unknown) =>
  value === undefined || value === null ? null : sql<string>`${JSON.stringify(value)}::jsonb`;

const rowOf = (act: Act, deed: Deed) => ({
  at: new Date(act.atMs),
  actor_kind: act.actor.kind,
  actor_id: act.actor.id,
  actor_name: act.actor.name,
  action: deed.action,
  subject_kind: deed.subject.kind,
  subject_id: deed.subject.id,
  customer_id: deed.customerId ?? null,
  before: jsonOf(deed.before),
  after: jsonOf(deed.after),
  reason: act.reason ?? null,
  request_id: act.requestId ?? null,
  ip: act.ip ?? null,
});

const ACTOR_KINDS: Readonly<Record<string, Act["actor"]["kind"]>> = {
  user: "user",
  key: "key",
};

const entryOf = (row: Row): AuditEntry => ({
  number: row.number,
  atMs: row.at.getTime(),
  actor: { kind: ACTOR_KINDS[row.actor_kind] ?? "system", id: row.actor_id, name: row.actor_name },
  action: row.action,
  subject: { kind: row.subject_kind, id: row.subject_id },
  customerId: row.customer_id,
  before: row.before ?? undefined,
  after: row.after ?? undefined,
  reason: row.reason ?? undefined,
  requestId: row.request_id ?? undefined,
  ip: row.ip ?? undefined,
  hash: row.hash,
});
