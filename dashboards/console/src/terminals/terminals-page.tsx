import "./terminals.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { terminalsQuery } from "../api/queries.ts";
import type { TerminalSort, TerminalSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { matchCount } from "../parts/match-count.ts";
import { ProfileChoice } from "../parts/profile-choice.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { type TerminalsSearch, validTerminalsSearch } from "../search.ts";
import { useTitle } from "../shell/app-shell.tsx";
import { TerminalCards } from "./terminal-cards.tsx";
import { TerminalTable } from "./terminal-table.tsx";

export function TerminalsPage() {
  const { t, format } = useSpeech();
  useTitle(t("nav.terminals"));
  const search = useSearch({ from: "/terminals" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(terminalsQuery(search));
  const change = (next: TerminalsSearch): void =>
    void navigate({
      to: "/terminals",
      search: validTerminalsSearch({ ...search, ...next }),
      replace: true,
    });
  const isFiltered = search.search !== undefined || search.profile !== undefined;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("terminals.title")}</h1>
        <span className="soft" role="status">
          {query.data?.pages[0]
            ? t("terminals.count", { count: matchCount(format, query.data.pages[0]) })
            : ""}
        </span>
        <span className="grow" />
        <Filters search={search} change={change} />
      </div>
      <Loaded query={query} rows={14}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return isFiltered ? (
              <Empty title={t("terminals.none")} detail={t("terminals.none.detail")}>
                <Button onClick={() => void navigate({ to: "/terminals", search: {} })}>
                  {t("terminals.clear")}
                </Button>
              </Empty>
            ) : (
              <Empty title={t("terminals.empty")} detail={t("terminals.empty.detail")} />
            );
          return (
            <>
              <Listed items={items} sort={search.sort ?? "name"} change={change} />
              <LoadMore query={query} end={t("terminals.end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

interface ListedProps {
  readonly items: readonly TerminalSummary[];
  readonly sort: TerminalSort;
  readonly change: (next: TerminalsSearch) => void;
}

function Listed({ items, sort, change }: ListedProps) {
  const navigate = useNavigate();
  const open = ({ address }: TerminalSummary): void =>
    void navigate({ to: "/terminals/$address", params: { address: String(address) } });
  return useIsPhone() ? (
    <TerminalCards items={items} />
  ) : (
    <TerminalTable
      items={items}
      sort={sort}
      onSort={(next) => {
        change({ sort: next });
      }}
      onOpen={open}
    />
  );
}

interface FiltersProps {
  readonly search: TerminalsSearch;
  readonly change: (next: TerminalsSearch) => void;
}

function Filters({ search, change }: FiltersProps) {
  const { t } = useSpeech();
  const { customerId } = useMe();
  return (
    <div className="filters">
      <SearchField
        label={t("terminals.filter")}
        value={search.search}
        search={(text) => {
          change({ search: text });
        }}
      />
      <ProfileChoice
        value={search.profile}
        onChange={(profile) => {
          change({ profile });
        }}
      />
      {customerId === null ? undefined : (
        <Checkbox
          checked={search.former === true}
          title={t("terminals.former.explained")}
          onChange={(event) => {
            change({ former: event.target.checked ? true : undefined });
          }}
        >
          {t("terminals.former")}
        </Checkbox>
      )}
    </div>
  );
}
