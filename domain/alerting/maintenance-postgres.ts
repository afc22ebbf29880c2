import { randomUUID } from "node:crypto";
import { InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Audit } from "../identity/audit.ts";
import type { Maintenance } from "./maintenance.ts";

const WINDOWS_MAX = 500;

export function createMaintenance({
  db,
  audit,
}: {
  readonly db: Db;
  readonly audit: Audit;
}): Maintenance {
  return {
    async list(nowMs) {
      const rows = await db
        .selectFrom("maintenance_windows")
        .selectAll()
        .where("to_at", ">", new Date(nowMs))
        .where("cancelled_at", "is", null)
        .orderBy("from_at")
        .limit(WINDOWS_MAX)
        .execute();
      return rows.map((row) => ({
        ...{
          id: row.id,
          from: row.from_at,
          to: row.to_at,
          reason: row.reason,
          byName: row.by_name,
        },
        profile: row.profile ?? undefined,
        customerId: row.customer_id ?? undefined,
        groupId: row.group_id === null ? undefined : Number(row.group_id),
        address: row.address === null ? undefined : Number(row.address),
      }));
    },

    create: (window, act) => create({ db, audit }, window, act),

    cancel: (id, act) =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable("maintenance_windows")
          .set({ cancelled_at: new Date(act.atMs) })
          .where("id", "=", id)
          .where("cancelled_at", "is", null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new NotFoundError("maintenance window", id);
        await audit.record(tx, act, {
          ...{ action: "maintenance.cancelled", subject: { kind: "maintenance", id } },
        });
      }),
  };
}

const create: (
  deps: { readonly db: Db; readonly audit: Audit },
  ...args: Parameters<Maintenance["create"]>
) => ReturnType<Maintenance["create"]> = ({ db, audit }, window, act) =>
  inTransaction(db, async (tx) => {
    const { from, to, reason, profile, customerId, groupId, address } = window;
    if (to.getTime() <= Math.max(from.getTime(), act.atMs))
      throw new InvalidInputError("to", "A window ends after it begins, and in time to come");
    const scope = [profile, customerId, groupId, address];
    if (scope.every((part) => part === undefined))
      throw new InvalidInputError(
        "profile",
        "Say what is worked on: profile, customerId, groupId or address",
      );
    const id = randomUUID();
    await tx
      .insertInto("maintenance_windows")
      .values({
        ...{
          id,
          from_at: from,
          to_at: to,
          reason,
          by_id: act.actor.id,
          by_name: act.actor.name,
        },
        profile: profile ?? null,
        customer_id: customerId ?? null,
        group_id: groupId ?? null,
        address: address ?? null,
      })
      .execute();
    const deed = { action: "maintenance.created", subject: { kind: "maintenance", id } };
    await audit.record(tx, act, { ...deed, after: window });
    return { ...window, id, byName: act.actor.name };
  });
