import "./incidents.css";
import "../alarms/alarms.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Told } from "../alarms/alarm-history.tsx";
import { alarmQuery } from "../alarms/alarm-queries.ts";
import { AlarmTitle } from "../alarms/alarm-title.tsx";
import { ApiError } from "../api/client.ts";
import type { IncidentDetail } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { IncidentPlace, IncidentState } from "./incident-marks.tsx";
import { incidentQuery } from "./incident-queries.ts";
import { type IncidentStep, incidentSteps } from "./incident-steps.ts";
import { MembersCard } from "./members-card.tsx";

export function IncidentPage() {
  const { t } = useSpeech();
  const { id } = useParams({ from: "/incidents/$id" });
  const query = useQuery(incidentQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={t("incidents.missing")}>
          <Link to="/incidents">{t("incidents.title")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(incident) => <Shown incident={incident} />}
    </Loaded>
  );
}

interface IncidentProps {
  readonly incident: IncidentDetail;
}

function Shown({ incident }: IncidentProps) {
  const { t } = useSpeech();
  const cause = t(`incidents.cause.${incident.cause}`);
  useTitle(cause);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{cause}</h1>
        <span className="incident-place">
          <IncidentPlace incident={incident} />
        </span>
        <IncidentState incident={incident} />
      </div>
      <div className="card-columns incident-columns">
        <div>
          <Evidence incident={incident} />
          <MembersCard members={incident.terminals} total={incident.members} />
        </div>
        <div>
          <Message incident={incident} />
          <Steps incident={incident} />
        </div>
      </div>
    </div>
  );
}

/** Why it is taken for this cause and no other, in words. */
function Evidence({ incident }: IncidentProps) {
  const { t, format } = useSpeech();
  const { cause, evidence, members, back, dead, closedAt } = incident;
  const number = (count: number): string => format.number(count);
  const silent = members - back - dead;
  return (
    <section className="card">
      <h2>{t("incidents.why")}</h2>
      <div className="incident-evidence">
        <p>{t(`incidents.why.${cause}`)}</p>
        {evidence === null ? undefined : (
          <p>
            {evidence.radiusM === null
              ? t("incidents.evidence", {
                  silent: number(evidence.silent),
                  usual: number(evidence.usual),
                })
              : t("incidents.evidence.area", {
                  silent: number(evidence.silent),
                  usual: number(evidence.usual),
                  radius: number(Math.round(evidence.radiusM)),
                })}{" "}
            {evidence.lastHeardAt === null ? undefined : (
              <>
                {t("incidents.evidence.last")} <Time at={evidence.lastHeardAt} />
              </>
            )}
          </p>
        )}
        <div className="incident-bar" aria-hidden="true">
          <i className="incident-bar-dead" style={{ flexGrow: dead }} />
          <i className="incident-bar-silent" style={{ flexGrow: silent }} />
          <i className="incident-bar-back" style={{ flexGrow: back }} />
        </div>
        <p>
          {closedAt === null
            ? t("incidents.now", { silent: number(silent), back: number(back) })
            : dead === 0
              ? t("incidents.after.all", { count: number(members) })
              : t("incidents.after.dead", { back: number(back), dead: number(dead) })}
        </p>
      </div>
    </section>
  );
}

/** The one alarm that stands for all of it, and who was told by it. */
function Message({ incident }: IncidentProps) {
  const { t } = useSpeech();
  const may = useMay();
  const query = useQuery(alarmQuery(incident.alarmId));
  return (
    <section className="card">
      <h2>
        <span>{t("incidents.message")}</span>
        <Link to="/alarms" search={{ state: "all", alarm: incident.alarmId }}>
          {t("incidents.message.open")}
        </Link>
      </h2>
      <Loaded query={query} rows={2}>
        {(alarm) => (
          <>
            <AlarmTitle alarm={alarm} />
            {may("notifications:read") ? <Told id={alarm.id} /> : undefined}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Steps({ incident }: IncidentProps) {
  const { t } = useSpeech();
  const alarm = useQuery(alarmQuery(incident.alarmId)).data;
  return (
    <section className="card">
      <h2>{t("incidents.steps")}</h2>
      <ol className="steps">
        {incidentSteps(incident, alarm?.transitions ?? []).map((step) => (
          <Step key={`${step.at} ${step.kind} ${step.done?.id ?? ""}`} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step: { at, kind, count, done } }: { readonly step: IncidentStep }) {
  const { t, named, format } = useSpeech();
  const text =
    kind === "done"
      ? named("alarms.transition", done?.kind ?? "")
      : t(`incidents.step.${kind}`, { count: format.number(count) });
  return (
    <li>
      <strong>{text}</strong>{" "}
      <span className="soft">
        <Time at={at} /> {done?.whoName}
      </span>
      {done === undefined || done.kind === "assigned" || done.why === "" ? undefined : (
        <p>{done.why}</p>
      )}
    </li>
  );
}
