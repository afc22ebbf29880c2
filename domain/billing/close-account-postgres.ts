import { type Selectable, sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { BillingRunTable, SubscriptionTable } from "../db/tables-billing.ts";
import { settledBefore } from "./billed-postgres.ts";
import { daysOfMonth, startOfDayNs } from "./calendar.ts";
import {
  billedOf,
  type DraftOutcome,
  draftInvoice,
  type PayingAccount,
  type TaxRate,
} from "./draft.ts";
import type { Settled } from "./fee-credits.ts";
import {
  type CustomerWindow,
  type Cut,
  expanded,
  type MeteringOrder,
  meter,
  NOTHING_BILLED,
} from "./metering-postgres.ts";
import { type Plan, planIn } from "./plan.ts";
import type { Subscription } from "./subscription.ts";
import { subscriptionOf } from "./subscriptions-postgres.ts";
import { lateWindows, type Usage, usageWindows } from "./usage.ts";

export type Run = Pick<
  Selectable<BillingRunTable>,
  "id" | "month" | "usage_below" | "dry_run" | "legal_entity_id"
>;

/** What is the same for all accounts of a run. */
export interface RunFacts {
  readonly run: Run;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly taxRates: readonly TaxRate[];
  /**
   * Where reports of closed months are found that came afterwards: a close has set them aside; while a month runs they are
   * counted as they are stored, or in an open month before it.
   */
  readonly late: "set-aside" | "stored" | "elsewhere";
  /** In place of each account's own bound. */
  readonly grossMax?: number;
}

type MeteredWindow = CustomerWindow & { readonly isLate: boolean };

export interface ClosedAccount {
  readonly customerId: string;
  readonly outcome: DraftOutcome;
  /** What was billed and credited of a subscription, with what is drafted now. */
  readonly settled: (subscriptionId: string) => Settled;
  readonly usage: readonly Usage[];
  /** Where its metered usage was counted. */
  readonly windows: readonly MeteredWindow[];
  /** Where the month ended at the customer's. */
  readonly toNs: bigint;
}

interface AccountRow {
  readonly customer_id: string;
  readonly currency: string;
  readonly tax_region: string;
  readonly is_tax_exempt: boolean;
  readonly gross_max: bigint;
  readonly time_zone: string;
  readonly to_ns: bigint | null;
  readonly usage_below: bigint | null;
}

/** Drafts the invoices of these customers from what the database knows; writes nothing. */
export async function closeAccounts(
  tx: Db,
  facts: RunFacts,
  customerIds: readonly string[],
): Promise<readonly ClosedAccount[]> {
  const ids = textList(customerIds);
  const { run } = facts;
  const { rows: accounts } = await sql<AccountRow>`
    select a.*, c.time_zone, b.to_ns, b.usage_below from billing_account a
    join customer c on c.id = a.customer_id
    left join lateral (select ra.to_ns, r.usage_below from billing_run_account ra
      join billing_run r on r.id = ra.run_id
      where ra.customer_id = a.customer_id and not r.dry_run and r.month < ${run.month}
        and ra.state in ('drafted', 'empty') order by r.month desc limit 1) b on true
    where a.customer_id in ${ids} order by a.customer_id`.execute(tx);
  const { rows: subscriptions } = await sql<Selectable<SubscriptionTable>>`
    select * from subscription where customer_id in ${ids} order by id`.execute(tx);
  const settled = await settledBefore(
    tx,
    run.month,
    subscriptions.map(({ id }) => id),
  );
  const own = Map.groupBy(subscriptions.map(subscriptionOf), ({ customerId }) => customerId);
  const metered = await windowsOf(tx, facts, { accounts, own });
  const usage = Map.groupBy(
    await meter(tx, {
      ...{ runId: facts.late === "set-aside" ? run.id : null, below: run.usage_below },
      ...metered,
    }),
    ({ subscriptionId }) => subscriptionId,
  );
  const windows = Map.groupBy(
    [
      ...metered.windows.map((window) => ({ ...window, isLate: false })),
      ...metered.late.map((window) => ({ ...window, isLate: true })),
    ],
    ({ customerId }) => customerId,
  );
  return accounts.map((account) => {
    const held = own.get(account.customer_id) ?? [];
    const at = { facts, account: payingAccount(account, facts), subscriptions: held };
    const used = held.flatMap(({ id }) => usage.get(id) ?? []);
    const outcome = draftSafely(at, settled, used);
    return {
      customerId: account.customer_id,
      windows: windows.get(account.customer_id) ?? [],
      toNs: startOfDayNs(daysOfMonth(run.month).to, account.time_zone),
      usage: used,
      ...{ outcome, settled: withDraft(settled, outcome) },
    };
  });
}

function withDraft(
  settled: (subscriptionId: string) => Settled,
  outcome: DraftOutcome,
): (subscriptionId: string) => Settled {
  const lines = outcome.state === "drafted" ? outcome.draft.lines : [];
  const drafted = Map.groupBy(billedOf(lines), ({ subscriptionId }) => subscriptionId);
  return (id) => {
    const { billed, credited } = settled(id);
    return { billed: [...billed, ...(drafted.get(id) ?? [])], credited };
  };
}

/** What is wrong with one account must not hold up all others. */
function draftSafely(
  {
    facts,
    account,
    subscriptions,
  }: {
    readonly facts: RunFacts;
    readonly account: PayingAccount;
    readonly subscriptions: readonly Subscription[];
  },
  settled: (subscriptionId: string) => Settled,
  usage: readonly Usage[],
): DraftOutcome {
  const before = subscriptions.map(({ id }) => settled(id));
  try {
    return draftInvoice({
      ...{ account, subscriptions, usage },
      planOf: (id) => planIn(facts.plans, id),
      month: facts.run.month,
      taxRates: facts.taxRates,
      billed: before.flatMap(({ billed }) => billed),
      credited: before.flatMap(({ credited }) => credited),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { state: "parked", parked: { reason: "fault", detail: error.message } };
  }
}

const payingAccount = (row: AccountRow, { grossMax }: RunFacts): PayingAccount => ({
  customerId: row.customer_id,
  currency: row.currency,
  taxRegion: row.tax_region,
  isTaxExempt: row.is_tax_exempt,
  grossMax: grossMax ?? Number(row.gross_max),
});

async function windowsOf(
  tx: Db,
  { run: { month }, late }: RunFacts,
  {
    accounts,
    own,
  }: {
    readonly accounts: readonly AccountRow[];
    readonly own: ReadonlyMap<string, readonly Subscription[]>;
  },
): Promise<Pick<MeteringOrder, "windows" | "late">> {
  const each = accounts.flatMap((account) =>
    (own.get(account.customer_id) ?? []).map((subscription) => ({ account, subscription })),
  );
  const all = (windows: typeof usageWindows): readonly CustomerWindow[] =>
    each.flatMap(({ account, subscription }) =>
      windows(subscription, month, account.time_zone).map((window) => ({
        ...window,
        customerId: account.customer_id,
        before: cutOf(account),
      })),
    );
  const windows = await expanded(tx, all(usageWindows));
  if (late === "elsewhere") return { windows, late: [] };
  const before = await expanded(tx, all(lateWindows));
  return { windows, late: late === "stored" ? before.flatMap(closedPart) : before };
}

/** The months that are open have drafts of their own. */
function closedPart(window: CustomerWindow): readonly CustomerWindow[] {
  const closedNs = window.before.toNs;
  const toNs = window.toNs < closedNs ? window.toNs : closedNs;
  return window.fromNs < toNs ? [{ ...window, toNs }] : [];
}

const cutOf = ({ to_ns: toNs, usage_below: below }: AccountRow): Cut =>
  toNs === null || below === null ? NOTHING_BILLED : { toNs, below };

/** Keeps what came of these accounts; of a dry run nothing but the sums. */
export async function keepClosed(
  tx: Db,
  { run }: RunFacts,
  closed: readonly ClosedAccount[],
  at: Date,
): Promise<void> {
  const rows = closed.map(({ customerId, outcome, toNs }) => ({
    ...{ customer: customerId, state: outcome.state, to_ns: String(toNs) },
    reason: outcome.state === "parked" ? outcome.parked.reason : null,
    detail: outcome.state === "parked" ? outcome.parked.detail : null,
    invoice: outcome.state === "drafted" && !run.dry_run ? invoiceId(run.month, customerId) : null,
    gross: outcome.state === "drafted" ? outcome.draft.gross : null,
  }));
  if (!run.dry_run) await insertDrafts(tx, run, closed, at);
  await sql`
    update billing_run_account a set state = r.state, reason = r.reason, detail = r.detail,
      invoice_id = r.invoice, gross = r.gross, to_ns = r.to_ns
    from ${jsonRows(rows)} as r (customer text, state text, reason text, detail text, invoice text,
      gross bigint, to_ns bigint)
    where a.run_id = ${run.id} and a.customer_id = r.customer`.execute(tx);
}

/** The same whenever it is made. */
const invoiceId = (month: string, customerId: string): string => `${month}.${customerId}`;

async function insertDrafts(
  tx: Db,
  run: Run,
  closed: readonly ClosedAccount[],
  at: Date,
): Promise<void> {
  const drafts = closed.flatMap(({ customerId, outcome }) =>
    outcome.state === "drafted"
      ? [{ id: invoiceId(run.month, customerId), customerId, draft: outcome.draft }]
      : [],
  );
  const invoices = drafts.map(({ id, customerId, draft }) => ({
    ...{ id, customer: customerId, kind: draft.kind, currency: draft.currency },
    ...{ net: draft.net, tax: draft.tax, gross: draft.gross, document: JSON.stringify(draft) },
  }));
  await sql`
    insert into invoice (id, legal_entity_id, customer_id, kind, state, month, currency, net, tax,
      gross, open, run_id, document, created_at, version)
    select r.id, ${run.legal_entity_id}, r.customer, r.kind, 'draft', ${run.month}, r.currency,
      r.net, r.tax, r.gross, 0, ${run.id}, r.document, ${at}::timestamptz, 1
    from ${jsonRows(invoices)} as r (id text, customer text, kind text, currency text, net bigint,
      tax bigint, gross bigint, document text)`.execute(tx);
  const lines = drafts.flatMap(({ id, draft }) => draft.lines.map((line) => ({ id, ...line })));
  await insertLines(tx, lines);
  await insertUsage(tx, run, closed);
}

/** For the lines that there are: which packets they count is told by the very windows that they were counted in. */
async function insertUsage(tx: Db, run: Run, closed: readonly ClosedAccount[]): Promise<void> {
  const rows = closed.flatMap(({ customerId, outcome, windows }) => {
    if (outcome.state !== "drafted") return [];
    const lines = Map.groupBy(
      outcome.draft.lines.filter(({ metric }) => metric === "reports" || metric === "bytes"),
      ({ subscriptionId, planId }) => `${subscriptionId ?? ""}|${planId ?? ""}`,
    );
    const counted = windows.filter(
      ({ address, subscriptionId, planId, isLate }) =>
        address !== null &&
        lines
          .get(`${subscriptionId}|${planId}`)
          ?.some((line) => (isLate ? line.late > 0 : line.quantity > 0)) === true,
    );
    return counted.map((window) => ({
      ...{ invoice: invoiceId(run.month, customerId), subscription: window.subscriptionId },
      ...{ plan: window.planId, address: window.address, from_ns: String(window.fromNs) },
      ...{ to_ns: String(window.toNs), is_late: window.isLate },
      ...{ cut_ns: String(window.before.toNs), cut_tx: String(window.before.below) },
    }));
  });
  await sql`
    insert into invoice_usage (invoice_id, subscription_id, plan_id, address, from_ns, to_ns,
      is_late, cut_ns, cut_tx, below_tx)
    select r.*, ${run.usage_below}::int8 from ${jsonRows(rows)} as r (invoice text,
      subscription text, plan text, address bigint, from_ns bigint, to_ns bigint, is_late boolean,
      cut_ns bigint, cut_tx bigint)`.execute(tx);
}

interface LineRow {
  readonly id: string;
  readonly position: number;
  readonly subscriptionId: string | null;
  readonly planId: string | null;
  readonly kind: string;
  readonly item: string;
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
  readonly late: number;
  readonly net: number;
  readonly tax: number;
}

/** Of invoices, by their ids, what is searched and summed of their lines. */
export async function insertLines(tx: Db, lines: readonly LineRow[]): Promise<void> {
  const rows = lines.map((line) => ({
    ...{ invoice: line.id, position: line.position, subscription: line.subscriptionId },
    ...{ plan: line.planId, kind: line.kind, item: line.item, from_day: line.from },
    ...{ to_day: line.to, quantity: line.quantity + line.late, net: line.net, tax: line.tax },
  }));
  await sql`
    insert into invoice_line (invoice_id, position, subscription_id, plan_id, kind, item, from_day,
      to_day, quantity, net, tax)
    select * from ${jsonRows(rows)} as r (invoice text, position int, subscription text, plan text,
      kind text, item text, from_day text, to_day text, quantity bigint, net bigint, tax bigint)`.execute(
    tx,
  );
}
