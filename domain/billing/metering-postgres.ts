import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Metric } from "./plan.ts";
import type { Usage, UsageWindow } from "./usage.ts";

/**
 * Up to where a customer's usage was billed before: what was received before `toNs` and stored by a transaction below
 * `below` is on an invoice already. Together with the new cut each record falls into exactly one close.
 */
export interface Cut {
  readonly toNs: bigint;
  readonly below: bigint;
}

export interface MeteringOrder {
  /** That has set late reports aside; null: they are looked for where all are. */
  readonly runId: string | null;
  /** Of the run: what later transactions store waits for the next one. */
  readonly below: bigint;
  /** Windows of the month. */
  readonly windows: readonly CustomerWindow[];
  /** Windows of the months before it. */
  readonly late: readonly CustomerWindow[];
}

export interface CustomerWindow extends UsageWindow {
  readonly customerId: string;
  readonly before: Cut;
}

/** What was never billed. */
export const NOTHING_BILLED: Cut = { toNs: 0n, below: 0n };

interface SumRow {
  readonly subscription: string;
  readonly plan: string;
  readonly metric: Metric;
  readonly quantity: bigint;
  readonly is_late: boolean;
}

/** What is charged: a terminal's reports. Emergencies, link tests and what the network itself asks for cost nothing. */
export const CHARGED = sql`u.kind = 'report'`;

/** What was used in so many windows, in a statement for each kind of usage. */
export async function meter(db: Db, order: MeteringOrder): Promise<readonly Usage[]> {
  const { windows, late } = order;
  const all = [...windows, ...late.map((window) => ({ ...window, isLate: true }))];
  const sums = [
    ...(await reportsOf(db, order)),
    ...(late.length === 0 ? [] : await lateReportsOf(db, order)),
  ];
  for (const counted of COUNTED) sums.push(...(await countedOf(db, order, all, counted)));
  const found = new Map<string, Usage>();
  for (const { subscription, plan, metric, quantity, is_late: isLate } of sums) {
    const key = `${subscription}|${plan}|${metric}`;
    const before = found.get(key);
    const count = Number(quantity);
    found.set(key, {
      ...{ subscriptionId: subscription, planId: plan, metric },
      quantity: (before?.quantity ?? 0) + (isLate ? 0 : count),
      late: (before?.late ?? 0) + (isLate ? count : 0),
    });
  }
  return [...found.values()];
}

type AnyWindow = CustomerWindow & { readonly isLate?: boolean };

const rowsOf = (windows: readonly AnyWindow[]) =>
  jsonRows(
    windows.map(({ subscriptionId, planId, address, customerId, before, ...window }) => ({
      ...{ subscription: subscriptionId, plan: planId, address, customer: customerId },
      ...{ from_ns: String(window.fromNs), to_ns: String(window.toNs) },
      ...{ is_late: window.isLate === true, cut_ns: String(before.toNs) },
      cut_tx: String(before.below),
    })),
  );

const UNBILLED = sql`(u.received_at_ns >= w.cut_ns or u.tx >= w.cut_tx)`;

const COLUMNS = sql`(subscription text, plan text, address bigint, customer text, from_ns bigint,
  to_ns bigint, is_late boolean, cut_ns bigint, cut_tx bigint)`;

async function reportsOf(db: Db, { windows, below }: MeteringOrder): Promise<readonly SumRow[]> {
  const own = windows.filter(({ address }) => address !== null);
  if (own.length === 0) return [];
  const { rows } = await sql<SumRow>`
    select subscription, plan, m.metric, m.quantity, false as is_late from (
      select w.subscription, w.plan, count(*)::int8 as reports, sum(u.bytes)::int8 as bytes
      from ${rowsOf(own)} as w ${COLUMNS}
      join usage_record u on u.address = w.address and u.received_at_ns >= w.from_ns
        and u.received_at_ns < w.to_ns and ${CHARGED} and u.tx < ${below}::int8
        and ${UNBILLED}
      group by w.subscription, w.plan) s
    cross join lateral (values ('reports', s.reports), ('bytes', s.bytes)) m (metric, quantity)`.execute(
    db,
  );
  return rows;
}

/** Less what is billed already. */
async function lateReportsOf(db: Db, order: MeteringOrder): Promise<readonly SumRow[]> {
  const own = order.late.filter(({ address }) => address !== null);
  if (own.length === 0) return [];
  const { rows } = await sql<SumRow>`
    select subscription, plan, m.metric, m.quantity, true as is_late from (
      select w.subscription, w.plan, count(*)::int8 as reports, sum(u.bytes)::int8 as bytes
      from ${rowsOf(own)} as w ${COLUMNS}
      join ${lateReports(order, own)} and u.address = w.address
        and u.received_at_ns >= w.from_ns and u.received_at_ns < w.to_ns
        and ${UNBILLED}
      group by w.subscription, w.plan) s
    cross join lateral (values ('reports', s.reports), ('bytes', s.bytes)) m (metric, quantity)`.execute(
    db,
  );
  return rows;
}

