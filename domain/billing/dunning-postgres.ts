import { type Selectable, sql } from "kysely";
import { InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { DunningEventTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { insertNotifications } from "../notifications/notification-insert-postgres.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { requireDay } from "./calendar.ts";
import {
  type Cut,
  cutAt,
  DUNNING_DEFAULT,
  decideDunning,
  outlook,
  requirePolicy,
} from "./dunning.ts";
import type {
  DunnedAccount,
  DunnedTerminal,
  Dunning,
  DunningDetail,
  DunningEvent,
  StoredDunningPolicy,
} from "./dunning-desk.ts";
import { type DunningAccountFacts, dunningFacts } from "./dunning-facts-postgres.ts";
import { dunningNotice } from "./dunning-notice.ts";
import { keepEvent, moveTo } from "./dunning-relief-postgres.ts";
import { writeNote } from "./invoice-issue-postgres.ts";
import { documentOf, heldInvoices } from "./invoice-rows-postgres.ts";
import { settle } from "./ledger-postgres.ts";
import type { ServiceClass } from "./plan.ts";
import type { BillingDeps } from "./plans-postgres.ts";
import { isHistoryCut, servedTerminals, setCuts } from "./service-cuts-postgres.ts";

const ACCOUNTS_AT_ONCE = 50;
const TERMINALS_MAX = 1_000;
const EVENTS_MAX = 100;
const SYSTEM = { kind: "system", id: "dunning", name: "Dunning" } as const;

interface DunningDeps extends BillingDeps {
  readonly log: Log;
}

export function createDunning(deps: DunningDeps): Dunning {
  const { db } = deps;
  return {
    ...policiesOf(deps),
    ...readsOf(db),
    hold: (customerId, hold, act) =>
      inTransaction(db, (tx) => holdOne(tx, deps, { customerId, ...hold }, act)),
    isHistoryCut: (address, reach) => isHistoryCut(db, address, reach),

    async run(nowMs) {
      let steps = 0;
      let after = "";
      for (;;) {
        const which = sql`a.customer_id > ${after} and ${DUNNED}`;
        const some = await dunningFacts(db, which, new Date(nowMs), ACCOUNTS_AT_ONCE);
        for (const { customerId } of some)
          if (await runAccount(deps, customerId, nowMs)) steps += 1;
        const last = some.at(-1);
        if (last === undefined) return steps;
        after = last.customerId;
      }
    },
  };
}

const policiesOf = ({ db, audit }: BillingDeps): Pick<Dunning, "policy" | "putPolicy"> => ({
  policy: (legalEntityId) => policyOf(db, legalEntityId),

  putPolicy: ({ legalEntityId, version }, policy, act) =>
    inTransaction(db, async (tx) => {
      requirePolicy(policy);
      await sql`select from legal_entity where id = ${legalEntityId} for update`.execute(tx);
      const before = await policyOf(tx, legalEntityId);
      if (version !== undefined && version !== before.version)
        throw new StaleError("dunning policy", version, before.version);
      const spec = JSON.stringify(policy);
      await sql`
        insert into dunning_policy (legal_entity_id, spec, version)
        values (${legalEntityId}, ${spec}::text::jsonb, 1)
        on conflict (legal_entity_id) do update set spec = excluded.spec,
          version = dunning_policy.version + 1`.execute(tx);
      await audit.record(tx, act, {
        ...{ action: "dunning-policy.changed", before, after: policy },
        subject: { kind: "legal-entity", id: legalEntityId },
      });
      return policyOf(tx, legalEntityId);
    }),
});

async function policyOf(db: Db, legalEntityId: string): Promise<StoredDunningPolicy> {
  const row = await db
    .selectFrom("legal_entity as e")
    .leftJoin("dunning_policy as p", "p.legal_entity_id", "e.id")
    .select(["p.spec", "p.version"])
    .where("e.id", "=", legalEntityId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("legal entity", legalEntityId);
  const spec = row.spec ?? DUNNING_DEFAULT;
  const currency = spec.currency ?? null; // older ones have none
  return { ...spec, currency, legalEntityId, version: row.version ?? 0 };
}

/** Anything overdue, or still on a step. */
const DUNNED = sql`(exists (select from invoice i where i.customer_id = a.customer_id and i.open > 0
  and i.number is not null and i.due_on < n.today) or coalesce(k.step, 0) > 0)`;

const readsOf = (db: Db): Pick<Dunning, "board" | "find"> => ({
  async board({ after = "", limit, nowMs }) {
    const which = sql`a.customer_id > ${after} and ${DUNNED}`;
    return (await dunningFacts(db, which, new Date(nowMs), limit)).map(accountOf);
  },
  find: (customerId, nowMs) => findOne(db, customerId, nowMs),
});

const accountOf = (facts: DunningAccountFacts): DunnedAccount => ({
  ...{ customerId: facts.customerId, customerName: facts.customerName, currency: facts.currency },
  ...{ ...facts.state, grade: facts.credit.grade, debt: facts.debt ?? null },
  ...{ heldReason: facts.heldReason, isReachable: facts.isReachable },
  next: outlook(facts.state, facts)[0] ?? null,
});

async function findOne(
  db: Db,
  customerId: string,
  nowMs: number,
): Promise<DunningDetail | undefined> {
  const at = new Date(nowMs);
  const [facts] = await dunningFacts(db, sql`a.customer_id = ${customerId}`, at);
  if (facts === undefined) return undefined;
  const events = await db
    .selectFrom("dunning_event")
    .selectAll()
    .where("customer_id", "=", customerId)
    .orderBy("id", "desc")
    .limit(EVENTS_MAX)
    .execute();
  return {
    ...accountOf(facts),
    credit: facts.credit,
    outlook: outlook(facts.state, facts),
    terminals: await terminalsOf(db, facts, at),
    events: events.map(eventOf),
  };
}

const eventOf = (row: Selectable<DunningEventTable>): DunningEvent => ({
  ...{ at: row.at, kind: row.kind, step: row.step, overdue: Number(row.overdue) },
  ...{ feeNoteId: row.fee_note_id, byName: row.by_name, reason: row.reason },
});

async function terminalsOf(
  db: Db,
  { customerId, policy }: DunningAccountFacts,
  at: Date,
): Promise<readonly DunnedTerminal[]> {
  const { rows } = await sql<{
    readonly address: bigint;
    readonly name: string;
    readonly service_class: ServiceClass;
    readonly cut: Cut | null;
  }>`
    select s.address, t.name, s.service_class, c.cut from ${servedTerminals(customerId, at)} s
    join terminal t on t.address = s.address
    left join service_cut c on c.address = s.address and c.customer_id = ${customerId}
      and c.reason = 'dunning'
    order by s.address limit ${TERMINALS_MAX}::int`.execute(db);
  return rows.map((row) => ({
    ...{ address: Number(row.address), name: row.name, serviceClass: row.service_class },
    cut: row.cut ?? "nothing",
    cuts: policy.steps.map((_, at) => cutAt(policy, at + 1, row.service_class)),
  }));
}

async function holdOne(
  tx: Db,
  { audit }: BillingDeps,
  { customerId, until, reason }: { customerId: string; until: string | null; reason: string },
  act: Act,
): Promise<DunningDetail> {
  const at = new Date(act.atMs);
  await holdAccounts(tx, [customerId]); // a step that is under way comes before, and none after
  const [facts] = await dunningFacts(tx, sql`a.customer_id = ${customerId}`, at);
  if (facts === undefined) throw new NotFoundError("billing account", customerId);
  if (until !== null && requireDay("until", until) <= facts.today)
    throw new InvalidInputError("until", `until must be after ${facts.today}, or null`);
  const heldReason = until === null ? null : reason;
  await sql`
    insert into dunning_case (customer_id, step, held_until, held_reason)
    values (${customerId}, 0, ${until}, ${heldReason})
    on conflict (customer_id) do update set held_until = excluded.held_until,
      held_reason = excluded.held_reason`.execute(tx);
  const { step } = facts.state;
  await keepEvent(tx, facts, { kind: "hold", step, at, byName: act.actor.name, reason });
  await audit.record(tx, act, {
    ...{ action: "dunning.held", subject: { kind: "billing-account", id: customerId } },
    ...{ customerId, before: { until: facts.state.heldUntil }, after: { until, reason } },
  });
  const found = await findOne(tx, customerId, act.atMs);
  if (found === undefined) throw new NotFoundError("billing account", customerId);
  return found;
}

/**
 * A transaction of its own: it holds the end of the audit log, for which everybody else waits, and what is wrong with
 * one account stops no other.
 */
async function runAccount(deps: DunningDeps, customerId: string, nowMs: number): Promise<boolean> {
  try {
    return await inTransaction(deps.db, async (tx) => {
      const at = new Date(nowMs);
      await holdDebts(tx, customerId);
      await settle(tx, customerId, at); // what is paid is given first, and what is not owed is let go of
      const [facts] = await dunningFacts(tx, sql`a.customer_id = ${customerId}`, at);
      return facts !== undefined && (await runOne(tx, deps, facts, nowMs));
    });
  } catch (error) {
    deps.log.error({ err: error, customerId }, "an account is not dunned");
    return false;
  }
}

/** Before its step, which holds the end of the audit log: whoever pays or corrects meanwhile is waited for. */
async function holdDebts(tx: Db, customerId: string): Promise<void> {
  const of = sql`where customer_id = ${customerId}`;
  await sql`select from legal_entity where id = (select legal_entity_id from billing_account ${of})
    for no key update`.execute(tx);
  await holdAccounts(tx, [customerId]);
  await sql`select from invoice ${of} and number is not null and open <> 0 order by id
    for update`.execute(tx);
}

async function runOne(
  tx: Db,
  deps: BillingDeps,
  facts: DunningAccountFacts,
  nowMs: number,
): Promise<boolean> {
  const at = new Date(nowMs);
  const outcome = decideDunning(facts.state, facts);
  switch (outcome.kind) {
    case "relax": // settling has let go of it already
    case "stay":
      // a terminal may have come or gone since
      await setCuts(tx, {
        ...{ customerId: facts.customerId, reason: "dunning", at },
        cutOf: (of) => cutAt(facts.policy, facts.state.step, of),
      });
      return false;
    case "unreachable":
      await keepUnreachable(tx, facts, outcome.step, at);
      return false;
    case "step":
      await takeStep(tx, deps, facts, { step: outcome.step, nowMs });
      return true;
  }
}

/** Once, until something else happens. */
async function keepUnreachable(
  tx: Db,
  facts: DunningAccountFacts,
  step: number,
  at: Date,
): Promise<void> {
  const last = await tx
    .selectFrom("dunning_event")
    .select("kind")
    .where("customer_id", "=", facts.customerId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last?.kind === "unreachable") return;
  await keepEvent(tx, facts, { kind: "unreachable", step, at, byName: SYSTEM.name });
}

async function takeStep(
  tx: Db,
  deps: BillingDeps,
  facts: DunningAccountFacts,
  { step, nowMs }: { readonly step: number; readonly nowMs: number },
): Promise<void> {
  const act: Act = { actor: SYSTEM, atMs: nowMs };
  const { customerId, policy, debt, invoice } = facts;
  const taken = policy.steps[step - 1];
  if (taken === undefined || debt === undefined || invoice === undefined) return;
  const fee = await chargeFee(tx, deps, { invoiceId: invoice.id, net: taken.fee, step }, act);
  await moveTo(tx, facts, {
    ...{ kind: "step", step, at: new Date(nowMs), byName: SYSTEM.name, feeNoteId: fee?.id },
  });
  const [next] = outlook({ ...facts.state, step, steppedOn: facts.today }, facts);
  const notice = dunningNotice({
    ...{ id: `dunning-${customerId}-${step}-${facts.today}`, customerId, step: taken, next },
    ...{ invoiceNumber: invoice.number, overdue: debt.amount, currency: facts.currency },
    ...{ fee: fee?.gross ?? 0, atMs: nowMs },
  });
  if (facts.isReachable)
    await insertNotifications(tx, [{ ...notice, targets: facts.targets }], nowMs);
  await deps.audit.record(tx, act, {
    ...{ action: "dunning.stepped", subject: { kind: "billing-account", id: customerId } },
    ...{ customerId, before: { step: facts.state.step }, after: { step, overdue: debt.amount } },
  });
}

/** A debit note on the oldest invoice, taxed as its first line. */
async function chargeFee(
  tx: Db,
  deps: BillingDeps,
  {
    invoiceId,
    net,
    step,
  }: { readonly invoiceId: string; readonly net: number; readonly step: number },
  act: Act,
): Promise<{ readonly id: string; readonly gross: number } | undefined> {
  if (net === 0) return undefined;
  const [row] = await heldInvoices(tx, { ids: [invoiceId] });
  const position = row && documentOf(row).lines[0]?.position;
  if (position === undefined) return undefined;
  const reason = `Reminder ${step} / 第 ${step} 次催款`;
  const input = { kind: "debit-note", lines: [{ position, net }], reason } as const;
  return writeNote(tx, deps, { id: invoiceId, input }, act);
}
