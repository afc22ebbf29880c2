import "../customers/customers.css";
import "./billing.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import {
  type InvoiceDetail,
  type InvoiceLine,
  invoiceQuery,
  invoicesQuery,
} from "./billing-queries.ts";
import { validInvoiceSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { InvoiceDeeds } from "./invoice-deeds.tsx";
import { InvoiceLines } from "./invoice-lines.tsx";
import { InvoiceMail } from "./invoice-mail.tsx";
import { LineageDrawer } from "./lineage-drawer.tsx";
import { CustomerLink, Money, StateTag } from "./marks.tsx";
import { PaymentReturn } from "./pay-now.tsx";

/** One invoice with its lines; each metered line opens to the packets behind it. */
export function InvoicePage() {
  const { w } = useBilling();
  const { id } = useParams({ from: "/invoices/$id" });
  const query = useQuery(invoiceQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={w("invoice.missing")}>
          <Link to="/invoices">{w("invoices")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={14}>
      {(invoice) => <Shown key={invoice.id} invoice={invoice} />}
    </Loaded>
  );
}

function Shown({ invoice }: { readonly invoice: InvoiceDetail }) {
  const { w, known } = useBilling();
  const [line, setLine] = useState<InvoiceLine>();
  const { payment } = validInvoiceSearch({ ...useSearch({ from: "/invoices/$id" }) });
  const name = invoice.number ?? w("invoice.unnumbered");
  useTitle(name);
  return (
    <div className="page invoice-page">
      <div className="page-head">
        <div className="customer-title">
          <nav className="soft">
            <Link to="/invoices">{w("invoices")}</Link>
          </nav>
          <h1>
            {known("kind", invoice.kind)} {name}
          </h1>
        </div>
        <StateTag state={invoice.state} />
        <span className="grow" />
        <InvoiceDeeds invoice={invoice} />
      </div>
      {payment === undefined ? undefined : (
        <PaymentReturn orderId={payment} invoiceId={invoice.id} />
      )}
      {invoice.reason === null ? undefined : (
        <p className="card invoice-note" role="note">
          {w("reason")}: {invoice.reason}
        </p>
      )}
      <Heads invoice={invoice} />
      <InvoiceLines invoice={invoice} onOpen={setLine} />
      <Notes invoice={invoice} />
      <LineageDrawer
        invoiceId={invoice.id}
        currency={invoice.currency}
        line={line}
        close={() => {
          setLine(undefined);
        }}
      />
    </div>
  );
}

interface InvoiceProps {
  readonly invoice: InvoiceDetail;
}

function Heads({ invoice }: InvoiceProps) {
  const { w, format } = useBilling();
  const { issuer, customer, currency } = invoice;
  return (
    <div className="invoice-heads">
      <section className="card">
        <h2>{w("invoice.to")}</h2>
        <dl className="pairs">
          <dt>{w("customer")}</dt>
          <dd>
            <CustomerLink id={invoice.customerId}>{customer.name}</CustomerLink>{" "}
            <span className="mono">{customer.number}</span>
          </dd>
          <Pair label={w("address")} text={customer.address} />
          <Pair label={w("taxId")} text={customer.taxId} />
        </dl>
      </section>
      <section className="card">
        <h2>{w("invoice.from")}</h2>
        <dl className="pairs">
          <Pair label={w("name")} text={issuer.name} />
          <Pair label={w("address")} text={issuer.address} />
          <Pair label={w("taxId")} text={issuer.taxId} />
          <Pair label={w("bank")} text={issuer.bank} />
        </dl>
      </section>
      <section className="card">
        <h2>{w("invoice.when")}</h2>
        <dl className="pairs">
          <Pair label={w("month")} text={format.month(invoice.month)} />
          <dt>{w("invoice.issued")}</dt>
          <dd>
            {invoice.issuedAt === null ? w("invoice.notYet") : <Time at={invoice.issuedAt} />}
          </dd>
          <Pair
            label={w("invoice.due")}
            text={invoice.dueOn === null ? null : format.day(invoice.dueOn)}
          />
          <dt>{w("open")}</dt>
          <dd>
            <strong>
              <Money minor={invoice.open} currency={currency} />
            </strong>
          </dd>
          <InvoiceMail invoice={invoice} />
        </dl>
      </section>
    </div>
  );
}

function Pair({ label, text }: { readonly label: string; readonly text: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="lines">{text === null || text === "" ? "—" : text}</dd>
    </>
  );
}

const NOTES_LOOKED_THROUGH = 500;

/** What corrects it, or what it corrects. */
function Notes({ invoice }: InvoiceProps) {
  const { w, known } = useBilling();
  const query = useInfiniteQuery(
    invoicesQuery({ customer: invoice.customerId }, NOTES_LOOKED_THROUGH),
  );
  const items = (query.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => one.corrects === invoice.id || one.id === invoice.corrects);
  if (items.length === 0) return undefined;
  return (
    <section className="card notes-of-invoice">
      <h2>{w("invoice.related")}</h2>
      <ul className="rows">
        {items.map((one) => (
          <li key={one.id}>
            <Link to="/invoices/$id" params={{ id: one.id }}>
              {known("kind", one.kind)} <span className="mono">{one.number}</span>
            </Link>
            <span className="end">
              <Money minor={one.gross} currency={one.currency} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
