import "./cases.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client.ts";
import type { AlarmCaseDetail } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Age, Time } from "../parts/age.tsx";
import { Empty, Loaded, Loading } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { whoText } from "../parts/who.ts";
import { useTitle } from "../shell/use-title.ts";
import { addStep, caseQuery, STEP_KINDS } from "./case-queries.ts";
import { StepForm } from "./step-form.tsx";

const CaseMap = lazy(async () => ({ default: (await import("./case-map.tsx")).CaseMap }));

export function CasePage() {
  const { t } = useSpeech();
  const { id } = useParams({ from: "/cases/$id" });
  const query = useQuery(caseQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={t("cases.missing")} detail={t("alarms.missing.detail")}>
          <Link to="/cases">{t("cases.title")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(one) => <Shown key={one.id} one={one} />}
    </Loaded>
  );
}

interface CaseProps {
  readonly one: AlarmCaseDetail;
}

function Shown({ one }: CaseProps) {
  const { t } = useSpeech();
  const mayWork = useMay()("alarms:work");
  const name = one.assetName ?? one.terminalName ?? String(one.address);
  const isOpen = one.state === "open";
  useTitle(`${t(`cases.kind.${one.kind}`)}: ${name}`);
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {t(`cases.kind.${one.kind}`)}: {name}
        </h1>
        {one.isDrill ? <span className="tag tag-drill">{t("alarms.is.drill")}</span> : undefined}
        <span className={isOpen ? "alert-text" : "soft"}>{t(`cases.state.${one.state}`)}</span>
        <Age at={one.openedAt} />
        <span className="grow" />
        <Link to="/alarms" search={{ state: "all", alarm: one.alarmId }}>
          {t("cases.alarm")}
        </Link>
      </div>
      <div className="card-columns case-columns">
        <div>
          <Facts one={one} />
          <section className="card">
            <h2>{t("cases.place")}</h2>
            {one.latitude === null || one.longitude === null ? (
              <p className="small-empty">{t("cases.place.unknown")}</p>
            ) : (
              <Suspense fallback={<Loading rows={5} />}>
                <CaseMap one={one} />
              </Suspense>
            )}
          </section>
        </div>
        <div>
          {isOpen && mayWork ? <NextStep one={one} /> : undefined}
          <Entries one={one} />
        </div>
      </div>
    </div>
  );
}

function Facts({ one }: CaseProps) {
  const { t } = useSpeech();
  const none = <span className="soft">{t("cases.unknown")}</span>;
  return (
    <section className="card">
      <h2>{t("cases.facts")}</h2>
      <dl className="pairs">
        {one.result === null ? undefined : (
          <>
            <dt>{t("cases.result")}</dt>
            <dd>
              <strong>{one.result}</strong>
            </dd>
          </>
        )}
        <dt>{t("cases.caller")}</dt>
        <dd>{one.caller ?? none}</dd>
        <dt>{t("alarms.customer")}</dt>
        <dd>
          <OfCustomer one={one} />
        </dd>
        <dt>{t("cases.vehicle")}</dt>
        <dd>
          <Vehicle one={one} />
        </dd>
        <dt>{t("cases.fault")}</dt>
        <dd>
          <FaultText fault={one.fault} />
        </dd>
        <dt>{t("cases.helper")}</dt>
        <dd>
          {one.helper ?? <span className="soft">{t("cases.helper.none")}</span>}{" "}
          {one.helperSentAt === null ? undefined : (
            <span className="soft">
              <Time at={one.helperSentAt} />
            </span>
          )}
        </dd>
        <dt>{t("cases.began")}</dt>
        <dd>
          <Time at={one.openedAt} />
        </dd>
        {one.closedAt === null ? undefined : (
          <>
            <dt>{t("cases.ended")}</dt>
            <dd>
              <Time at={one.closedAt} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function OfCustomer({ one: { customerId, customerName, customerPhone } }: CaseProps) {
  const { t } = useSpeech();
  const may = useMay();
  if (customerId === null) return <span className="soft">{t("cases.customer.none")}</span>;
  return (
    <>
      {may("customers:read") ? (
        <Link to="/customers/$id" params={{ id: customerId }}>
          {customerName ?? customerId}
        </Link>
      ) : (
        customerName
      )}{" "}
      {customerPhone === null ? undefined : (
        <a href={`tel:${customerPhone.replaceAll(/[^+\d]/g, "")}`}>{customerPhone}</a>
      )}
    </>
  );
}

function Vehicle({ one: { address, assetName, terminalName, plate } }: CaseProps) {
  const { t } = useSpeech();
  return (
    <>
      {assetName ?? terminalName ?? address} {plate === null ? undefined : <strong>{plate}</strong>}{" "}
      ·{" "}
      <Link to="/terminals/$address" params={{ address: String(address) }}>
        {t("cases.terminal")}
      </Link>
    </>
  );
}

/** What the vehicle's own controller says is wrong: a number of a diagnostic trouble code. */
function FaultText({ fault }: { readonly fault: string | null }) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  if (fault === null) return <span className="soft">{t("cases.fault.none")}</span>;
  const code = Number(fault);
  return <>{Number.isFinite(code) ? profiles.value("vehicle", "faultCode", code) : fault}</>;
}

function Entries({ one }: CaseProps) {
  const speech = useSpeech();
  const { t } = speech;
  return (
    <section className="card">
      <h2>{t("cases.steps")}</h2>
      <ol className="steps">
        {one.entries.map(({ at, kind, who, whoName, text }) => (
          <li key={`${at} ${kind} ${text}`}>
            <strong>{t(`cases.step.${kind}`)}</strong>{" "}
            <span className="soft">
              <Time at={at} /> {whoText(speech, who, whoName)}
            </span>
            {kind === "opened" ? undefined : <p className="lines">{text}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who called, the helper sent, a note, or the end with its result. */
function NextStep({ one }: CaseProps) {
  const { t } = useSpeech();
  return (
    <StepForm
      kinds={STEP_KINDS}
      words={{
        ...{ title: t("cases.next"), kind: t("cases.step.kind") },
        ...{ add: t("cases.add"), close: t("cases.close") },
        kindOf: (kind) => t(`cases.step.${kind}`),
        textOf: (kind) => t(`cases.text.${kind}`),
      }}
      add={(step) => addStep(one, step)}
    />
  );
}
