import "./customers.css";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded, Loading } from "../parts/states.tsx";
import { useTitle } from "../shell/app-shell.tsx";
import { AlarmsCard } from "./alarms-card.tsx";
import { AssetsCard, UsersCard } from "./belongings.tsx";
import { CapsCard } from "./caps-card.tsx";
import { ConsentsCard } from "./consents-card.tsx";
import { ContactsCard } from "./contacts-card.tsx";
import { CustomerDialog } from "./customer-dialog.tsx";
import { type Customer, customerQuery } from "./customer-queries.ts";
import { ErasureDialog } from "./erasure-dialog.tsx";
import { KindMark, nameOf, TagList } from "./marks.tsx";
import { NotesCard } from "./notes-card.tsx";
import { TreeCard } from "./tree-card.tsx";

const CustomerBilling = lazy(async () => ({
  default: (await import("../billing/customer-billing.tsx")).CustomerBilling,
}));
const CustomerGlance = lazy(async () => ({
  default: (await import("./customer-glance.tsx")).CustomerGlance,
}));
const SitesCard = lazy(async () => ({ default: (await import("./sites-card.tsx")).SitesCard }));

export function CustomerPage() {
  const { id } = useParams({ from: "/customers/$id" });
  const query = useQuery(customerQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError) {
    if (error.mergedInto !== undefined)
      return <Navigate to="/customers/$id" params={{ id: error.mergedInto }} replace />;
    if (error.status === 404) return <Missing />;
  }
  return (
    <Loaded query={query} rows={12}>
      {(customer) => <Shown key={customer.id} customer={customer} />}
    </Loaded>
  );
}

function Missing() {
  const { t } = useSpeech();
  return (
    <div className="page">
      <Empty title={t("customers.missing")} detail={t("customers.missing.detail")}>
        <Link to="/customers">{t("customers.title")}</Link>
      </Empty>
    </div>
  );
}

function Shown({ customer }: { readonly customer: Customer }) {
  const { t } = useSpeech();
  const may = useMay();
  useTitle(nameOf(customer, t));
  const isErased = customer.erasedAt !== null;
  const mayChange = may("customers:write") && !isErased;
  const part = { customer, mayChange };
  return (
    <div className="page customer-page">
      <Head customer={customer} mayChange={mayChange} />
      {isErased ? (
        <p className="card erased-note" role="note">
          {t("customers.erased.note")} <Time at={customer.erasedAt ?? ""} />
        </p>
      ) : undefined}
      <Suspense fallback={<Loading rows={2} />}>
        <CustomerGlance customer={customer} />
      </Suspense>
      <div className="card-columns customer-columns">
        <div>
          <Identity customer={customer} />
          <ContactsCard {...part} />
          {may("assets:read") ? <AssetsCard customer={customer} /> : undefined}
          {may("alarms:read") ? <AlarmsCard customerId={customer.id} /> : undefined}
          <Suspense fallback={<Loading rows={4} />}>
            <SitesCard {...part} />
          </Suspense>
          <TreeCard customer={customer} />
          <ConsentsCard {...part} />
          {may("users:read") ? <UsersCard customer={customer} /> : undefined}
        </div>
        <div>
          {may("billing:read") ? (
            <Suspense fallback={<Loading rows={4} />}>
              <CustomerBilling customerId={customer.id} />
            </Suspense>
          ) : undefined}
          <CapsCard customerId={customer.id} mayChange={mayChange} />
          <NotesCard {...part} />
        </div>
      </div>
    </div>
  );
}

interface HeadProps {
  readonly customer: Customer;
  readonly mayChange: boolean;
}

function Head({ customer, mayChange }: HeadProps) {
  const { t } = useSpeech();
  const may = useMay();
  const [open, setOpen] = useState<"edit" | "erase">();
  const close = (): void => {
    setOpen(undefined);
  };
  const data = `/api/customers/${encodeURIComponent(customer.id)}/personal-data`;
  return (
    <div className="page-head customer-head">
      <KindMark kind={customer.kind} size={30} />
      <div className="customer-title">
        <nav className="soft" aria-label={t("customers.path")}>
          <Link to="/customers">{t("nav.customers")}</Link>
          {customer.path.map(({ id, name }) => (
            <span key={id}>
              {" / "}
              <Link to="/customers/$id" params={{ id }}>
                {name}
              </Link>
            </span>
          ))}
        </nav>
        <h1>{nameOf(customer, t)}</h1>
      </div>
      <span className="mono customer-number">{customer.number}</span>
      <TagList tags={customer.tags} />
      <span className="grow" />
      {may("customers:write") ? (
        <div className="actions">
          <a href={`${data}?format=html`} download title={t("customers.takeout.explained")}>
            {t("customers.takeout")}
          </a>
          <a href={data} download title={t("customers.takeout.explained")}>
            JSON
          </a>
          {may("customers:erase") && customer.erasedAt === null ? (
            <Button
              danger
              onClick={() => {
                setOpen("erase");
              }}
            >
              {t("customers.erase")}
            </Button>
          ) : undefined}
          {mayChange ? (
            <Button
              type="primary"
              onClick={() => {
                setOpen("edit");
              }}
            >
              {t("customers.edit")}
            </Button>
          ) : undefined}
        </div>
      ) : undefined}
      {open === "edit" ? <CustomerDialog customer={customer} onDone={close} /> : undefined}
      {open === "erase" ? <ErasureDialog customer={customer} onDone={close} /> : undefined}
    </div>
  );
}

function Identity({ customer }: { readonly customer: Customer }) {
  const { t } = useSpeech();
  const { email, phone, address, taxId } = customer;
  const none = <span className="soft">—</span>;
  return (
    <section className="card">
      <h2>{t("customers.identity")}</h2>
      <dl className="pairs">
        <dt>{t("customers.phone")}</dt>
        <dd>
          {phone === null ? none : <a href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}>{phone}</a>}
        </dd>
        <dt>{t("customers.email")}</dt>
        <dd>{email === null ? none : <a href={`mailto:${email}`}>{email}</a>}</dd>
        <dt>{t("customers.address")}</dt>
        <dd className="lines">{address ?? none}</dd>
        <dt>{t("customers.taxId")}</dt>
        <dd>{taxId ?? none}</dd>
        <dt>{t("customers.language")}</dt>
        <dd>{customer.language === "en" ? "English" : "简体中文"}</dd>
        <dt>{t("customers.timeZone")}</dt>
        <dd>{customer.timeZone}</dd>
        <dt>{t("customers.since")}</dt>
        <dd>
          <Time at={customer.createdAt} />
        </dd>
      </dl>
    </section>
  );
}
