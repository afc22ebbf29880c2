import "./drills.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { ListCut } from "../parts/list-cut.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { type Drill, drillsQuery, LIST_MAX } from "./drill-queries.ts";
import { useWords } from "./drill-words.ts";
import { PlanDialog } from "./plan-dialog.tsx";

/** Rehearsals of sirens, panic calls and elevators. */
export function DrillsPage() {
  const { w } = useWords();
  useTitle(w("title"));
  const mayPlan = useMay()("drills:write");
  const [isPlanning, setPlanning] = useState(false);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("title")}</h1>
        <span className="grow" />
        {mayPlan ? (
          <Button
            type="primary"
            onClick={() => {
              setPlanning(true);
            }}
          >
            {w("add")}
          </Button>
        ) : undefined}
      </div>
      <Loaded query={useQuery(drillsQuery)} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={w("empty")} detail={w("empty.detail")} />
          ) : (
            <Listed items={items} />
          )
        }
      </Loaded>
      {isPlanning ? (
        <PlanDialog
          close={() => {
            setPlanning(false);
          }}
        />
      ) : undefined}
    </div>
  );
}

function Listed({ items }: { readonly items: readonly Drill[] }) {
  const { w } = useWords();
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{w("kind")}</th>
            <th>{w("of")}</th>
            <th>{w("starts")}</th>
            <th>{w("state")}</th>
            <th>{w("in-time")}</th>
            <th>{w("by")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((drill) => (
            <Row key={drill.id} drill={drill} />
          ))}
        </tbody>
      </table>
      <ListCut count={items.length} max={LIST_MAX} />
    </div>
  );
}

function Row({ drill }: { readonly drill: Drill }) {
  const { w } = useWords();
  const { id, kind, state, inTime, members, startsAt, createdByName, note } = drill;
  return (
    <tr>
      <td data-label={w("kind")}>
        <Link to="/drills/$id" params={{ id }}>
          <strong>{w(`kind.${kind}`)}</strong>
        </Link>
      </td>
      <td data-label={w("of")} className="wide">
        <span className="two-lines">
          <OfWhom drill={drill} />
          <span className="soft">{note}</span>
        </span>
      </td>
      <td data-label={w("starts")}>
        <Time at={startsAt} />
      </td>
      <td data-label={w("state")}>
        <span className={state === "running" ? "alert-text" : "soft"}>{w(`state.${state}`)}</span>
      </td>
      <td data-label={w("in-time")}>
        {inTime === null ? undefined : (
          <span className={inTime === members ? "" : "alert-text"}>
            {w("in-time.of", { inTime, members })}
          </span>
        )}
      </td>
      <td data-label={w("by")}>{createdByName}</td>
    </tr>
  );
}

/** The terminal's or the group's name. */
export function OfWhom({ drill }: { readonly drill: Drill }) {
  const { w } = useWords();
  const { groupName, firstName, members } = drill;
  return (
    <span>
      {groupName ?? firstName}
      {groupName === null ? undefined : (
        <span className="soft"> {w("of.members", { count: members })}</span>
      )}
    </span>
  );
}
