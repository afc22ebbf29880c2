import type { Kysely, Selectable } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SiteTable } from "../db/tables-customers.ts";
import type { Audit } from "../identity/audit.ts";
import { differenceOf, toldOf } from "./customer-input.ts";
import { current, given, PARTS_MAX, requireRoom, toldPart } from "./customer-parts-postgres.ts";
import { holdCustomer } from "./customer-rows-postgres.ts";
import { cleanSite, SITE_PERSONAL, type Site, type Sites } from "./sites.ts";

export interface SitesDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createSites({ db, audit, makeId }: SitesDeps): Sites {
  return {
    async list(customerId) {
      const rows = await db
        .selectFrom("site")
        .selectAll()
        .where("customer_id", "=", customerId)
        .orderBy("name")
        .orderBy("id")
        .limit(PARTS_MAX)
        .execute();
      return rows.map(siteOf);
    },

    async find(customerId, id) {
      const row = await rowOf(db, customerId, id).executeTakeFirst();
      return row && siteOf(row);
    },

    add: (customerId, input, act) =>
      inTransaction(db, async (tx) => {
        const fields = cleanSite(input);
        await holdCustomer(tx, customerId);
        await requireRoom(tx, "site", customerId);
        const row = await tx
          .insertInto("site")
          .values({
            id: makeId(),
            customer_id: customerId,
            ...fields,
            created_at: new Date(act.atMs),
            version: 1,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const after = toldOf(fields, SITE_PERSONAL);
        await audit.record(tx, act, { action: "site.added", ...told(row), after });
        return siteOf(row);
      }),

    change: (at, change, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, at.customerId);
        const row = await held(tx, at);
        const before = cleanSite(siteOf(row));
        const after = cleanSite({ ...before, ...given(change) });
        const difference = differenceOf(before, after, SITE_PERSONAL);
        if (difference === undefined) return siteOf(row);
        const changed = await tx
          .updateTable("site")
          .set({ ...after, version: row.version + 1 })
          .where("id", "=", at.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, { action: "site.changed", ...told(row), ...difference });
        return siteOf(changed);
      }),

    remove: (at, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, at.customerId);
        const row = await held(tx, at);
        await requireUnused(tx, at.id);
        await tx.deleteFrom("site").where("id", "=", at.id).execute();
        const before = toldOf(cleanSite(siteOf(row)), SITE_PERSONAL);
        await audit.record(tx, act, { action: "site.removed", ...told(row), before });
      }),
  };
}

type Place = Parameters<Sites["change"]>[0];
type Row = Selectable<SiteTable>;

const told = (row: Row) => toldPart("site", row);

const rowOf = (db: Db, customerId: string, id: string) =>
  db.selectFrom("site").selectAll().where("id", "=", id).where("customer_id", "=", customerId);

/** Held until the transaction ends. */
async function held(tx: Db, at: Place): Promise<Row> {
  const row = await rowOf(tx, at.customerId, at.id).forUpdate().executeTakeFirst();
  return current("site", at, row);
}

async function requireUnused(tx: Db, id: string): Promise<void> {
  const asset = await tx
    .selectFrom("asset")
    .select("name")
    .where("site_id", "=", id)
    .where("retired_at", "is", null)
    .executeTakeFirst();
  if (asset !== undefined)
    throw new ConflictError(`${asset.name} stands at this site: move it first`, { id });
}

const siteOf = (row: Row): Site => ({
  id: row.id,
  customerId: row.customer_id,
  name: row.name,
  address: row.address,
  latitude: row.latitude,
  longitude: row.longitude,
  version: row.version,
});
