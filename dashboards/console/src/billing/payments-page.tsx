import "../customers/customers.css";
import "../stock/stock.css";
import "./billing.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { paymentProviderQuery, paymentsQuery } from "./billing-queries.ts";
import { type PaymentsSearch, validPaymentsSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { PaymentDialog } from "./payment-dialog.tsx";
import { PaymentList } from "./payment-list.tsx";
import { ProviderPayments } from "./provider-payments.tsx";

/** What has come in, and what is still nobody's. */
export function PaymentsPage() {
  const { w } = useBilling();
  useTitle(w("payments"));
  const search = validPaymentsSearch({ ...useSearch({ from: "/payments" }) });
  const navigate = useNavigate();
  const change = (next: object): void =>
    void navigate({
      to: "/payments",
      search: validPaymentsSearch({ ...search, ...next }),
      replace: true,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("payments")}</h1>
        <span className="grow" />
        <Actions />
      </div>
      <Shows search={search} change={change} />
      <div className="filters customer-filters">
        <CustomerChoice
          value={search.customer ?? null}
          nobody={w("customer.all")}
          onChange={(customer) => {
            change({ customer: customer ?? undefined });
          }}
        />
        {search.show === "provider" ? undefined : (
          <Checkbox
            checked={search.unmatched === true}
            onChange={(event) => {
              change({ unmatched: event.target.checked || undefined });
            }}
          >
            {w("payments.unmatched")}
          </Checkbox>
        )}
      </div>
      {search.show === "provider" ? (
        <ProviderPayments customer={search.customer} />
      ) : (
        <Received search={search} />
      )}
    </div>
  );
}

interface SearchProps {
  readonly search: PaymentsSearch;
}

interface ShowsProps extends SearchProps {
  readonly change: (next: object) => void;
}

/** Where there is a provider: what has come in, or what was begun there. */
function Shows({ search, change }: ShowsProps) {
  const { w } = useBilling();
  const provider = useQuery(paymentProviderQuery).data?.name ?? null;
  if (provider === null && search.show === undefined) return undefined;
  return (
    <div className="chips" role="group" aria-label={w("payments.shows")}>
      {([undefined, "provider"] as const).map((show) => (
        <button
          key={show ?? "received"}
          type="button"
          className="chip"
          aria-pressed={search.show === show}
          onClick={() => {
            change({ show, unmatched: undefined });
          }}
        >
          {w(`payments.show.${show ?? "received"}`)}
        </button>
      ))}
    </div>
  );
}

function Received({ search }: SearchProps) {
  const { w } = useBilling();
  const query = useInfiniteQuery(paymentsQuery(search));
  return (
    <Loaded query={query} rows={10}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <Empty
              title={w(search.unmatched === true ? "payments.allMatched" : "payments.empty")}
              detail={w("payments.empty.detail")}
            />
          );
        return (
          <>
            <PaymentList items={items} />
            <LoadMore query={query} end={w("end")} />
          </>
        );
      }}
    </Loaded>
  );
}

function Actions() {
  const { w } = useBilling();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="actions">
      {may("payments:import") ? (
        <Link to="/payments/import">{w("payments.import")}</Link>
      ) : undefined}
      {may("billing:write") ? (
        <Button
          type="primary"
          onClick={() => {
            setOpen(true);
          }}
        >
          {w("payments.add")}
        </Button>
      ) : undefined}
      {isOpen ? (
        <PaymentDialog
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </div>
  );
}
