import { sql } from "kysely";
import { ConflictError, InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import {
  type CustomerKind,
  PLACE_FAULTS,
  type PlaceFault,
  placeFault,
  TREE_DEPTH_MAX,
} from "./customer-rules.ts";

export interface Above {
  readonly id: string;
  readonly name: string;
  readonly kind: CustomerKind;
}

/** A customer, its parent and so on up to the root. */
export async function aboveOf(db: Db, id: string): Promise<readonly Above[]> {
  const { rows } = await sql<Above>`
    with recursive up as (
      select id, parent_id, name, kind, 1 as level from customer where id = ${id}
      union all
      select c.id, c.parent_id, c.name, c.kind, up.level + 1
      from up join customer c on c.id = up.parent_id where up.level <= ${TREE_DEPTH_MAX}::int)
    select id, name, kind from up order by level`.execute(db);
  return rows;
}

/** 1 when nothing is below. */
async function levelsOf(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ levels: number }>`
    with recursive down as (
      select id, 1 as level from customer where id = ${id}
      union all
      select c.id, down.level + 1
      from down join customer c on c.parent_id = down.id where down.level <= ${TREE_DEPTH_MAX}::int)
    select coalesce(max(level), 1)::int as levels from down`.execute(db);
  return rows[0]?.levels ?? 1;
}

const TREE_LOCK = 0x484f_5443; // "HOTC"

/** Two moves at the same time could make a ring of which neither alone is a part. */
export async function holdTree(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${TREE_LOCK}::int8)`.execute(tx);
}

/** Throws an InvalidInputError when the customer (undefined: one that is being made) cannot stand below this parent. */
export async function requirePlace(
  tx: Db,
  id: string | undefined,
  parentId: string | null,
): Promise<void> {
  if (parentId === null) return;
  await holdTree(tx);
  const parent = await tx
    .selectFrom("customer")
    .select("id")
    .where("id", "=", parentId)
    .where("merged_into", "is", null)
    .where("erased_at", "is", null)
    .executeTakeFirst();
  if (parent === undefined)
    throw new InvalidInputError("parentId", `customer ${parentId} does not exist`);
  const above = await aboveOf(tx, parentId);
  const levels = id === undefined ? 1 : await levelsOf(tx, id);
  const fault = placeFault({ id, above, levels });
  if (fault !== undefined) throw new InvalidInputError("parentId", PLACE_FAULTS[fault]);
}

/** Throws a ConflictError when what stands below a customer by now cannot stand there. */
export async function requireGoodBelow(tx: Db, id: string): Promise<void> {
  const [own, ...above] = await aboveOf(tx, id);
  const levels = await levelsOf(tx, id);
  const fault: PlaceFault | undefined =
    own?.kind === "person" && levels > 1 ? "person-above" : placeFault({ id, above, levels });
  if (fault !== undefined) throw new ConflictError(PLACE_FAULTS[fault], { id });
}
