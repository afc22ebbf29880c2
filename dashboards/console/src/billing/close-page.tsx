import "../customers/customers.css";
import "../stock/stock.css";
import "./billing.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Progress } from "antd";
import { useEffect } from "react";
import { ApiError } from "../api/client.ts";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import {
  billingChanged,
  type CloseAccount,
  type CloseRun,
  closeAccountsQuery,
  closeQuery,
} from "./billing-queries.ts";
import { CLOSE_STATES, validCloseSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { CloseDeeds } from "./close-deeds.tsx";
import { CustomerLink, Money } from "./marks.tsx";

/** One month close or dry run: how far it is, what came of each account, and what is to be done. */
export function ClosePage() {
  const { w } = useBilling();
  const { id } = useParams({ from: "/closes/$id" });
  const query = useQuery(closeQuery(id));
  const { error } = query;
  const state = query.data?.state;
  useEffect(() => {
    if (state === "done") void billingChanged();
  }, [state]);
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={w("close.missing")}>
          <Link to="/closes">{w("closes")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(run) => <Shown run={run} />}
    </Loaded>
  );
}

function Shown({ run }: { readonly run: CloseRun }) {
  const { w, format } = useBilling();
  const title = format.month(run.month);
  useTitle(title);
  return (
    <div className="page">
      <div className="page-head">
        <div className="customer-title">
          <nav className="soft">
            <Link to="/closes">{w("closes")}</Link>
          </nav>
          <h1>{title}</h1>
        </div>
        {run.dryRun ? <span className="tag">{w("close.dry")}</span> : undefined}
        <span className="grow" />
        <CloseDeeds run={run} />
      </div>
      <HowFar run={run} />
      {run.state === "running" ? undefined : <Accounts run={run} />}
    </div>
  );
}

interface RunProps {
  readonly run: CloseRun;
}

function HowFar({ run }: RunProps) {
  const { w, format } = useBilling();
  const { accounts, waiting, drafted, empty, parked } = run;
  const done = accounts - waiting;
  const percent = accounts === 0 ? 100 : Math.floor((done / accounts) * 100);
  return (
    <section className="card close-progress" aria-live="polite">
      <Progress percent={percent} status={run.state === "running" ? "active" : "normal"} />
      <p>
        {w(run.state === "running" ? "close.far" : "close.ended", {
          done: format.number(done),
          count: format.number(accounts),
        })}{" "}
        {run.dryRun ? <span className="soft">{w("close.dry.detail")}</span> : undefined}
      </p>
      <dl className="close-counts">
        <div>
          <dt>{w("close.drafted")}</dt>
          <dd>{format.number(drafted)}</dd>
        </div>
        <div>
          <dt>{w("close.empty")}</dt>
          <dd>{format.number(empty)}</dd>
        </div>
        <div className={parked > 0 ? "alert-text" : ""}>
          <dt>{w("close.parked")}</dt>
          <dd>{format.number(parked)}</dd>
        </div>
        {run.totals.map(({ currency, gross }) => (
          <div key={currency}>
            <dt>{w("gross")}</dt>
            <dd>
              <Money minor={gross} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Accounts({ run }: RunProps) {
  const { w, known, format } = useBilling();
  const asked = validCloseSearch({ ...useSearch({ from: "/closes/$id" }) });
  const navigate = useNavigate();
  const state = asked.state ?? (run.parked > 0 ? "parked" : "drafted");
  const query = useInfiniteQuery(closeAccountsQuery(run.id, { state }));
  return (
    <>
      <div className="chips" role="group" aria-label={w("close.accounts")}>
        {CLOSE_STATES.filter((one) => one !== "waiting" || run.waiting > 0).map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === state}
            onClick={() =>
              void navigate({
                to: "/closes/$id",
                params: { id: run.id },
                search: { state: one },
                replace: true,
              })
            }
          >
            {known("close", one)} <strong>{format.number(run[one])}</strong>
          </button>
        ))}
      </div>
      <Loaded query={query} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={w("close.none")} />;
          return (
            <>
              <ul className="card rows account-rows">
                {items.map((account) => (
                  <AccountRow key={account.customerId} account={account} />
                ))}
              </ul>
              <LoadMore query={query} end={w("end")} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function AccountRow({ account }: { readonly account: CloseAccount }) {
  const { w, known } = useBilling();
  const { customerId, reason, detail, invoiceId, gross, currency } = account;
  return (
    <li>
      <span className="contact">
        <CustomerLink id={customerId}>{account.customerName}</CustomerLink>
        {reason === null ? undefined : (
          <>
            <span className="alert-text">
              {known("parked", reason)}
              {detail === null ? "" : ` · ${detail}`}
            </span>
            <span>{known("mend", reason)}</span>
          </>
        )}
      </span>
      <span className="end account-end">
        {gross === null ? undefined : <Money minor={gross} currency={currency} />}
        {invoiceId === null || reason !== null ? undefined : (
          <Link to="/invoices/$id" params={{ id: invoiceId }}>
            {w("close.look")}
          </Link>
        )}
      </span>
    </li>
  );
}
