import { sql } from "kysely";
import { ConflictError, InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { requirePlace } from "./customer-tree-postgres.ts";
import { MOVED_THINGS, type Moved, type MovedThing, THING_WORDS } from "./merges.ts";
import { textList } from "./reach-postgres.ts";

/** Where a thing says whose it is; a customer says below whom it stands. */
export const ownerColumnOf = (thing: MovedThing): string =>
  thing === "customer" ? "parent_id" : "customer_id";

interface MergeRow {
  readonly from_id: string;
  readonly into_id: string;
  readonly undone_at: Date | null;
}

/**
 * Throws a ConflictError that names what keeps the merge from being undone: whatever moved on since cannot go back
 * without taking it from where it is now.
 */
export async function requireUndoable(tx: Db, row: MergeRow, moved: Moved): Promise<void> {
  if (row.undone_at !== null) refuse("this merge was undone already");
  const customers = await tx
    .selectFrom("customer")
    .select(["id", "number", "merged_into", "erased_at"])
    .where("id", "in", [row.from_id, row.into_id])
    .orderBy("id")
    .forUpdate()
    .execute();
  for (const { id, number, merged_into, erased_at } of customers) {
    if (erased_at !== null) refuse(`customer ${number} was erased since`);
    if (merged_into !== null && id === row.into_id)
      refuse(`customer ${number} was merged on since`);
  }
  for (const thing of MOVED_THINGS) await requireUnmoved(tx, thing, row.into_id, moved.ids[thing]);
  await requireNothingNew(tx, moved);
}

function refuse(reason: string): never {
  throw new ConflictError(`the merge cannot be undone: ${reason}`, { reason });
}

async function requireUnmoved(
  tx: Db,
  thing: MovedThing,
  intoId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const column = sql.ref("id");
  const owner = sql.ref(ownerColumnOf(thing));
  const { rows } = await sql<{ id: string }>`
    select ${column}::text as id from ${sql.table(thing)}
    where ${column}::text in ${textList(ids)} and ${owner} = ${intoId}`.execute(tx);
  const still = new Set(rows.map(({ id }) => id));
  const gone = ids.find((id) => !still.has(id));
  if (gone !== undefined) refuse(`${THING_WORDS[thing]} ${gone} was moved on or removed since`);
}

/** Whatever came to be since and hangs on what would go back. */
async function requireNothingNew(tx: Db, { ids, seen }: Moved): Promise<void> {
  const { rows: assigned } = await sql<{ address: bigint }>`
    select address from assignment where asset_id in ${textList(ids.asset)}
      and id not in ${textList(seen.assignment)} limit 1`.execute(tx);
  if (assigned[0] !== undefined)
    refuse(`terminal ${assigned[0].address} was assigned to one of its assets since`);
  const { rows: placed } = await sql<{ id: string }>`
    select id from asset where site_id in ${textList(ids.site)}
      and id not in ${textList(seen.asset)} limit 1`.execute(tx);
  if (placed[0] !== undefined) refuse(`asset ${placed[0].id} was put at one of its sites since`);
}

/** Once all has gone back: its former place in the tree must still be one. */
export async function requireFormerPlace(
  tx: Db,
  id: string,
  parentId: string | null,
): Promise<void> {
  try {
    await requirePlace(tx, id, parentId);
  } catch (error) {
    if (error instanceof InvalidInputError) refuse(`its place in the tree: ${error.message}`);
    throw error;
  }
}
