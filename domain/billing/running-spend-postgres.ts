import { sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { type Day, dayAt, daysOfMonth, type Month, monthOf, nextMonth } from "./calendar.ts";
import { type ClosedAccount, closeAccounts, type RunFacts } from "./close-account-postgres.ts";
import { type InvoiceLine, type TaxRate, totalsOf } from "./draft.ts";
import { everyPlan } from "./plans-postgres.ts";
import type { RunningSpend } from "./spending.ts";

/** Months that nobody has closed yet; more are not looked at. */
const OPEN_MONTHS_MAX = 3;

interface Row {
  readonly legal_entity_id: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly tax_rates: readonly TaxRate[];
  readonly closed: Month | null;
  readonly began_on: Day | null;
  readonly owed: bigint;
}

/**
 * What an account has come to and is not invoiced for: what the close would draft if the month ended now, without the
 * fees of the next month and what is missing to a minimum.
 */
export async function runningSpend(
  db: Db,
  customerId: string,
  nowMs: number,
): Promise<Omit<RunningSpend, "isWalletEmpty" | "isQuotaUsedUp">> {
  const { rows } = await sql<Row>`
    select a.legal_entity_id, a.currency, c.time_zone, e.tax_rates,
      (select max(r.month) from billing_run_account ra join billing_run r on r.id = ra.run_id
        where ra.customer_id = a.customer_id and not r.dry_run
          and ra.state in ('drafted', 'empty')) as closed,
      (select min(s.starts_on) from subscription s where s.customer_id = a.customer_id) as began_on,
      (coalesce((select sum(l.amount) from ledger_entry l where l.account = 'receivable'
          and l.customer_id = a.customer_id), 0)
        + coalesce((select sum(i.gross) from invoice i where i.customer_id = a.customer_id
          and i.state in ('draft', 'approved')), 0))::int8 as owed
    from billing_account a join customer c on c.id = a.customer_id
      join legal_entity e on e.id = a.legal_entity_id
    where a.customer_id = ${customerId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("billing account", customerId);
  const month = monthOf(dayAt(nowMs, row.time_zone));
  const plans = await everyPlan(db);
  const lines: InvoiceLine[] = [];
  let last: ClosedAccount | undefined;
  let parked: string | null = null;
  const months = openMonths(row, month);
  for (const each of months) {
    const run = { id: "", month: each, usage_below: USAGE_ALL, dry_run: true };
    const facts: RunFacts = {
      // what is far too much for an invoice is the first to be told of
      ...{ plans, taxRates: row.tax_rates, grossMax: Number.MAX_SAFE_INTEGER },
      late: each === months[0] ? "stored" : "elsewhere", // the next close is the first one's
      run: { ...run, legal_entity_id: row.legal_entity_id },
    };
    [last] = await closeAccounts(db, facts, [customerId]);
    if (last?.outcome.state === "parked") parked = last.outcome.parked.detail;
    lines.push(...soFar(last, each, each === month));
  }
  const units = (metric: string): number =>
    (last?.usage ?? [])
      .filter((one) => one.metric === metric)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const { gross } = totalsOf(lines);
  return {
    ...{ customerId, month, currency: row.currency, lines, gross },
    units: { reports: units("reports"), bytes: units("bytes"), sms: units("sms") },
    ...{ available: -Number(row.owed) - gross, parked },
  };
}

/** Above every transaction: all that is stored counts. */
const USAGE_ALL = 9_223_372_036_854_775_807n;

function openMonths({ closed, began_on: beganOn }: Row, now: Month): readonly Month[] {
  const first = closed === null ? monthOf(beganOn ?? now) : nextMonth(closed);
  const months = [now];
  for (let month = first; month < now; month = nextMonth(month)) months.push(month);
  return months.sort().slice(-OPEN_MONTHS_MAX);
}

/** Fees of all open months stand in the draft of the last one; usage stands in that of its own month. */
function soFar(
  account: ClosedAccount | undefined,
  month: Month,
  isRunning: boolean,
): readonly InvoiceLine[] {
  if (account?.outcome.state !== "drafted") return [];
  const { to } = daysOfMonth(month);
  return account.outcome.draft.lines.filter(({ kind, from }) =>
    isRunning ? kind !== "minimum" && from < to : kind === "usage" || kind === "minimum",
  );
}
