import "./cases.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import type { AlarmCase } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Age, Time } from "../parts/age.tsx";
import { ListCut } from "../parts/list-cut.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { StolenList } from "../recovery/stolen-list.tsx";
import { useTitle } from "../shell/use-title.ts";
import { CASE_KINDS, type CasesSearch, casesQuery, LIST_MAX } from "./case-queries.ts";
import { validCasesSearch } from "./cases-search.ts";

/** Calls for help: who called, from where, and how far the help is. */
export function CasesPage() {
  const { t } = useSpeech();
  useTitle(t("cases.title"));
  const search = useSearch({ from: "/cases" });
  const query = useQuery(casesQuery(search));
  const may = useMay();
  const isOpenOnes = Object.keys(search).length === 0;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("cases.title")}</h1>
        <span className="grow" />
        <Filters search={search} />
      </div>
      {may("recovery:read") && search.kind === undefined ? (
        <StolenList state={search.state ?? "open"} />
      ) : undefined}
      <Loaded query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={t(isOpenOnes ? "cases.empty" : "cases.none")}
              detail={t(isOpenOnes ? "cases.empty.detail" : "cases.none.detail")}
            />
          ) : (
            <Listed items={items} />
          )
        }
      </Loaded>
    </div>
  );
}

function Filters({ search }: { readonly search: CasesSearch }) {
  const { t } = useSpeech();
  const navigate = useNavigate({ from: "/cases" });
  const change = (next: Readonly<Record<string, unknown>>): void => {
    void navigate({ search: validCasesSearch({ ...search, ...next }), replace: true });
  };
  return (
    <>
      <Select
        aria-label={t("cases.state")}
        className="log-filter"
        value={search.state ?? "open"}
        onChange={(state) => {
          change({ state });
        }}
        options={(["open", "closed", "all"] as const).map((value) => ({
          value,
          label: t(`cases.state.${value}`),
        }))}
      />
      <Select
        aria-label={t("cases.kind")}
        className="log-filter"
        value={search.kind ?? "all"}
        onChange={(kind) => {
          change({ kind });
        }}
        options={(["all", ...CASE_KINDS] as const).map((value) => ({
          value,
          label: t(`cases.kind.${value}`),
        }))}
      />
    </>
  );
}

function Listed({ items }: { readonly items: readonly AlarmCase[] }) {
  const { t } = useSpeech();
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{t("cases.kind")}</th>
            <th>{t("cases.vehicle")}</th>
            <th>{t("cases.caller")}</th>
            <th>{t("cases.helper")}</th>
            <th>{t("cases.began")}</th>
            <th>{t("cases.state")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </tbody>
      </table>
      <ListCut count={items.length} max={LIST_MAX} />
    </div>
  );
}

function Row({ one }: { readonly one: AlarmCase }) {
  const { t } = useSpeech();
  const { id, kind, caller, customerName, helper, openedAt, isDrill } = one;
  return (
    <tr>
      <td data-label={t("cases.kind")}>
        <span>
          <Link to="/cases/$id" params={{ id }}>
            <strong>{t(`cases.kind.${kind}`)}</strong>
          </Link>{" "}
          {isDrill ? <span className="tag tag-drill">{t("alarms.is.drill")}</span> : undefined}
        </span>
      </td>
      <td data-label={t("cases.vehicle")}>
        <span className="two-lines">
          <span>{one.assetName ?? one.terminalName ?? one.address}</span>
          <span className="soft">{one.plate}</span>
        </span>
      </td>
      <td data-label={t("cases.caller")} className="wide">
        <span className="two-lines">
          <span>{caller ?? <span className="soft">{t("cases.caller.unknown")}</span>}</span>
          <span className="soft">{customerName}</span>
        </span>
      </td>
      <td data-label={t("cases.helper")} className="wide">
        {helper ?? <span className="soft">{t("cases.helper.none")}</span>}
      </td>
      <td data-label={t("cases.began")}>
        <span className="two-lines">
          <Time at={openedAt} />
          <span className="soft">
            <Age at={openedAt} />
          </span>
        </span>
      </td>
      <td data-label={t("cases.state")} className="wide">
        {one.state === "open" ? (
          <span className="alert-text">{t("cases.state.open")}</span>
        ) : (
          <span className="soft">{one.result ?? t("cases.state.closed")}</span>
        )}
      </td>
    </tr>
  );
}
