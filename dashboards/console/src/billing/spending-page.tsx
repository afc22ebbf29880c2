import "../customers/customers.css";
import "./billing.css";
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMe } from "../identity/me.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import {
  type Account,
  accountQuery,
  type Invoice,
  type InvoiceDetail,
  invoiceQuery,
  invoicesQuery,
  paymentsQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { StatementCard } from "./customer-billing.tsx";
import { Money } from "./marks.tsx";
import { SpendCard } from "./spend-card.tsx";
import { SubscriptionsCard } from "./subscriptions-card.tsx";

/** A subscriber's own: what it used and spent month by month, paid, and has to pay. */
export function SpendingPage() {
  const { w } = useBilling();
  useTitle(w("spending"));
  const { customerId } = useMe();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("spending")}</h1>
      </div>
      {customerId === null ? <NoAccount /> : <OwnAccount customerId={customerId} />}
    </div>
  );
}

function NoAccount() {
  const { w } = useBilling();
  return <Empty title={w("spending.none")} detail={w("invoices.empty.own")} />;
}

function OwnAccount({ customerId }: { readonly customerId: string }) {
  return (
    <Loaded query={useQuery(accountQuery(customerId))} rows={8}>
      {(account) =>
        account === null ? (
          <NoAccount />
        ) : (
          <div className="card-columns spending-columns">
            <div>
              <Balance account={account} />
              <SpendCard account={account} />
              <MonthsCard account={account} />
              <StatementCard account={account} />
            </div>
            <div>
              <SubscriptionsCard account={account} />
              <PaymentsCard account={account} />
            </div>
          </div>
        )
      }
    </Loaded>
  );
}

interface AccountProps {
  readonly account: Account;
}

function Balance({ account: { balance, currency } }: AccountProps) {
  const { w, format } = useBilling();
  return (
    <section className="card">
      <p className="balance">
        <strong className={balance > 0 ? "alert-text" : ""}>
          {format.money(Math.abs(balance), currency)}
        </strong>{" "}
        <span className="soft">
          {w(balance > 0 ? "spending.owe" : balance < 0 ? "spending.have" : "balance.even")}
        </span>{" "}
        {balance > 0 ? <Link to="/invoices">{w("spending.pay")}</Link> : undefined}
      </p>
    </section>
  );
}

const MONTHS_SHOWN = 12;

/** Invoiced month by month, as bars with their amounts, and the units that are behind them. */
function MonthsCard({ account }: AccountProps) {
  const { w } = useBilling();
  const query = useInfiniteQuery(invoicesQuery({ customer: account.customerId }, MONTHS_SHOWN));
  return (
    <section className="card">
      <h2>{w("spending.months")}</h2>
      <Loaded query={query} rows={4}>
        {({ pages }) => {
          const items = (pages[0]?.items ?? []).filter(({ kind }) => kind === "invoice");
          if (items.length === 0) return <p className="small-empty">{w("invoices.empty.own")}</p>;
          return <Bars items={items} />;
        }}
      </Loaded>
    </section>
  );
}

function Bars({ items }: { readonly items: readonly Invoice[] }) {
  const { w, format } = useBilling();
  const details = useQueries({ queries: items.map(({ id }) => invoiceQuery(id)) });
  const most = Math.max(1, ...items.map(({ gross }) => gross));
  return (
    <ul className="spending-bars">
      {items.map((item, at) => (
        <li key={item.id}>
          <Link to="/invoices/$id" params={{ id: item.id }}>
            {format.month(item.month)}
          </Link>
          <span
            className="bar"
            style={{ inlineSize: `${(Math.max(0, item.gross) / most) * 100}%` }}
          />
          <span className="soft">
            {details[at]?.data === undefined
              ? ""
              : w("why.reports", { count: format.number(reportsOf(details[at].data)) })}
          </span>
          <strong>
            <Money minor={item.gross} currency={item.currency} />
          </strong>
        </li>
      ))}
    </ul>
  );
}

const reportsOf = ({ lines }: InvoiceDetail): number =>
  lines
    .filter(({ metric }) => metric === "reports")
    .reduce((sum, { quantity }) => sum + quantity, 0);

function PaymentsCard({ account }: AccountProps) {
  const { w, format, known } = useBilling();
  const query = useInfiniteQuery(paymentsQuery({ customer: account.customerId }));
  return (
    <section className="card">
      <h2>{w("spending.payments")}</h2>
      <Loaded query={query} rows={3}>
        {({ pages }) => {
          const items = pages[0]?.items ?? [];
          if (items.length === 0) return <p className="small-empty">{w("payments.empty")}</p>;
          return (
            <ul className="rows">
              {items.map((item) => (
                <li key={item.id}>
                  <span>{format.day(item.receivedOn)}</span>
                  <span className="soft">{known("method", item.method)}</span>
                  <span className="end">
                    <Money minor={item.amount} currency={item.currency} />
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}
