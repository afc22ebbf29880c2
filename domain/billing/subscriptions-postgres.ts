import { type RawBuilder, type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SubscriptionTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { findAccount } from "./accounts-postgres.ts";
import { addMonths, dayAt, requireDay } from "./calendar.ts";
import type { Plan } from "./plan.ts";
import { type BillingDeps, findPlan } from "./plans-postgres.ts";
import {
  endOn,
  moveTo,
  pauseFrom,
  resumeOn,
  type Subscription,
  startOn,
  stateOn,
  subscribe,
  swapOn,
} from "./subscription.ts";
import type {
  StoredSubscription,
  SubscriptionDeed,
  SubscriptionInput,
  Subscriptions,
} from "./subscriptions.ts";

/** A close looks back thirteen months: what is older stays as it was billed. */
const BACKDATED_MONTHS_MAX = 12;
const ACCEPTED_AT_ONCE = 1_000;

export function createSubscriptions({ db, audit, makeId }: BillingDeps): Subscriptions {
  return {
    async list({ reach, customerId, address, after, limit, nowMs }) {
      await startAccepted(db);
      const conditions = [
        withinReach(reach, sql`s.customer_id`),
        ...(customerId === undefined ? [] : [sql`s.customer_id = ${customerId}`]),
        ...(address === undefined ? [] : [sql`s.address = ${address}::int8`]),
        ...(after === undefined ? [] : [sql`s.id > ${after}`]),
      ];
      return storedWhere(db, sql`${sql.join(conditions, sql` and `)}`, { limit, nowMs });
    },

    async find(id, reach, nowMs) {
      await startAccepted(db);
      return findOne(db, id, { reach, nowMs });
    },

    add: (input, act) =>
      inTransaction(db, async (tx) => {
        const made = await newSubscription(tx, makeId(), input, act);
        await tx
          .insertInto("subscription")
          .values({ ...columnsOf(made), created_at: new Date(act.atMs), version: 1 })
          .execute();
        await startAccepted(tx);
        await audit.record(tx, act, {
          ...{ action: "subscription.added", subject: { kind: "subscription", id: made.id } },
          ...{ customerId: made.customerId, after: input },
        });
        return required(tx, made.id, act.atMs);
      }),

    change: ({ id, version }, deed, act) =>
      inTransaction(db, async (tx) => {
        await startAccepted(tx);
        const row = await tx
          .selectFrom("subscription")
          .selectAll()
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) throw new NotFoundError("subscription", id);
        if (version !== undefined && version !== row.version)
          throw new StaleError("subscription", version, row.version);
        const after = await changed(tx, subscriptionOf(row), deed, act);
        await tx
          .updateTable("subscription")
          .set({ ...columnsOf(after), version: row.version + 1 })
          .where("id", "=", id)
          .execute();
        await audit.record(tx, act, {
          ...{ action: `subscription.${PAST[deed.kind]}`, subject: { kind: "subscription", id } },
          ...{ customerId: row.customer_id, after: deed },
        });
        return required(tx, id, act.atMs);
      }),
  };
}

const PAST: Readonly<Record<SubscriptionDeed["kind"], string>> = {
  move: "moved",
  pause: "paused",
  resume: "resumed",
  end: "ended",
  swap: "swapped",
};

async function newSubscription(
  tx: Db,
  id: string,
  input: SubscriptionInput,
  act: Act,
): Promise<Subscription> {
  const plan = await requirePlanById(tx, input.planId);
  const account = await findAccount(tx, input.customerId, "all");
  if (account === undefined)
    throw new ConflictError("the customer has no billing account yet: open one first", {
      field: "customerId",
    });
  if (account.currency !== plan.spec.currency)
    throw new InvalidInputError(
      "planId",
      `${plan.spec.code} is in ${plan.spec.currency} and the account in ${account.currency}: nothing is converted`,
    );
  if (input.startsOn !== null) requireRecent("startsOn", input.startsOn, act.atMs);
  if (input.address !== null) await requireFreeTerminal(tx, input.address, id);
  return subscribe({ ...input, id, plan });
}

async function changed(
  tx: Db,
  before: Subscription,
  deed: SubscriptionDeed,
  act: Act,
): Promise<Subscription> {
  requireRecent("day", deed.day, act.atMs);
  switch (deed.kind) {
    case "move": {
      const now = before.terms.findLast(({ from }) => from <= deed.day) ?? before.terms[0];
      const plans = {
        before: await requirePlanById(tx, now?.planId ?? ""),
        after: await requirePlanById(tx, deed.planId),
      };
      return moveTo(before, deed.day, plans, deed.addOns);
    }
    case "pause":
      return pauseFrom(before, deed.day);
    case "resume":
      return resumeOn(before, deed.day);
    case "end":
      return endOn(before, deed.day);
    case "swap":
      await requireFreeTerminal(tx, deed.address, before.id);
      return swapOn(before, deed.day, deed.address);
  }
}

