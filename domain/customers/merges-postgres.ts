import { type Kysely, type RawBuilder, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { holdCustomer } from "./customer-rows-postgres.ts";
import { aboveOf, holdTree, requireGoodBelow } from "./customer-tree-postgres.ts";
import {
  giveHistory,
  givePreferences,
  moveHistory,
  movePreferences,
  moveScopes,
  restoreScopes,
} from "./merge-alerts-postgres.ts";
import { requireBillingOver } from "./merge-billing-postgres.ts";
import { ownerColumnOf, requireFormerPlace, requireUndoable } from "./merge-undo-postgres.ts";
import {
  countsOf,
  type Merge,
  type Merges,
  MOVED_THINGS,
  type Moved,
  type MovedThing,
  readMoved,
} from "./merges.ts";
import { textList } from "./reach-postgres.ts";

export interface MergesDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createMerges({ db, audit, makeId }: MergesDeps): Merges {
  return {
    list: (customerId, limit) => listMerges(db, { customerId, limit }),

    merge: (fromId, intoId, act) =>
      inTransaction(db, async (tx) => {
        if (fromId === intoId)
          throw new InvalidInputError("into", "a customer cannot be merged into itself");
        await holdTree(tx);
        const [first = fromId, second = intoId] = [fromId, intoId].toSorted();
        const held = [await holdCustomer(tx, first), await holdCustomer(tx, second)];
        const from = held.find(({ id }) => id === fromId);
        if ((await aboveOf(tx, intoId)).some(({ id }) => id === fromId))
          throw new ConflictError(
            "a customer cannot be merged into one that stands below it: merge that one into this",
            { field: "into" },
          );
        await requireBillingOver(tx, fromId);
        const ids = await moveAll(tx, fromId, intoId);
        if (ids.customer.length > 0) await requireGoodBelow(tx, intoId);
        const parentId = from?.parent_id ?? null;
        await movePreferences(tx, fromId, intoId);
        const moved: Moved = {
          ...{ parentId, ids, seen: await seenOf(tx, ids) },
          history: await moveHistory(tx, fromId, intoId),
          scopes: await moveScopes(tx, { fromId, intoId }, act),
        };
        await tx
          .updateTable("customer")
          .set({ merged_into: intoId, parent_id: null, version: sql`version + 1` })
          .where("id", "=", fromId)
          .execute();
        const id = makeId();
        await tx
          .insertInto("customer_merge")
          .values({
            id,
            from_id: fromId,
            into_id: intoId,
            by_name: act.actor.name,
            at: new Date(act.atMs),
            undone_at: null,
            moved: JSON.stringify(moved),
          })
          .execute();
        const deed = { subject: { kind: "customer", id: fromId }, customerId: intoId };
        const after = { merge: id, into: intoId, moved: countsOf(moved) };
        await audit.record(tx, act, { action: "customer.merged", ...deed, after });
        return await oneMerge(tx, id);
      }),

    undo: (id, act) => inTransaction(db, (tx) => undoMerge(tx, id, act, audit)),
  };
}

async function undoMerge(tx: Db, id: string, act: Act, audit: Audit): Promise<Merge> {
  await holdTree(tx);
  const row = await tx
    .selectFrom("customer_merge")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("merge", id);
  const moved = readMoved(row.moved);
  await requireUndoable(tx, row, moved);
  for (const thing of MOVED_THINGS)
    await give(tx, { thing, ids: moved.ids[thing], toId: row.from_id });
  await givePreferences(tx, moved, row.from_id);
  await giveHistory(tx, moved, row.from_id);
  await restoreScopes(tx, moved.scopes, { fromId: row.from_id, intoId: row.into_id }, act);
  await requireFormerPlace(tx, row.from_id, moved.parentId);
  await tx
    .updateTable("customer")
    .set({ merged_into: null, parent_id: moved.parentId, version: sql`version + 1` })
    .where("id", "=", row.from_id)
    .execute();
  await tx
    .updateTable("customer_merge")
    .set({ undone_at: new Date(act.atMs) })
    .where("id", "=", id)
    .execute();
  await audit.record(tx, act, {
    action: "customer.unmerged",
    subject: { kind: "customer", id: row.from_id },
    customerId: row.into_id,
    after: { merge: id, from: row.into_id, moved: countsOf(moved) },
  });
  return await oneMerge(tx, id);
}

async function moveAll(tx: Db, fromId: string, intoId: string): Promise<Moved["ids"]> {
  const moved: [MovedThing, readonly string[]][] = [];
  for (const thing of MOVED_THINGS) {
    const owner = sql.ref(ownerColumnOf(thing));
    const { rows } = await sql<{ id: string }>`
      update ${sql.table(thing)} set ${owner} = ${intoId} where ${owner} = ${fromId}
        and ${mayMove(thing, intoId)}
      returning id::text as id`.execute(tx);
    moved.push([thing, rows.map(({ id }) => id)]);
  }
  return Object.fromEntries(moved) as Record<MovedThing, readonly string[]>; // every thing has its entry above
}

/** A customer has one ladder: where both have one, the one that goes on keeps its own and the other stays behind. */
const mayMove = (thing: MovedThing, intoId: string): RawBuilder<boolean> =>
  thing === "escalation_ladder"
    ? sql`not exists (select from escalation_ladder own where own.customer_id = ${intoId})`
    : sql`true`;

/** What already hangs on the things that move: only what is not among it can keep a merge from being undone. */
async function seenOf(tx: Db, ids: Moved["ids"]): Promise<Moved["seen"]> {
  const { rows: assignments } = await sql<{ id: string }>`
    select id from assignment where asset_id in ${textList(ids.asset)}`.execute(tx);
  const { rows: assets } = await sql<{ id: string }>`
    select id from asset where site_id in ${textList(ids.site)}`.execute(tx);
  return { assignment: assignments.map(({ id }) => id), asset: assets.map(({ id }) => id) };
}

interface Gift {
  readonly thing: MovedThing;
  readonly ids: readonly string[];
  readonly toId: string;
}

async function give(tx: Db, { thing, ids, toId }: Gift): Promise<void> {
  await sql`
    update ${sql.table(thing)} set ${sql.ref(ownerColumnOf(thing))} = ${toId}
    where id::text in ${textList(ids)}`.execute(tx);
}

interface Asked {
  readonly id?: string;
  readonly customerId?: string | undefined;
  readonly limit: number;
}

async function listMerges(db: Db, { id, customerId, limit }: Asked): Promise<readonly Merge[]> {
  let query = db
    .selectFrom("customer_merge as m")
    .innerJoin("customer as f", "f.id", "m.from_id")
    .innerJoin("customer as i", "i.id", "m.into_id")
    .selectAll("m")
    .select(["f.number as from_number", "f.name as from_name"])
    .select(["i.number as into_number", "i.name as into_name"])
    .orderBy("m.at", "desc")
    .orderBy("m.id")
    .limit(limit);
  if (id !== undefined) query = query.where("m.id", "=", id);
  if (customerId !== undefined)
    query = query.where((eb) =>
      eb.or([eb("m.from_id", "=", customerId), eb("m.into_id", "=", customerId)]),
    );
  return (await query.execute()).map((row) => ({
    id: row.id,
    fromId: row.from_id,
    fromNumber: row.from_number,
    fromName: row.from_name,
    intoId: row.into_id,
    intoNumber: row.into_number,
    intoName: row.into_name,
    byName: row.by_name,
    atMs: row.at.getTime(),
    undoneAtMs: row.undone_at?.getTime() ?? null,
    counts: countsOf(readMoved(row.moved)),
  }));
}

async function oneMerge(tx: Db, id: string): Promise<Merge> {
  const [merge] = await listMerges(tx, { id, limit: 1 });
  if (merge === undefined) throw new NotFoundError("merge", id);
  return merge;
}
