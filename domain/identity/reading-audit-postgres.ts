import type { Kysely } from "kysely";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Audit } from "./audit.ts";
import {
  isNoted,
  READING_NOTED_EVERY_MS,
  READINGS_REMEMBERED_MAX,
  type Read,
  type ReadingAudit,
} from "./reading-audit.ts";

interface ReadingAuditDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
}

export function createReadingAudit({ db, audit }: ReadingAuditDeps): ReadingAudit {
  const notedAtMs = new Map<string, number>(); // the eldest first
  return {
    async note(caller, read, act) {
      if (!isNoted(caller)) return;
      const { action, kind, id } = subjectOf(read);
      const name = `${caller.id} ${kind} ${id}`;
      const before = notedAtMs.get(name);
      if (before !== undefined && act.atMs - before < READING_NOTED_EVERY_MS) return;
      const customerId = "terminal" in read ? await customerOf(db, read.terminal) : null;
      if (customerId === undefined) return; // there is no such terminal, or it is nobody's
      remember(name, act.atMs);
      await inTransaction(db, (tx) =>
        audit.record(tx, act, { action, subject: { kind, id }, customerId }),
      );
    },
  };

  function remember(name: string, atMs: number): void {
    notedAtMs.delete(name);
    notedAtMs.set(name, atMs);
    if (notedAtMs.size <= READINGS_REMEMBERED_MAX) return;
    const [eldest] = notedAtMs.keys();
    if (eldest !== undefined) notedAtMs.delete(eldest);
  }
}

function subjectOf(read: Read) {
  if ("keys" in read) return { action: "keys.read", kind: "key", id: read.keys };
  const action = "positions.read";
  if ("many" in read) return { action, kind: "fleet", id: read.many };
  return { action, kind: "terminal", id: String(read.terminal) };
}

async function customerOf(db: Kysely<Database>, address: number): Promise<string | undefined> {
  const row = await db
    .selectFrom("assignment")
    .select("customer_id")
    .where("address", "=", BigInt(address))
    .where("to_ns", "is", null)
    .executeTakeFirst();
  return row?.customer_id;
}
