import "../customers/customers.css";
import "./billing.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { invoicesQuery } from "./billing-queries.ts";
import { INVOICE_STATES, type InvoicesSearch, validInvoicesSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { FirstSteps } from "./first-steps.tsx";
import { InvoiceList } from "./invoice-list.tsx";

type Change = (next: { [K in keyof InvoicesSearch]?: string | undefined }) => void;

/** Invoices and notes, the newest first: all of the operator's, or a subscriber's own. */
export function InvoicesPage() {
  const { w } = useBilling();
  useTitle(w("invoices"));
  const search = validInvoicesSearch({ ...useSearch({ from: "/invoices" }) });
  const navigate = useNavigate();
  const query = useInfiniteQuery(invoicesQuery(search));
  const isOwn = useMe().customerId !== null;
  const change: Change = (next) =>
    void navigate({
      to: "/invoices",
      search: validInvoicesSearch({ ...search, ...next }),
      replace: true,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("invoices")}</h1>
        {search.run === undefined ? undefined : (
          <Button
            size="small"
            onClick={() => {
              change({ run: undefined });
            }}
          >
            {w("invoices.ofRun")} ✕
          </Button>
        )}
      </div>
      <Filters search={search} change={change} isOwn={isOwn} />
      <Loaded query={query} rows={14}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return <Nothing isFiltered={Object.keys(search).length > 0} isOwn={isOwn} />;
          return (
            <>
              <InvoiceList items={items} hasCustomer={!isOwn} />
              <LoadMore query={query} end={w("end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Nothing({ isFiltered, isOwn }: { readonly isFiltered: boolean; readonly isOwn: boolean }) {
  const { w } = useBilling();
  const navigate = useNavigate();
  const mayPlans = useMay()("plans:read");
  if (!isFiltered)
    return (
      <Empty
        title={w("invoices.empty")}
        detail={w(isOwn ? "invoices.empty.own" : "invoices.empty.detail")}
      >
        {mayPlans ? <FirstSteps /> : undefined}
      </Empty>
    );
  return (
    <Empty title={w("invoices.none")}>
      <Button onClick={() => void navigate({ to: "/invoices", search: {} })}>{w("clear")}</Button>
    </Empty>
  );
}

interface FiltersProps {
  readonly search: InvoicesSearch;
  readonly change: Change;
  readonly isOwn: boolean;
}

function Filters({ search, change, isOwn }: FiltersProps) {
  const { w, known } = useBilling();
  const states = isOwn ? INVOICE_STATES.slice(2) : INVOICE_STATES;
  return (
    <div className="filters customer-filters">
      <SearchField
        label={w("invoices.number")}
        value={search.number}
        search={(number) => {
          change({ number });
        }}
      />
      <Select
        aria-label={w("state")}
        value={search.state ?? ""}
        onChange={(state) => {
          change({ state });
        }}
        options={[
          { value: "", label: w("state.all") },
          ...states.map((state) => ({ value: state, label: known("state", state) })),
        ]}
      />
      {isOwn ? undefined : (
        <CustomerChoice
          value={search.customer ?? null}
          nobody={w("customer.all")}
          onChange={(customer) => {
            change({ customer: customer ?? undefined });
          }}
        />
      )}
    </div>
  );
}
