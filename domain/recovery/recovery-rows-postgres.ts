import { sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { RecoveryEntryKind, RecoverySummary } from "./recoveries.ts";
import { recoveriesWhere, withinReach } from "./recovery-reads-postgres.ts";

export function required<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw new NotFoundError("recovery", id);
  return found;
}

/** One that nobody else changes until the transaction ends. Throws a NotFoundError out of reach. */
export async function lockRecovery(tx: Db, id: string, reach: Reach): Promise<RecoverySummary> {
  await sql`select 1 from recoveries where id = ${id} for update`.execute(tx);
  const [one] = await recoveriesWhere(tx, sql`r.id = ${id} and ${withinReach(reach)}`, 1);
  return required(one, id);
}

export async function writeEntry(
  tx: Db,
  id: string,
  { kind, text }: { readonly kind: RecoveryEntryKind; readonly text: string },
  { actor, atMs }: Act,
): Promise<void> {
  await tx
    .insertInto("recovery_entries")
    .values({ recovery_id: id, at: new Date(atMs), kind, who: actor.id, text })
    .execute();
}
