import "./stock.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { createLink, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { given } from "../api/queries.ts";
import { groupsQuery, stockCountsQuery, stockQuery } from "../api/stock-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { ProfileChoice } from "../parts/profile-choice.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { LIFE_CYCLES, type StockSearch, validStockSearch } from "../search.ts";
import { useTitle } from "../shell/use-title.ts";
import { Selection } from "./selection.tsx";
import { StockTable } from "./stock-table.tsx";

export function StockPage() {
  const { t, format } = useSpeech();
  useTitle(t("nav.stock"));
  const may = useMay();
  // what an address says besides must not reach the API, which refuses what it does not know
  const search = validStockSearch({ ...useSearch({ from: "/stock" }) });
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const { sort = "name", ...filter } = search;
  const query = useInfiniteQuery(stockQuery(filter, sort));
  const counts = useQuery(stockCountsQuery(filter)).data;
  const change = (
    next: { readonly [K in keyof StockSearch]?: StockSearch[K] | undefined },
  ): void => {
    setSelected(new Set());
    void navigate({
      to: "/stock",
      search: validStockSearch({ ...search, ...next }),
      replace: true,
    });
  };
  const isFiltered = Object.keys(filter).length > 0;
  const isGroup = filter.groupId !== undefined && Object.keys(filter).length === 1;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.stock")}</h1>
        <span className="soft" role="status">
          {counts === undefined ? "" : t("stock.count", { count: format.number(counts.total) })}
        </span>
        <span className="grow" />
        <FileLinks filter={filter} />
      </div>
      <Chips search={search} change={change} />
      <Filters search={search} change={change} />
      {selected.size > 0 && may("terminals:write") ? (
        <Selection
          selected={selected}
          groupId={search.groupId}
          clear={() => {
            setSelected(new Set());
          }}
        />
      ) : undefined}
      <Loaded query={query} rows={12}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing isFiltered={isFiltered} isGroup={isGroup} />;
          return (
            <>
              <StockTable
                items={items}
                sort={sort}
                selected={selected}
                onSelect={setSelected}
                onSort={(next) => {
                  change({ sort: next });
                }}
              />
              <LoadMore query={query} end={t("terminals.end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

const LinkButton = createLink(Button);

function FileLinks({ filter }: { readonly filter: object }) {
  const { t } = useSpeech();
  const may = useMay();
  if (!may("terminals:import")) return undefined;
  return (
    <>
      <a className="ant-btn-like" href={exportUrl(filter)} download>
        {t("stock.export")}
      </a>
      <LinkButton color="primary" variant="solid" to="/imports">
        {t("stock.import")}
      </LinkButton>
    </>
  );
}

interface NothingProps {
  readonly isFiltered: boolean;
  /** All members of a group were asked for, and nothing else. */
  readonly isGroup: boolean;
}

function Nothing({ isFiltered, isGroup }: NothingProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  if (isGroup) return <Empty title={t("groups.members.none")} detail={t("groups.fill")} />;
  if (!isFiltered) return <Empty title={t("stock.empty")} detail={t("stock.empty.detail")} />;
  return (
    <Empty title={t("stock.none")} detail={t("stock.none.detail")}>
      <Button onClick={() => void navigate({ to: "/stock", search: {} })}>
        {t("terminals.clear")}
      </Button>
    </Empty>
  );
}

function exportUrl(filter: object): string {
  const query = Object.entries(given(filter)).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `/api/stock/export?${new URLSearchParams(query).toString()}`;
}

interface PartProps {
  readonly search: StockSearch;
  readonly change: (
    next: {
      readonly [K in keyof StockSearch]?: StockSearch[K] | undefined;
    },
  ) => void;
}

/** The life cycle as a row of numbers, each of which narrows the list. */
function Chips({ search, change }: PartProps) {
  const { t, named } = useSpeech();
  const {
    lifeCycle,
    quarantined,
    badTags,
    search: text,
    profile,
    batch,
    importId,
    groupId,
  } = search;
  const filter = { search: text, profile, batch, importId, groupId };
  const counts = useQuery(stockCountsQuery(filter)).data;
  if (counts === undefined) return <div className="chips" />;
  const isAll = [lifeCycle, quarantined, badTags].every((each) => each === undefined);
  return (
    <div className="chips" role="group" aria-label={t("terminals.lifecycle")}>
      <Chip
        text={t("stock.all")}
        count={counts.total}
        isOn={isAll}
        press={() => {
          change({ lifeCycle: undefined, quarantined: undefined, badTags: undefined });
        }}
      />
      {LIFE_CYCLES.map((each) => (
        <Chip
          key={each}
          text={named("lifecycle", each)}
          count={counts.byLifeCycle[each]}
          isOn={lifeCycle === each}
          press={() => {
            change({ lifeCycle: lifeCycle === each ? undefined : each });
          }}
        />
      ))}
      <Chip
        text={t("stock.quarantined")}
        count={counts.quarantined}
        isOn={quarantined === true}
        press={() => {
          change({ quarantined: quarantined === true ? undefined : true });
        }}
      />
      {counts.withBadTags > 0 || badTags === true ? (
        <Chip
          text={t("stock.badtags")}
          count={counts.withBadTags}
          isOn={badTags === true}
          press={() => {
            change({ badTags: badTags === true ? undefined : true });
          }}
        />
      ) : undefined}
    </div>
  );
}

interface ChipProps {
  readonly text: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly press: () => void;
}

function Chip({ text, count, isOn, press }: ChipProps) {
  const { format } = useSpeech();
  return (
    <button type="button" className="chip" aria-pressed={isOn} onClick={press}>
      {text} <strong>{format.number(count)}</strong>
    </button>
  );
}

function Filters({ search, change }: PartProps) {
  const { t } = useSpeech();
  return (
    <div className="filters stock-filters">
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
      <SearchField
        label={t("stock.batch")}
        value={search.batch}
        search={(batch) => {
          change({ batch });
        }}
      />
      {(["importId", "groupId"] as const).map((name) =>
        search[name] === undefined ? undefined : (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed
            onClick={() => {
              change({ [name]: undefined });
            }}
          >
            {name === "importId" ? t("stock.of.import") : <GroupName id={search.groupId} />} ×
          </button>
        ),
      )}
    </div>
  );
}

function GroupName({ id }: { readonly id: number | undefined }) {
  const { t } = useSpeech();
  const group = useQuery(groupsQuery).data?.items.find((each) => each.id === id);
  return group === undefined ? t("stock.of.group") : t("stock.of.group.name", { name: group.name });
}
