import "./billing.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { AccountDialog } from "./account-dialog.tsx";
import {
  type Account,
  accountQuery,
  INVOICES_SHOWN,
  invoicesQuery,
  STATEMENT_ENTRIES,
  statementQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { CreditCard } from "./credit-card.tsx";
import { DepositsCard } from "./deposits-card.tsx";
import { Money, StateTag } from "./marks.tsx";
import { PaymentDialog } from "./payment-dialog.tsx";
import { SpendCard } from "./spend-card.tsx";
import { SubscriptionsCard } from "./subscriptions-card.tsx";

interface CustomerBillingProps {
  readonly customerId: string;
}

/** What a customer owes and has: account, subscriptions, invoices and statement, as cards of its page. */
export function CustomerBilling({ customerId }: CustomerBillingProps) {
  const mayGrade = useMay()("plans:read");
  return (
    <Loaded query={useQuery(accountQuery(customerId))} rows={4}>
      {(account) =>
        account === null ? (
          <NoAccount customerId={customerId} />
        ) : (
          <>
            <AccountCard account={account} />
            <SpendCard account={account} />
            {mayGrade ? <CreditCard account={account} /> : undefined}
            <DepositsCard account={account} />
            <SubscriptionsCard account={account} />
            <InvoicesCard account={account} />
            <StatementCard account={account} />
          </>
        )
      }
    </Loaded>
  );
}

function NoAccount({ customerId }: CustomerBillingProps) {
  const { w } = useBilling();
  const mayWrite = useMay()("billing:write");
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card">
      <h2>
        {w("account")}
        {mayWrite ? (
          <Button
            size="small"
            type="primary"
            onClick={() => {
              setOpen(true);
            }}
          >
            {w("account.open")}
          </Button>
        ) : undefined}
      </h2>
      <p className="small-empty">{w("account.none")}</p>
      {isOpen ? (
        <AccountDialog
          customerId={customerId}
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </section>
  );
}

interface AccountProps {
  readonly account: Account;
}

function AccountCard({ account }: AccountProps) {
  const { w, format } = useBilling();
  const mayWrite = useMay()("billing:write");
  const [open, setOpen] = useState<"account" | "payment">();
  const close = (): void => {
    setOpen(undefined);
  };
  const { balance, currency, customerId } = account;
  return (
    <section className="card">
      <h2>
        {w("account")}
        {mayWrite ? (
          <span className="actions">
            <Button
              size="small"
              onClick={() => {
                setOpen("payment");
              }}
            >
              {w("payments.add")}
            </Button>
            <Button
              size="small"
              onClick={() => {
                setOpen("account");
              }}
            >
              {w("change")}
            </Button>
          </span>
        ) : undefined}
      </h2>
      <p className="balance">
        <strong className={balance > 0 ? "alert-text" : ""}>
          {format.money(Math.abs(balance), currency)}
        </strong>{" "}
        <span className="soft">
          {w(balance > 0 ? "balance.owes" : balance < 0 ? "balance.has" : "balance.even")}
        </span>
      </p>
      <dl className="pairs">
        <dt>{w("account.region")}</dt>
        <dd>
          {account.taxRegion}
          {account.isTaxExempt ? ` · ${w("account.exempt")}` : ""}
        </dd>
        <dt>{w("account.bound")}</dt>
        <dd>{format.money(account.grossMax, currency)}</dd>
      </dl>
      {open === "account" ? <AccountDialog {...{ customerId, account, close }} /> : undefined}
      {open === "payment" ? <PaymentDialog {...{ customerId, close }} /> : undefined}
    </section>
  );
}

function InvoicesCard({ account: { customerId } }: AccountProps) {
  const { w, format, known } = useBilling();
  const query = useInfiniteQuery(invoicesQuery({ customer: customerId }, INVOICES_SHOWN));
  return (
    <section className="card">
      <h2>
        {w("invoices")}
        <Link to="/invoices" search={{ customer: customerId }}>
          {w("all")}
        </Link>
      </h2>
      <Loaded query={query} rows={3}>
        {({ pages }) => {
          const items = pages[0]?.items ?? [];
          if (items.length === 0) return <p className="small-empty">{w("invoices.empty.own")}</p>;
          return (
            <ul className="rows">
              {items.map((item) => (
                <li key={item.id}>
                  <Link to="/invoices/$id" params={{ id: item.id }}>
                    {item.number ?? known("state", item.state)}
                  </Link>
                  <span className="soft">{format.month(item.month)}</span>
                  <StateTag state={item.state} />
                  <span className="end">
                    <Money minor={item.gross} currency={item.currency} />
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

export function StatementCard({ account: { customerId, currency } }: AccountProps) {
  const { w, known, format } = useBilling();
  const query = useQuery(statementQuery(customerId));
  return (
    <section className="card">
      <h2>{w("statement")}</h2>
      <Loaded query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{w("statement.empty")}</p>
          ) : (
            <div className="statement">
              <table className="terminal-table">
                <thead>
                  <tr>
                    <th scope="col">{w("statement.when")}</th>
                    <th scope="col">{w("statement.what")}</th>
                    <th scope="col" className="amount">
                      {w("amount")}
                    </th>
                    <th scope="col" className="amount">
                      {w("statement.balance")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((entry, at) => (
                    <tr key={items.length - at}>
                      <td>
                        <Time at={entry.at} />
                      </td>
                      <td>
                        {known("entry", entry.kind)} <span className="mono">{entry.reference}</span>
                      </td>
                      <td className="amount">
                        <Money minor={entry.amount} currency={currency} />
                      </td>
                      <td className="amount">
                        <Money minor={entry.balance} currency={currency} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {items.length < STATEMENT_ENTRIES ? undefined : (
                <p className="small-empty">
                  {w("statement.cut", { count: format.number(items.length) })}
                </p>
              )}
            </div>
          )
        }
      </Loaded>
    </section>
  );
}