function requireRecent(field: string, day: string, nowMs: number): void {
  const first = addMonths(dayAt(nowMs, "UTC"), -BACKDATED_MONTHS_MAX);
  if (requireDay(field, day) < first)
    throw new InvalidInputError(
      field,
      `${field} must not be before ${first}: what is older stays as it was billed`,
    );
}

async function requirePlanById(tx: Db, id: string): Promise<Plan> {
  const plan = await findPlan(tx, id);
  if (plan === undefined) throw new InvalidInputError("planId", `plan ${id} does not exist`);
  return plan;
}

/** Two of one terminal would bill its packets twice. */
async function requireFreeTerminal(tx: Db, address: number, ownId: string): Promise<void> {
  const { rows } = await sql`
    select from terminal where address = ${address}::int8 for update`.execute(tx);
  if (rows.length === 0)
    throw new InvalidInputError("address", `terminal ${address} does not exist`);
  const { rows: others } = await sql`
    select from subscription where address = ${address}::int8 and ends_on is null
      and id <> ${ownId}`.execute(tx);
  if (others.length > 0)
    throw new ConflictError(`terminal ${address} has a subscription already: end it first`, {
      field: "address",
    });
}

/** Those whose terminal was accepted meanwhile begin on the day that the acceptance says. */
export async function startAccepted(db: Db): Promise<void> {
  const { rows } = await sql<Selectable<SubscriptionTable> & { readonly day: string }>`
    select s.*, t.service_from::text as day from subscription s
    join terminal t on t.address = s.address
    where s.starts_on is null and t.service_from is not null
    order by s.id limit ${ACCEPTED_AT_ONCE}::int`.execute(db);
  for (const row of rows) {
    const plan = await requirePlanById(db, row.plan_id);
    const { starts_on, trial_until, terms, terminals } = columnsOf(
      startOn(subscriptionOf(row), row.day, plan),
    );
    await db
      .updateTable("subscription")
      .set({ starts_on, trial_until, terms, terminals, version: row.version + 1 })
      .where("id", "=", row.id)
      .where("starts_on", "is", null)
      .execute();
  }
}

const columnsOf = (one: Subscription) => ({
  id: one.id,
  customer_id: one.customerId,
  plan_id: one.terms.at(-1)?.planId ?? "",
  address: one.terminals.at(-1)?.address ?? null,
  starts_on: one.startsOn,
  trial_until: one.trialUntil,
  ends_on: one.endsOn,
  terms: JSON.stringify(one.terms),
  pauses: JSON.stringify(one.pauses),
  terminals: JSON.stringify(one.terminals),
});

export const subscriptionOf = (row: Selectable<SubscriptionTable>): Subscription => ({
  id: row.id,
  customerId: row.customer_id,
  startsOn: row.starts_on,
  trialUntil: row.trial_until,
  endsOn: row.ends_on,
  terms: row.terms,
  pauses: row.pauses,
  terminals: row.terminals,
});

interface Joined extends Selectable<SubscriptionTable> {
  readonly customer_name: string;
  readonly time_zone: string;
  readonly plan_code: string;
  readonly plan_version: number;
  readonly terminal_name: string | null;
}

async function storedWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  { limit, nowMs }: { readonly limit: number; readonly nowMs: number },
): Promise<readonly StoredSubscription[]> {
  const { rows } = await sql<Joined>`
    select s.*, c.name as customer_name, c.time_zone, p.code as plan_code,
      p.version as plan_version, t.name as terminal_name
    from subscription s join customer c on c.id = s.customer_id
      join plan_version p on p.id = s.plan_id left join terminal t on t.address = s.address
    where ${condition} order by s.id limit ${limit}::int`.execute(db);
  return rows.map((row) => {
    const subscription = subscriptionOf(row);
    return {
      ...subscription,
      customerName: row.customer_name,
      planId: row.plan_id,
      planCode: row.plan_code,
      planVersion: row.plan_version,
      address: row.address === null ? null : Number(row.address),
      terminalName: row.terminal_name,
      state: stateOn(subscription, dayAt(nowMs, row.time_zone)),
      version: row.version,
    };
  });
}

async function findOne(
  db: Db,
  id: string,
  {
    reach,
    nowMs,
  }: { readonly reach: Parameters<Subscriptions["find"]>[1]; readonly nowMs: number },
): Promise<StoredSubscription | undefined> {
  const condition = sql`s.id = ${id} and ${withinReach(reach, sql`s.customer_id`)}`;
  const [found] = await storedWhere(db, condition, { limit: 1, nowMs });
  return found;
}

async function required(tx: Db, id: string, nowMs: number): Promise<StoredSubscription> {
  const found = await findOne(tx, id, { reach: "all", nowMs });
  if (found === undefined) throw new NotFoundError("subscription", id);
  return found;
}
