import { type Selectable, sql } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { PlanVersionTable } from "../db/tables-billing.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { type Plan, type PlanSpec, requirePlan } from "./plan.ts";
import type { Plans, StoredPlan } from "./plans.ts";

export interface BillingDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
}

const PLANS_MAX = 500;

export function createPlans({ db, audit, makeId }: BillingDeps): Plans {
  return {
    async list(code) {
      const { rows } = await sql<Row>`
        select p.*, (select count(*) from subscription s where s.plan_id = p.id
          and s.ends_on is null)::int as subscriptions
        from plan_version p
        where ${code === undefined ? sql`not exists (select from plan_version n where n.code = p.code and n.version > p.version)` : sql`p.code = ${code}`}
        order by p.code, p.version desc limit ${PLANS_MAX}::int`.execute(db);
      return rows.map(storedPlan);
    },

    find: (id) => findPlan(db, id),

    save: (specs, act) =>
      inTransaction(db, async (tx) => {
        for (const [at, spec] of specs.entries()) checked(spec, specs.length > 1 ? `${at}.` : "");
        const saved: StoredPlan[] = [];
        for (const spec of specs) saved.push(await saveOne(tx, makeId(), spec, act));
        await audit.record(
          tx,
          act,
          ...saved
            .filter(({ madeAt }) => madeAt.getTime() === act.atMs)
            .map(({ id, version, spec }) => ({
              ...{ action: "plan.saved", subject: { kind: "plan", id } },
              after: { version, spec },
            })),
        );
        return saved;
      }),
  };
}

/** Of several, the one at fault is named by its place. */
function checked(spec: PlanSpec, prefix: string): void {
  try {
    requirePlan(spec);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`${prefix}${String(error.details["field"])}`, error.message);
  }
}

async function saveOne(tx: Db, id: string, spec: PlanSpec, act: Act): Promise<StoredPlan> {
  await sql`select pg_advisory_xact_lock(hashtext(${`plan ${spec.code}`}))`.execute(tx);
  const newest = await tx
    .selectFrom("plan_version")
    .selectAll()
    .where("code", "=", spec.code)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (newest !== undefined && (await isSame(tx, newest.id, spec)))
    return storedPlan({ ...newest, subscriptions: 0 });
  if (newest !== undefined && newest.spec.currency !== spec.currency)
    throw new InvalidInputError(
      "currency",
      `${spec.code} is in ${newest.spec.currency}: another currency is another plan`,
    );
  const row = await tx
    .insertInto("plan_version")
    .values({
      ...{ id, code: spec.code, version: (newest?.version ?? 0) + 1, spec: JSON.stringify(spec) },
      ...{ made_at: new Date(act.atMs), made_by: act.actor.name },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return storedPlan({ ...row, subscriptions: 0 });
}

async function isSame(tx: Db, id: string, spec: PlanSpec): Promise<boolean> {
  const { rows } = await sql`
    select from plan_version where id = ${id} and spec = ${JSON.stringify(spec)}::text::jsonb`.execute(
    tx,
  );
  return rows.length > 0;
}

export async function findPlan(db: Db, id: string): Promise<StoredPlan | undefined> {
  const row = await db
    .selectFrom("plan_version")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  return row && storedPlan({ ...row, subscriptions: 0 });
}

/** All versions that there are, for a close. */
export async function everyPlan(db: Db): Promise<ReadonlyMap<string, Plan>> {
  const rows = await db.selectFrom("plan_version").select(["id", "version", "spec"]).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

type Row = Selectable<PlanVersionTable> & { readonly subscriptions: number };

const storedPlan = (row: Row): StoredPlan => ({
  id: row.id,
  version: row.version,
  spec: row.spec,
  madeAt: row.made_at,
  madeBy: row.made_by,
  subscriptions: row.subscriptions,
});
