import "./drills.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { ApiError } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { type DrillDetail, drillQuery, workOnDrill } from "./drill-queries.ts";
import { useWords } from "./drill-words.ts";
import { OfWhom } from "./drills-page.tsx";
import { MemberCards } from "./member-cards.tsx";

export function DrillPage() {
  const { w } = useWords();
  const { id } = useParams({ from: "/drills/$id" });
  const query = useQuery(drillQuery(id));
  const { error } = query;
  if (query.data === undefined && error instanceof ApiError && error.status === 404)
    return (
      <div className="page">
        <Empty title={w("missing")} detail={w("missing.detail")}>
          <Link to="/drills">{w("title")}</Link>
        </Empty>
      </div>
    );
  return (
    <Loaded query={query} rows={12}>
      {(drill) => <Shown drill={drill} />}
    </Loaded>
  );
}

interface DrillProps {
  readonly drill: DrillDetail;
}

function Shown({ drill }: DrillProps) {
  const { w } = useWords();
  const { kind, state, list } = drill;
  const isOver = state === "ended" || state === "cancelled";
  useTitle(`${w("title")}: ${w(`kind.${kind}`)}`);
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {w(`kind.${kind}`)}: <OfWhom drill={drill} />
        </h1>
        <span className={state === "running" ? "alert-text" : "soft"}>{w(`state.${state}`)}</span>
        <span className="grow" />
        <Deeds drill={drill} />
      </div>
      <Facts drill={drill} />
      {state === "planned" ? <p className="small-empty">{w("not-begun")}</p> : undefined}
      {list.map((member) =>
        member.hops.length === 0 && member.problem === null ? undefined : (
          <MemberCards key={member.address} member={member} isOver={isOver} />
        ),
      )}
    </div>
  );
}

function Deeds({ drill: { id, state } }: DrillProps) {
  const { w } = useWords();
  const mayWork = useMay()("drills:write");
  const doing = useDoing();
  if (!mayWork || (state !== "planned" && state !== "running")) return undefined;
  const isRunning = state === "running";
  return (
    <>
      <Refusal error={doing.error} />
      <Popconfirm
        title={w(isRunning ? "end.sure" : "call-off.sure")}
        okText={w("yes")}
        cancelText={w("cancel")}
        onConfirm={() => void doing.run(() => workOnDrill(id, isRunning ? "end" : "cancel"))}
      >
        <Button danger loading={doing.isBusy}>
          {w(isRunning ? "end" : "call-off")}
        </Button>
      </Popconfirm>
    </>
  );
}

function Facts({ drill }: DrillProps) {
  const { w, format } = useWords();
  const { startsAt, startedAt, endedAt, endedWhy, lastsS, answerS, inTime, members } = drill;
  return (
    <section className="card">
      <dl className="pairs drill-facts">
        <dt>{w(startedAt === null ? "starts" : "started")}</dt>
        <dd>
          <Time at={startedAt ?? startsAt} />
        </dd>
        {endedAt === null ? (
          <>
            <dt>{w("lasts")}</dt>
            <dd>{format.duration(lastsS * 1_000)}</dd>
          </>
        ) : (
          <>
            <dt>{w("ended")}</dt>
            <dd>
              <Time at={endedAt} />{" "}
              <span className="soft">{endedWhy === null ? "" : w(`why.${endedWhy}`)}</span>
            </dd>
          </>
        )}
        {inTime === null ? undefined : (
          <>
            <dt>{w("in-time")}</dt>
            <dd>
              <strong className={inTime === members ? "" : "alert-text"}>
                {w("in-time.of", { inTime, members })}
              </strong>
            </dd>
          </>
        )}
        <dt>{w("answer")}</dt>
        <dd>{format.duration(answerS * 1_000)}</dd>
        <dt>{w("by")}</dt>
        <dd>{drill.createdByName}</dd>
        {drill.note === "" ? undefined : (
          <>
            <dt>{w("note")}</dt>
            <dd>{drill.note}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
