import "../terminals/terminals.css";
import "./assets.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { useState } from "react";
import { ASSET_STATES, type AssetState, assetsQuery } from "../api/asset-queries.ts";
import type { Asset, AssetKind } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { matchCount } from "../parts/match-count.ts";
import { SearchField } from "../parts/search-field.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { type AssetsSearch, validAssetsSearch } from "../search.ts";
import { useTitle } from "../shell/use-title.ts";
import { AssetForm } from "./asset-form.tsx";
import { ASSET_KINDS } from "./kinds.ts";

export function AssetsPage() {
  const { t, format } = useSpeech();
  useTitle(t("nav.assets"));
  const may = useMay();
  const search = useSearch({ from: "/assets" });
  const navigate = useNavigate();
  const [isMaking, setMaking] = useState(false);
  const query = useInfiniteQuery(assetsQuery(search));
  const change = (next: AssetsSearch): void =>
    void navigate({
      to: "/assets",
      search: validAssetsSearch({ ...search, ...next }),
      replace: true,
    });
  const first = query.data?.pages[0];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("assets.title")}</h1>
        <span className="soft" role="status">
          {first === undefined ? "" : t("assets.count", { count: matchCount(format, first) })}
        </span>
        <span className="grow" />
        <Filters search={search} change={change} />
        {may("assets:write") ? (
          <Button
            type="primary"
            onClick={() => {
              setMaking(true);
            }}
          >
            {t("assets.add")}
          </Button>
        ) : undefined}
      </div>
      <Loaded query={query} rows={14}>
        {({ pages }) => (
          <Listed
            items={pages.flatMap((page) => page.items)}
            isFiltered={Object.keys(search).length > 0}
          />
        )}
      </Loaded>
      <LoadMore query={query} />
      {isMaking ? (
        <AssetForm
          close={() => {
            setMaking(false);
          }}
          made={(id) => void navigate({ to: "/assets/$id", params: { id } })}
        />
      ) : undefined}
    </div>
  );
}

interface ListedProps {
  readonly items: readonly Asset[];
  readonly isFiltered: boolean;
}

function Listed({ items, isFiltered }: ListedProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  if (items.length === 0)
    return isFiltered ? (
      <Empty title={t("assets.none")} detail={t("assets.none.detail")}>
        <Button onClick={() => void navigate({ to: "/assets", search: {} })}>
          {t("assets.clear")}
        </Button>
      </Empty>
    ) : (
      <Empty title={t("assets.empty")} detail={t("assets.empty.detail")} />
    );
  return isPhone ? <AssetCards items={items} /> : <AssetTable items={items} />;
}

function AssetTable({ items }: { readonly items: readonly Asset[] }) {
  const { t, named } = useSpeech();
  const navigate = useNavigate();
  return (
    <div className="card table-card">
      <table className="terminal-table">
        <thead>
          <tr>
            {(["name", "kind", "customer", "plate", "terminal"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`assets.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((asset) => (
            <tr
              key={asset.id}
              onClick={() => void navigate({ to: "/assets/$id", params: { id: asset.id } })}
            >
              <td>
                <Link to="/assets/$id" params={{ id: asset.id }}>
                  {asset.name}
                </Link>
              </td>
              <td>{named("asset.kind", asset.kind)}</td>
              <td>{asset.customerName ?? asset.customerId}</td>
              <td className="mono">{asset.plate ?? "—"}</td>
              <td className="mono">
                <SerialsOf asset={asset} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SerialsOf({ asset }: { readonly asset: Asset }) {
  const { t } = useSpeech();
  const serials = asset.terminals.map(({ serial }) => serial).join(", ");
  return serials === "" ? <span className="soft">{t("assets.terminal.none")}</span> : serials;
}

function AssetCards({ items }: { readonly items: readonly Asset[] }) {
  const { named } = useSpeech();
  return (
    <ul className="terminal-cards">
      {items.map((asset) => (
        <li key={asset.id} className="card">
          <Link to="/assets/$id" params={{ id: asset.id }}>
            <span className="cut">
              <strong>{asset.name}</strong>
              <span className="soft">
                {named("asset.kind", asset.kind)} · {asset.customerName ?? asset.customerId}
              </span>
            </span>
            <span className="mono">
              <SerialsOf asset={asset} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface FiltersProps {
  readonly search: AssetsSearch;
  readonly change: (next: AssetsSearch) => void;
}

function Filters({ search, change }: FiltersProps) {
  const { t } = useSpeech();
  return (
    <div className="filters">
      <SearchField
        label={t("assets.filter")}
        value={search.search}
        search={(text) => {
          change({ search: text });
        }}
      />
      <Select<AssetKind | "">
        aria-label={t("assets.kind")}
        value={search.kind ?? ""}
        onChange={(kind) => {
          change({ kind: kind === "" ? undefined : kind });
        }}
        options={[
          { value: "", label: t("assets.kind.all") },
          ...ASSET_KINDS.map((kind) => ({ value: kind, label: t(`asset.kind.${kind}`) })),
        ]}
      />
      <Select<AssetState | "all">
        aria-label={t("assets.state")}
        value={search.state ?? "all"}
        onChange={(state) => {
          change({ state: state === "all" ? undefined : state });
        }}
        options={(["all", ...ASSET_STATES] as const).map((state) => ({
          value: state,
          label: t(`assets.state.${state}`),
        }))}
      />
    </div>
  );
}
