import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { terminalQuery } from "../api/queries.ts";
import { commandName, StateMark } from "../commands/command-marks.tsx";
import { useCommandWords } from "../commands/command-words.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { askInterval, type RecoveryDetail } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

const CommandDialog = lazy(async () => ({
  default: (await import("../commands/command-dialog.tsx")).CommandDialog,
}));

interface CardProps {
  readonly one: RecoveryDetail;
}

/** What the terminal is told about how often to report, and how far that is. */
export function IntervalCard({ one }: CardProps) {
  const { w } = useWords();
  const mayWork = useMay()("recovery:write");
  const doing = useDoing();
  const { interval, intervalCommandId, intervalProblem, state, commands } = one;
  const command = commands.find(({ id }) => id === intervalCommandId);
  if (interval === null)
    return (
      <section className="card" aria-label={w("interval")}>
        <h2>{w("interval")}</h2>
        <p className="small-empty">{w("interval.none")}</p>
      </section>
    );
  const { beforeS, shortS } = interval;
  const isOver = command === undefined || (command.endedAt !== null && command.state !== "done");
  return (
    <section className="card" aria-label={w("interval")}>
      <h2>{w("interval")}</h2>
      <div className="recovery-work">
        <p>
          {state === "closed"
            ? w("interval.back", { seconds: beforeS })
            : w("interval.wanted", { seconds: shortS, before: beforeS })}
        </p>
        {command === undefined ? undefined : (
          <p>
            <StateMark of={command.state} />{" "}
            <Link to="/commands" search={{ terminal: one.address, command: command.id }}>
              {w("interval.evidence")}
            </Link>
          </p>
        )}
        {intervalProblem === null ? undefined : (
          <Alert
            type="warning"
            showIcon
            title={w("interval.problem", { problem: intervalProblem })}
          />
        )}
        {isOver && mayWork && one.isHeld ? (
          <Button loading={doing.isBusy} onClick={() => void doing.run(() => askInterval(one.id))}>
            {w("interval.again")}
          </Button>
        ) : undefined}
        <Refusal error={doing.error} />
      </div>
    </section>
  );
}

/** To stop it goes the way of any dangerous command: its envelope, a reason, a second person. */
export function StopCard({ one }: CardProps) {
  const { w, format } = useWords();
  const words = useCommandWords();
  const may = useMay();
  const profiles = useProfiles();
  const [first, setFirst] = useState<string | null>();
  const terminal = useQuery({ ...terminalQuery(one.address), enabled: one.isHeld }).data;
  const stop = profiles
    .find(one.profile)
    ?.commands.find(
      ({ name, safetyClass }) => name === "immobilise" && safetyClass === "dangerous",
    );
  if (one.state === "closed" || !one.isHeld || stop === undefined) return undefined;
  const asked = one.commands.filter(({ name }) => name === stop.name);
  return (
    <section className="card" aria-label={w("stop")}>
      <h2>{w("stop")}</h2>
      <div className="recovery-work">
        <p className="soft">{w("stop.explained")}</p>
        {asked.map((command) => (
          <p key={command.id}>
            <Link to="/commands" search={{ terminal: one.address, command: command.id }}>
              {commandName(profiles, words, command)}
            </Link>{" "}
            <StateMark of={command.state} />{" "}
            {command.state === "drafted" ? (
              <span className="soft">
                {w("stop.waits", {
                  time: format.time(command.approveBy, Date.parse(command.approveBy)),
                })}
              </span>
            ) : undefined}
          </p>
        ))}
        {may("commands:send") && terminal ? (
          <div className="recovery-buttons">
            <Button
              danger
              type="primary"
              onClick={() => {
                setFirst(stop.name);
              }}
            >
              {w("stop.do")}
            </Button>
            <Button
              onClick={() => {
                setFirst(null);
              }}
            >
              {w("stop.other")}
            </Button>
          </div>
        ) : undefined}
      </div>
      {first === undefined || terminal === undefined ? undefined : (
        <Suspense>
          <CommandDialog
            terminal={terminal}
            {...(first === null ? {} : { first })}
            close={() => {
              setFirst(undefined);
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
