import "./incidents.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import type { Incident } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { ListCut } from "../parts/list-cut.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { IncidentPlace, IncidentState } from "./incident-marks.tsx";
import { incidentsQuery, LIST_MAX } from "./incident-queries.ts";

/** Outages: each one gateway or one area, with all whom it silences. */
export function IncidentsPage() {
  const { t } = useSpeech();
  useTitle(t("incidents.title"));
  const { show } = useSearch({ from: "/incidents" });
  const navigate = useNavigate({ from: "/incidents" });
  const query = useQuery(incidentsQuery(show === "open" ? true : undefined));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("incidents.title")}</h1>
        <span className="grow" />
        <Select
          aria-label={t("incidents.filter")}
          className="log-filter"
          value={show ?? "all"}
          onChange={(next) => {
            void navigate({ search: next === "open" ? { show: next } : {}, replace: true });
          }}
          options={(["all", "open"] as const).map((value) => ({
            value,
            label: t(`incidents.filter.${value}`),
          }))}
        />
      </div>
      <Loaded query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("incidents.empty")} detail={t("incidents.empty.detail")} />
          ) : (
            <Listed items={items} />
          )
        }
      </Loaded>
    </div>
  );
}

function Listed({ items }: { readonly items: readonly Incident[] }) {
  const { t } = useSpeech();
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{t("incidents.cause")}</th>
            <th>{t("incidents.where")}</th>
            <th>{t("incidents.began")}</th>
            <th>{t("incidents.state")}</th>
            <th>{t("incidents.members")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((incident) => (
            <Row key={incident.id} incident={incident} />
          ))}
        </tbody>
      </table>
      <ListCut count={items.length} max={LIST_MAX} />
    </div>
  );
}

function Row({ incident }: { readonly incident: Incident }) {
  const { t, format } = useSpeech();
  const { id, cause, openedAt, members, back, dead } = incident;
  return (
    <tr>
      <td data-label={t("incidents.cause")}>
        <Link to="/incidents/$id" params={{ id }}>
          <strong>{t(`incidents.cause.${cause}`)}</strong>
        </Link>
      </td>
      <td data-label={t("incidents.where")}>
        <IncidentPlace incident={incident} />
      </td>
      <td data-label={t("incidents.began")}>
        <Time at={openedAt} />
      </td>
      <td data-label={t("incidents.state")}>
        <IncidentState incident={incident} />
      </td>
      <td data-label={t("incidents.members")}>
        <span>
          {t("incidents.members.of", {
            count: format.number(members),
            back: format.number(back),
          })}{" "}
          {dead > 0 ? (
            <span className="alert-text">
              {t("incidents.dead.count", { count: format.number(dead) })}
            </span>
          ) : undefined}
        </span>
      </td>
    </tr>
  );
}
