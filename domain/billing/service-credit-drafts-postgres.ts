import { type Selectable, sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { int8List, jsonRows } from "../db/json-rows.ts";
import type { BillingAccountTable, SubscriptionTable } from "../db/tables-billing.ts";
import { settledBefore } from "./billed-postgres.ts";
import { daysOfMonth, type Month } from "./calendar.ts";
import { insertLines } from "./close-account-postgres.ts";
import { creditParts } from "./credit-parts.ts";
import { type TaxRate, taxRateOf } from "./draft.ts";
import type { Settled } from "./fee-credits.ts";
import type { InvoiceDocument } from "./invoices.ts";
import { type Plan, planIn } from "./plan.ts";
import {
  type CreditEvidence,
  type CreditsDrafted,
  creditId,
  creditNote,
  type KeptProof,
  type PricedPart,
  provedDays,
} from "./service-credits.ts";
import type { HeldProof } from "./service-proofs.ts";
import { holdings, proofsOf } from "./service-proofs-postgres.ts";
import { paidStretches, placementsIn, type Subscription } from "./subscription.ts";
import { subscriptionOf } from "./subscriptions-postgres.ts";

export interface CreditRun {
  readonly month: Month;
  readonly at: Date;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly taxRates: readonly TaxRate[];
  /** What a close knows already; else it is read. */
  readonly settled?: (subscription: Subscription) => Settled;
}

/** An account may have tens of thousands, with a month of each in memory. */
const SUBSCRIPTIONS_AT_ONCE = 1_000;

type Drafted = Pick<CreditsDrafted, "drafted" | "waiting">;
const NOTHING_DRAFTED: Drafted = { drafted: 0, waiting: 0 };

/** Drafts what these customers' missed promises give back; the caller holds their accounts. What was drafted or rejected before is left alone. */
export async function draftServiceCredits(
  tx: Db,
  run: CreditRun,
  customerIds: readonly string[],
): Promise<Drafted> {
  if (!run.plans.values().some(({ spec }) => spec.serviceLevel !== undefined))
    return NOTHING_DRAFTED;
  const subscriptions = await promisedIn(tx, run, customerIds);
  let sum = NOTHING_DRAFTED;
  for (let at = 0; at < subscriptions.length; at += SUBSCRIPTIONS_AT_ONCE) {
    const some = await draftFor(tx, run, subscriptions.slice(at, at + SUBSCRIPTIONS_AT_ONCE));
    sum = { drafted: sum.drafted + some.drafted, waiting: sum.waiting + some.waiting };
  }
  return sum;
}

async function draftFor(
  tx: Db,
  run: CreditRun,
  subscriptions: readonly Subscription[],
): Promise<Drafted> {
  const proofs = await proofsFor(tx, run, subscriptions);
  const accounts = await tx
    .selectFrom("billing_account")
    .selectAll()
    .where(sql<boolean>`customer_id in ${textList(customersOf(subscriptions))}`)
    .execute();
  const accountOf = new Map(accounts.map((account) => [account.customer_id, account]));
  const settled = run.settled ?? (await settledFor(tx, run, subscriptions));
  const missed = subscriptions.flatMap((subscription) =>
    missedBy(subscription, run, { proofs, ...settled(subscription) }),
  );
  const priced = missed.flatMap((one) => {
    const account = accountOf.get(one.subscription.customerId);
    const note = account && noteOf(one, account, run);
    return note === undefined ? [] : [{ ...one, account, note }];
  });
  const drafted = await keep(tx, run, priced);
  return { drafted, waiting: missed.length - priced.length };
}

async function settledFor(
  tx: Db,
  { month }: CreditRun,
  subscriptions: readonly Subscription[],
): Promise<(subscription: Subscription) => Settled> {
  const ids = subscriptions.map(({ id }) => id);
  const settled = await settledBefore(tx, month, ids);
  return ({ id }) => settled(id);
}

const customersOf = (subscriptions: readonly Subscription[]): ReadonlySet<string> =>
  new Set(subscriptions.map(({ customerId }) => customerId));

/** Subscriptions of terminals with a day in the month that something was promised for, not judged yet. */
async function promisedIn(
  tx: Db,
  { month, plans }: CreditRun,
  customerIds: readonly string[],
): Promise<readonly Subscription[]> {
  const { rows } = await sql<Selectable<SubscriptionTable>>`
    select s.* from subscription s where s.customer_id in ${textList(customerIds)}
      and s.terminals <> '[]' and s.starts_on < ${daysOfMonth(month).to}
      and (s.ends_on is null or s.ends_on > ${daysOfMonth(month).from})
      and not exists (select from service_credit c
        where c.subscription_id = s.id and c.month = ${month})
    order by s.id`.execute(tx);
  return rows
    .map(subscriptionOf)
    .filter((one) =>
      paidStretches(one, daysOfMonth(month)).some(
        ({ term }) => plans.get(term.planId)?.spec.serviceLevel !== undefined,
      ),
    );
}

async function proofsFor(
  tx: Db,
  { month, at }: CreditRun,
  subscriptions: readonly Subscription[],
): Promise<ReadonlyMap<string, readonly HeldProof[]>> {
  const addresses = subscriptions.flatMap((one) =>
    placementsIn(one, daysOfMonth(month)).map(({ address }) => address),
  );
  const rows = await holdings(tx, {
    ...{ reach: customersOf(subscriptions), month, limit: null },
    conditions: [sql`a.address in ${int8List(new Set(addresses))}`],
  });
  const proofs = await proofsOf(tx, rows, month, at.getTime());
  return Map.groupBy(proofs, heldBy);
}

/** Looked up for each subscription: an account may have tens of thousands. */
const heldBy = ({ customerId, address }: Pick<HeldProof, "customerId" | "address">): string =>
  `${address} ${customerId}`;

interface Missed {
  readonly subscription: Subscription;
  readonly evidence: CreditEvidence;
}

function missedBy(
  subscription: Subscription,
  { month, plans }: CreditRun,
  { proofs, ...settled }: Settled & { readonly proofs: ReadonlyMap<string, readonly HeldProof[]> },
): readonly Missed[] {
  const { customerId } = subscription;
  const of = (address: number) => proofs.get(heldBy({ customerId, address })) ?? [];
  const parts = creditParts(subscription, {
    ...{ ...settled, month },
    planOf: (id) => planIn(plans, id),
    provedOn: (address, days) => provedDays(of(address), days),
  });
  if (parts.length === 0) return [];
  const own = new Set(placementsIn(subscription, daysOfMonth(month)).map(({ address }) => address));
  const kept = [...own].flatMap(of).map(withoutNames);
  return [{ subscription, evidence: { parts, proofs: kept } }];
}

const withoutNames = (proof: HeldProof): KeptProof => {
  const { address, customerId, timeZone, held, target } = proof;
  const { rhythmMs, days, total, availability, longestGap } = proof;
  return {
    ...{ address, customerId, timeZone, held, target },
    ...{ rhythmMs, days, total, availability, longestGap },
  };
};

/** Undefined where the account pays in another currency, or nobody has said its tax rate. */
function noteOf(
  { subscription, evidence }: Missed,
  row: Selectable<BillingAccountTable>,
  { month, plans, taxRates }: CreditRun,
): InvoiceDocument | undefined {
  const account = { taxRegion: row.tax_region, isTaxExempt: row.is_tax_exempt };
  const priced: PricedPart[] = [];
  for (const part of evidence.parts) {
    const plan = planIn(plans, part.planId);
    const taxBasisPoints = taxRateOf({ account, taxRates }, plan.spec.taxClass);
    if (taxBasisPoints === undefined || plan.spec.currency !== row.currency) return undefined;
    priced.push({ part, plan, taxBasisPoints });
  }
  return creditNote(month, subscription.id, priced);
}

interface Priced extends Missed {
  readonly account: Selectable<BillingAccountTable> | undefined;
  readonly note: InvoiceDocument;
}

/** One who drafts the same at the same moment has drafted it: the draft and its credit come together or not at all. */
async function keep(tx: Db, { month, at }: CreditRun, priced: readonly Priced[]): Promise<number> {
  const rows = priced.map(({ subscription, account, note, evidence }) => ({
    ...{ id: creditId(month, subscription.id), subscription: subscription.id },
    ...{ customer: subscription.customerId, entity: account?.legal_entity_id },
    ...{ currency: note.currency, net: note.net, tax: note.tax, gross: note.gross },
    ...{ document: JSON.stringify(note), evidence: JSON.stringify(evidence) },
  }));
  const { rows: made } = await sql<{ id: string }>`
    with r as materialized (select * from ${jsonRows(rows)} as r (id text, subscription text,
        customer text, entity text, currency text, net int8, tax int8, gross int8, document text,
        evidence text)),
    made as (
      insert into service_credit (id, subscription_id, customer_id, month, currency, net, evidence,
        created_at)
      select id, subscription, customer, ${month}, currency, net, evidence, ${at}::timestamptz
      from r on conflict do nothing returning id)
    insert into invoice (id, legal_entity_id, customer_id, kind, state, month, currency, net, tax,
      gross, open, document, created_at, version)
    select r.id, r.entity, r.customer, 'credit-note', 'draft', ${month}, r.currency, r.net, r.tax,
      r.gross, 0, r.document, ${at}::timestamptz, 1
    from r join made on made.id = r.id returning id`.execute(tx);
  const ids = new Set(made.map(({ id }) => id));
  const lines = priced.flatMap(({ subscription, note }) => {
    const id = creditId(month, subscription.id);
    return ids.has(id) ? note.lines.map((line) => ({ id, ...line })) : [];
  });
  if (lines.length > 0) await insertLines(tx, lines);
  return ids.size;
}
