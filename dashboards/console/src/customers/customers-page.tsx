import "./customers.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { matchCount } from "../parts/match-count.ts";
import { SearchField } from "../parts/search-field.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useTitle } from "../shell/app-shell.tsx";
import { CustomerDialog } from "./customer-dialog.tsx";
import { customersQuery, customerTagsQuery } from "./customer-queries.ts";
import { CustomerCards, CustomerTable } from "./customer-table.tsx";
import { type CustomersSearch, validCustomersSearch } from "./customers-search.ts";

type Change = (next: Partial<Record<keyof CustomersSearch, string>>) => void;

export function CustomersPage() {
  const { t, format } = useSpeech();
  useTitle(t("nav.customers"));
  // what an address says besides must not reach the API, which refuses what it does not know
  const search = validCustomersSearch({ ...useSearch({ from: "/customers" }) });
  const navigate = useNavigate();
  const query = useInfiniteQuery(customersQuery(search));
  const isPhone = useIsPhone();
  const change: Change = (next) =>
    void navigate({
      to: "/customers",
      search: validCustomersSearch({ ...search, ...next }),
      replace: true,
    });
  const isFiltered = Object.keys(search).some((name) => name !== "sort");
  const first = query.data?.pages[0];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("customers.title")}</h1>
        <span className="soft" role="status">
          {first === undefined ? "" : t("customers.count", { count: matchCount(format, first) })}
        </span>
        <span className="grow" />
        <Actions />
      </div>
      <Filters search={search} change={change} />
      <Loaded query={query} rows={14}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing isFiltered={isFiltered} />;
          return (
            <>
              {isPhone ? (
                <CustomerCards items={items} />
              ) : (
                <CustomerTable
                  items={items}
                  sort={search.sort ?? "name"}
                  onSort={(sort) => {
                    change({ sort });
                  }}
                />
              )}
              <LoadMore query={query} end={t("customers.end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  if (!isFiltered)
    return <Empty title={t("customers.empty")} detail={t("customers.empty.detail")} />;
  return (
    <Empty title={t("customers.none")} detail={t("customers.none.detail")}>
      <Button onClick={() => void navigate({ to: "/customers", search: {} })}>
        {t("customers.clear")}
      </Button>
    </Empty>
  );
}

function Actions() {
  const { t } = useSpeech();
  const may = useMay();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  if (!may("customers:write")) return undefined;
  return (
    <div className="actions">
      <Link to="/customers/duplicates">{t("customers.duplicates")}</Link>
      {may("customers:import") ? (
        <>
          <Link to="/customers/import">{t("customers.import")}</Link>
          <a href="/api/customers/export" download>
            {t("customers.export")}
          </a>
        </>
      ) : undefined}
      <Button
        type="primary"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("customers.add")}
      </Button>
      {isOpen ? (
        <CustomerDialog
          onDone={(made) => {
            setOpen(false);
            if (made) void navigate({ to: "/customers/$id", params: { id: made.id } });
          }}
        />
      ) : undefined}
    </div>
  );
}

interface FiltersProps {
  readonly search: CustomersSearch;
  readonly change: Change;
}

function Filters({ search, change }: FiltersProps) {
  const { t } = useSpeech();
  const tags = useQuery(customerTagsQuery).data?.items ?? [];
  return (
    <div className="filters customer-filters">
      <SearchField
        label={t("customers.filter")}
        value={search.search}
        search={(text) => {
          change({ search: text });
        }}
      />
      <Select
        aria-label={t("customers.kind")}
        value={search.kind ?? ""}
        onChange={(kind) => {
          change({ kind });
        }}
        options={[
          { value: "", label: t("customers.kind.all") },
          { value: "organisation", label: t("customers.kind.organisation") },
          { value: "person", label: t("customers.kind.person") },
        ]}
      />
      <Select
        showSearch
        aria-label={t("customers.tag")}
        value={search.tag ?? ""}
        onChange={(tag) => {
          change({ tag });
        }}
        options={[
          { value: "", label: t("customers.tag.all") },
          ...tags.map(({ tag, customers }) => ({ value: tag, label: `${tag} (${customers})` })),
        ]}
      />
    </div>
  );
}
