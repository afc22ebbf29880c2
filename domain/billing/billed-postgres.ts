import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { addMonths, type Month } from "./calendar.ts";
import type { Credited, Settled } from "./fee-credits.ts";
import { type Billed, type FeeKey, trueUpFrom } from "./fees.ts";

interface SettledRow {
  readonly subscription_id: string;
  readonly plan_id: string;
  readonly kind: FeeKey["kind"] | "service-credit";
  readonly item: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly amount: bigint;
  readonly returned: bigint;
  readonly quantity: bigint;
}

/** The longest fee, of which each month may have a credit. */
const PERIOD_MONTHS = 12;

/** What invoices, notes and service credits of these subscriptions say so far, drafts with them, as a close of the month asks. */
export async function settledBefore(
  db: Db,
  month: Month,
  subscriptionIds: readonly string[],
): Promise<(subscriptionId: string) => Settled> {
  const ids = textList(subscriptionIds);
  const since = trueUpFrom(month);
  const { rows } = await sql<SettledRow>`
    select subscription_id, plan_id, kind, item, from_day, to_day, net as amount, 0::int8 as returned,
      quantity
    from invoice_line where subscription_id in ${ids}
      and kind in ('fee', 'add-on', 'activation', 'service-credit')
      and (kind = 'activation' or to_day > case when kind = 'service-credit'
        then ${addMonths(since, -PERIOD_MONTHS)}::text else ${since}::text end)
    union all
    select l.subscription_id, l.plan_id, o.kind, o.item, l.from_day, l.to_day, 0, l.net, 0
    from invoice_line l join invoice n on n.id = l.invoice_id and n.kind = 'credit-note'
      join invoice_line o on o.invoice_id = n.corrects and o.position = case when l.item ~ '^[0-9]+$' then l.item::int end
        and o.kind in ('fee', 'add-on', 'activation')
    where l.subscription_id in ${ids} and l.kind = 'adjustment'
      and (o.kind = 'activation' or l.to_day > ${since}::text)`.execute(db);
  const own = Map.groupBy(rows, (row) => row.subscription_id);
  return (id) => settledOf(own.get(id) ?? []);
}

const settledOf = (rows: readonly SettledRow[]): Settled => ({
  billed: rows.flatMap(({ kind, ...row }): readonly Billed[] =>
    kind === "service-credit"
      ? []
      : [
          {
            ...{ ...daysOf(row), kind, item: row.item, days: Number(row.quantity) },
            ...{ amount: Number(row.amount), returned: Number(row.returned) },
          },
        ],
  ),
  credited: rows.flatMap((row): readonly Credited[] =>
    row.kind === "service-credit" ? [{ ...daysOf(row), amount: -Number(row.amount) }] : [],
  ),
});

const daysOf = (row: Omit<SettledRow, "kind">) => ({
  subscriptionId: row.subscription_id,
  planId: row.plan_id,
  from: row.from_day,
  to: row.to_day,
});