/** In the order of transactions a BRIN index leads to those that were stored since the closes. */
function lateReports(
  { runId, below }: MeteringOrder,
  windows: readonly CustomerWindow[],
): RawBuilder<unknown> {
  if (runId !== null) return sql`billing_run_late u on u.run_id = ${runId}`;
  const since = windows.map(({ before }) => before.below).reduce((a, b) => (a < b ? a : b));
  return sql`usage_record u on ${CHARGED} and u.tx >= ${since}::int8 and u.tx < ${below}::int8`;
}

interface Counted {
  readonly metric: Metric;
  /** In the windows of terminals, or in those of a customer's account. */
  readonly isOfTerminals: boolean;
  readonly quantity: RawBuilder<unknown>;
  readonly usage: RawBuilder<unknown>;
}

const COUNTED: readonly Counted[] = [
  {
    metric: "sms",
    isOfTerminals: false,
    quantity: sql`sum(u.units)`,
    usage: sql`message_usage u on u.customer_id = w.customer and u.channel = 'sms'`,
  },
  // what was sent to a terminal by its command
  {
    metric: "commands",
    isOfTerminals: true,
    quantity: sql`count(*)`,
    usage: sql`page_usage u on u.address = w.address`,
  },
  // pages to groups are those of the group's customer, whoever its members are
  {
    metric: "group-pages",
    isOfTerminals: false,
    quantity: sql`count(*)`,
    usage: sql`page_usage u on u.customer_id = w.customer`,
  },
];

async function countedOf(
  db: Db,
  order: MeteringOrder,
  windows: readonly AnyWindow[],
  { metric, isOfTerminals, quantity, usage }: Counted,
): Promise<readonly SumRow[]> {
  const own = windows.filter(({ address }) => (address !== null) === isOfTerminals);
  if (own.length === 0) return [];
  const { rows } = await sql<SumRow>`
    select w.subscription, w.plan, ${metric}::text as metric, ${quantity}::int8 as quantity, w.is_late
    from ${rowsOf(own)} as w ${COLUMNS} join ${usage} and ${withinWindow(order)}
    group by w.subscription, w.plan, w.is_late`.execute(db);
  return rows;
}

/** Of what has a moment instead of a gateway's nanoseconds. */
const withinWindow = ({ below }: MeteringOrder): RawBuilder<unknown> => sql`
  u.at >= to_timestamp(w.from_ns / 1e9) and u.at < to_timestamp(w.to_ns / 1e9)
  and u.tx < ${below}::int8
  and ((extract(epoch from u.at) * 1000000000)::int8 >= w.cut_ns or u.tx >= w.cut_tx)`;

interface PlaceRow {
  readonly customer_id: string;
  readonly address: bigint;
  readonly from_ns: bigint;
  readonly to_ns: bigint | null;
}

/**
 * An account's windows and, for its reports, one window more for each terminal that was the customer's then and has no
 * subscription of its own.
 */
export async function expanded<W extends CustomerWindow>(
  db: Db,
  windows: readonly W[],
): Promise<readonly W[]> {
  const accounts = windows.filter(({ address }) => address === null);
  if (accounts.length === 0) return windows;
  const customers = JSON.stringify([...new Set(accounts.map(({ customerId }) => customerId))]);
  const { rows } = await sql<PlaceRow>`
    select a.customer_id, a.address, a.from_ns, a.to_ns from assignment a
    where a.customer_id in (select json_array_elements_text(${customers}::text::json))
      and not exists (select from subscription s cross join lateral
          jsonb_to_recordset(s.terminals) t (address bigint)
        where s.customer_id = a.customer_id and t.address = a.address)
    order by a.customer_id, a.address, a.from_ns`.execute(db);
  const places = Map.groupBy(rows, (row) => row.customer_id);
  const more = accounts.flatMap((window) =>
    (places.get(window.customerId) ?? []).flatMap((place) => {
      const fromNs = place.from_ns > window.fromNs ? place.from_ns : window.fromNs;
      const toNs = place.to_ns !== null && place.to_ns < window.toNs ? place.to_ns : window.toNs;
      return fromNs < toNs ? [{ ...window, address: Number(place.address), fromNs, toNs }] : [];
    }),
  );
  return [...windows, ...more];
}
