import "./recovery.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { StepForm } from "../cases/step-form.tsx";
import { useMay } from "../identity/me.tsx";
import { Age, Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { LinksCard } from "./links-card.tsx";
import { PacksCard } from "./packs-card.tsx";
import { addStep, type RecoveryDetail, recoveryQuery } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";
import { Timeline } from "./timeline.tsx";
import { IntervalCard, StopCard } from "./told-card.tsx";
import { WhereCard } from "./where-card.tsx";

/** A stolen vehicle's case: all that is known and all that can be done, on one page. */
export function RecoveryPage() {
  const { w } = useWords();
  const { id } = useParams({ from: "/cases/stolen/$id" });
  const query = useQuery(recoveryQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={w("missing")} detail={w("missing.detail")}>
          <Link to="/cases">{w("cases")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(one) => <Shown key={one.id} one={one} refetch={() => void query.refetch()} />}
    </Loaded>
  );
}

interface ShownProps {
  readonly one: RecoveryDetail;
  readonly refetch: () => void;
}

function Shown({ one, refetch }: ShownProps) {
  const { w } = useWords();
  const mayWork = useMay()("recovery:write");
  const { state, openedAt, address } = one;
  const title = w("title.of", { name: one.vehicle.plate ?? one.vehicle.name });
  useTitle(title);
  useLiveEvent(useLive(), "command", (command) => {
    if (command.address === address) refetch();
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        <span className={state === "open" ? "alert-text" : "soft"}>{w(`state.${state}`)}</span>
        <Age at={openedAt} />
      </div>
      {one.isHeld ? undefined : <Alert type="info" showIcon title={w("transferred")} />}
      <div className="card-columns recovery-columns">
        <WhereCard one={one} />
        <div className="recovery-deeds">
          <StopCard one={one} />
          {mayWork && state !== "closed" ? <NextStep one={one} /> : undefined}
          <LinksCard one={one} mayWork={mayWork} />
          <IntervalCard one={one} />
          <PacksCard one={one} mayWork={mayWork} />
          <Facts one={one} />
        </div>
        <Timeline one={one} />
      </div>
    </div>
  );
}

function Facts({ one }: { readonly one: RecoveryDetail }) {
  const { w } = useWords();
  const may = useMay();
  const { vehicle, assetId, address, serial, customerId, customerName } = one;
  const times = [
    ["stolen", one.stolenAt],
    ["marked", one.openedAt],
    ["recovered", one.recoveredAt],
    ["closed", one.closedAt],
  ] as const;
  return (
    <section className="card" aria-label={w("vehicle")}>
      <h2>{w("vehicle")}</h2>
      <dl className="pairs">
        {one.result === null ? undefined : (
          <>
            <dt>{w("result")}</dt>
            <dd>
              <strong>{one.result}</strong>
            </dd>
          </>
        )}
        <dt>{w("vehicle")}</dt>
        <dd>
          {one.isHeld ? (
            <Link to="/assets/$id" params={{ id: assetId }}>
              {vehicle.name}
            </Link>
          ) : (
            vehicle.name
          )}{" "}
          <strong>{vehicle.plate}</strong>
        </dd>
        <dt>{w("vin")}</dt>
        <dd className="mono">{vehicle.vin ?? "—"}</dd>
        <dt>{w("terminal")}</dt>
        <dd>
          <Link to="/terminals/$address" params={{ address: String(address) }}>
            {serial}
          </Link>
        </dd>
        <dt>{w("customer")}</dt>
        <dd>
          {may("customers:read") ? (
            <Link to="/customers/$id" params={{ id: customerId }}>
              {customerName ?? customerId}
            </Link>
          ) : (
            customerName
          )}
        </dd>
        {times.map(([key, at]) =>
          at === null ? undefined : (
            <Pair key={key} name={w(key)}>
              <Time at={at} />
            </Pair>
          ),
        )}
      </dl>
    </section>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A note, that it is found, or the end of the case with its result. */
function NextStep({ one }: { readonly one: RecoveryDetail }) {
  const { w } = useWords();
  return (
    <StepForm<"recovered">
      kinds={one.state === "open" ? ["note", "recovered", "closed"] : ["note", "closed"]}
      words={{
        ...{ title: w("next"), kind: w("step.kind"), endHint: w("close.explained") },
        ...{ add: w("step.add"), close: w("step.close") },
        kindOf: (kind) => w(`step.${kind}`),
        textOf: (kind) => w(`text.${kind}`),
      }}
      add={(step) => addStep(one, step)}
    />
  );
}
