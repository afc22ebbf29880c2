import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import {
  accountQuery,
  dunningQuery,
  INVOICES_SHOWN,
  invoicesQuery,
  spendQuery,
} from "../billing/billing-queries.ts";
import { useBilling } from "../billing/billing-words.ts";
import { GradeMark } from "../billing/dunning-marks.tsx";
import { StateTag } from "../billing/marks.tsx";
import { useMay } from "../identity/me.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { useNow } from "../time/use-now.ts";
import { openAlarmsQuery } from "./alarms-card.tsx";
import { type Customer, contactsQuery, customerAssetsQuery } from "./customer-queries.ts";

interface GlanceProps {
  readonly customer: Customer;
}

/** Who it is that calls: devices, alerts, money and whom to speak to, before anything is opened. */
export function CustomerGlance({ customer }: GlanceProps) {
  const { w } = useBilling();
  const may = useMay();
  return (
    <ul className="card glance" aria-label={w("glance")}>
      {may("assets:read") ? <Devices customer={customer} /> : undefined}
      {may("alarms:read") ? <Alarms customer={customer} /> : undefined}
      {may("billing:read") ? <Money customer={customer} /> : undefined}
      <Contact customer={customer} />
    </ul>
  );
}

interface TileProps {
  readonly label: string;
  readonly detail?: ReactNode;
  readonly children: ReactNode;
}

function Tile({ label, detail, children }: TileProps) {
  return (
    <li>
      <span className="soft">{label}</span>
      <strong>{children}</strong>
      {detail === undefined ? undefined : <span className="soft">{detail}</span>}
    </li>
  );
}

function Devices({ customer }: GlanceProps) {
  const { w, format } = useBilling();
  const now = useNow();
  const assets = useQuery(customerAssetsQuery(customer.id)).data?.items ?? [];
  const silent = assets
    .flatMap(({ terminals }) => terminals)
    .filter(({ profile, receivedAt }) => freshnessOf(profile, receivedAt, now) === "silent");
  return (
    <Tile
      label={w("glance.devices")}
      detail={
        customer.terminals === 0 ? (
          w("glance.devices.none")
        ) : silent.length === 0 ? (
          w("glance.devices.heard")
        ) : (
          <span className="alert-text">
            {w("glance.devices.silent", { count: format.number(silent.length) })}
          </span>
        )
      }
    >
      {format.number(customer.terminals)}
    </Tile>
  );
}

function Alarms({ customer }: GlanceProps) {
  const { w, label } = useBilling();
  const { data } = useQuery(openAlarmsQuery(customer.id));
  const [first] = data?.items ?? [];
  if (data === undefined) return <Tile label={w("glance.alarms")}>…</Tile>;
  if (first === undefined)
    return (
      <Tile label={w("glance.alarms")} detail={w("glance.alarms.none")}>
        0
      </Tile>
    );
  return (
    <Tile
      label={w("glance.alarms")}
      detail={
        <Link to="/alarms" search={{ alarm: first.id }} className="cut">
          {label(first.title)}
        </Link>
      }
    >
      <SeverityMark of={first.severity} /> {data.items.length}
      {data.nextCursor === null ? "" : "+"}
    </Tile>
  );
}

/** Balance, grade, the month so far, and the last invoice; that it has no account where it has none. */
function Money({ customer }: GlanceProps) {
  const { w } = useBilling();
  const account = useQuery(accountQuery(customer.id)).data;
  const mayGrade = useMay()("plans:read");
  if (account === undefined) return <Tile label={w("glance.balance")}>…</Tile>;
  if (account === null)
    return (
      <Tile label={w("glance.balance")} detail={w("glance.noAccount")}>
        —
      </Tile>
    );
  return (
    <>
      <Balance {...account} />
      {mayGrade ? <Grade customer={customer} /> : undefined}
      <SoFar customer={customer} />
      <LastInvoice customer={customer} />
    </>
  );
}

interface BalanceProps {
  readonly balance: number;
  readonly currency: string;
}

function Balance({ balance, currency }: BalanceProps) {
  const { w, format } = useBilling();
  return (
    <Tile
      label={w("glance.balance")}
      detail={w(balance > 0 ? "balance.owes" : balance < 0 ? "balance.has" : "balance.even")}
    >
      <span className={balance > 0 ? "alert-text" : ""}>
        {format.money(Math.abs(balance), currency)}
      </span>
    </Tile>
  );
}

function Grade({ customer: { id } }: GlanceProps) {
  const { w, format } = useBilling();
  const { data } = useQuery(dunningQuery(id));
  if (data === undefined) return <Tile label={w("credit")}>…</Tile>;
  const { credit, debt, step, currency } = data;
  return (
    <Tile
      label={w("credit")}
      detail={
        debt === null ? (
          w("dunning.even")
        ) : (
          <Link to="/dunning" search={{ customer: id }} className="alert-text">
            {w("glance.overdue", {
              amount: format.money(debt.amount, currency),
              step: step === 0 ? w("dunning.step.none") : w("dunning.step", { step }),
            })}
          </Link>
        )
      }
    >
      <GradeMark grade={credit.grade} />
    </Tile>
  );
}

function SoFar({ customer }: GlanceProps) {
  const { w, format, known } = useBilling();
  const { data } = useQuery(spendQuery(customer.id));
  if (data === undefined) return <Tile label={w("spend")}>…</Tile>;
  return (
    <Tile
      label={w("spend")}
      detail={
        data.isWalletEmpty || data.isQuotaUsedUp ? (
          <span className="alert-text">
            {w(data.isWalletEmpty ? "wallet.empty" : "quota.usedUp")}
          </span>
        ) : (
          `${format.number(data.units.reports)} ${known("metric", "reports")}`
        )
      }
    >
      {format.money(data.gross, data.currency)}
    </Tile>
  );
}

function LastInvoice({ customer: { id } }: GlanceProps) {
  const { w, format, known } = useBilling();
  const query = useInfiniteQuery(invoicesQuery({ customer: id }, INVOICES_SHOWN));
  const last = query.data?.pages[0]?.items[0];
  if (last === undefined)
    return (
      <Tile label={w("glance.invoice")} detail={query.isPending ? "…" : w("invoices.empty.own")}>
        —
      </Tile>
    );
  return (
    <Tile
      label={w("glance.invoice")}
      detail={
        <>
          <Link to="/invoices/$id" params={{ id: last.id }}>
            {last.number ?? known("state", last.state)}
          </Link>{" "}
          <StateTag state={last.state} />
        </>
      }
    >
      {format.money(last.gross, last.currency)}
    </Tile>
  );
}

function Contact({ customer }: GlanceProps) {
  const { w } = useBilling();
  const contact = useQuery(contactsQuery(customer.id)).data?.items[0];
  const { name, phone, email } = contact ?? customer;
  return (
    <Tile
      label={w("glance.contact")}
      detail={
        phone === null ? (
          email === null ? (
            w("glance.contact.none")
          ) : (
            <a href={`mailto:${email}`}>{email}</a>
          )
        ) : (
          <a href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}>{phone}</a>
        )
      }
    >
      {name}
    </Tile>
  );
}
