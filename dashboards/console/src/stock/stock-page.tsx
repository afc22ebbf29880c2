import "./stock.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { given } from "../api/queries.ts";
import { groupsQuery, stockCountsQuery, stockQuery } from "../api/stock-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Icon } from "../parts/icon.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { LIFE_CYCLES, type StockSearch, validStockSearch } from "../search.ts";
import { useTitle } from "../shell/use-title.ts";
import { useSettled } from "../time/use-now.ts";
import { Selection } from "./selection.tsx";
import { StockTable } from "./stock-table.tsx";

const SETTLE_MS = 250;

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

function FileLinks({ filter }: { readonly filter: object }) {
  const { t } = useSpeech();
  const may = useMay();
  if (!may("terminals:import")) return undefined;
  return (
    <>
      <a className="ant-btn-like" href={exportUrl(filter)} download>
        {t("stock.export")}
      </a>
      <Link to="/imports">
        <Button type="primary">{t("stock.import")}</Button>
      </Link>
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
  const { lifeCycle, quarantined, search: text, profile, batch, importId, groupId } = search;
  const filter = { search: text, profile, batch, importId, groupId };
  const counts = useQuery(stockCountsQuery(filter)).data;
  if (counts === undefined) return <div className="chips" />;
  const isAll = lifeCycle === undefined && quarantined === undefined;
  return (
    <div className="chips" role="group" aria-label={t("terminals.lifecycle")}>
      <Chip
        text={t("stock.all")}
        count={counts.total}
        isOn={isAll}
        press={() => {
          change({ lifeCycle: undefined, quarantined: undefined });
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
  const profiles = useProfiles();
  const [text, setText] = useState(search.search ?? "");
  const [batch, setBatch] = useState(search.batch ?? "");
  const settled = useSettled(text.trim(), SETTLE_MS);
  const settledBatch = useSettled(batch.trim(), SETTLE_MS);
  useEffect(() => {
    if (settled !== (search.search ?? "") || settledBatch !== (search.batch ?? ""))
      change({ search: settled, batch: settledBatch });
    // only when the typing has settled: a change of the address from elsewhere is not typed back
  }, [settled, settledBatch]);
  return (
    <div className="filters stock-filters">
      <Input
        allowClear
        value={text}
        aria-label={t("terminals.filter")}
        placeholder={t("terminals.filter")}
        prefix={<Icon name="search" size={15} />}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <Select
        aria-label={t("terminals.profile")}
        value={search.profile ?? ""}
        onChange={(profile) => {
          change({ profile });
        }}
        options={[
          { value: "", label: t("terminals.profile.all") },
          ...profiles.all.map(({ name }) => ({ value: name, label: profiles.label(name) })),
        ]}
      />
      <Input
        allowClear
        className="batch"
        value={batch}
        aria-label={t("stock.batch")}
        placeholder={t("stock.batch")}
        onChange={(event) => {
          setBatch(event.target.value);
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
