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

type Told = RecoveryDetail["commands"][number];

/** What could not be taken back any more when the case was closed, and may stop the vehicle after it. */
const isLate = ({ closedAt, openStops }: RecoveryDetail, { id, state, endedAt }: Told): boolean =>
  closedAt !== null &&
  (openStops.includes(id) || (state === "done" && endedAt !== null && endedAt > closedAt));

/** To stop it goes the way of any dangerous command: its envelope, a reason, a second person. */
export function StopCard({ one }: CardProps) {
  const { w } = useWords();
  const profiles = useProfiles();
  const stop = profiles
    .find(one.profile)
    ?.commands.find(
      ({ name, safetyClass }) => name === "immobilise" && safetyClass === "dangerous",
    );
  const asked = one.commands.filter(
    ({ safetyClass, isDrill }) => safetyClass === "dangerous" && !isDrill,
  );
  const hasLate = asked.some((command) => isLate(one, command));
  const isOpen = one.state !== "closed" && one.isHeld;
  if (stop === undefined || (!isOpen && !hasLate)) return undefined;
  return (
    <section className="card" aria-label={w("stop")}>
      <h2>{w("stop")}</h2>
      <div className="recovery-work">
        {hasLate ? (
          <Alert type="warning" showIcon title={w("stop.late")} />
        ) : (
          <p className="soft">{w("stop.explained")}</p>
        )}
        {asked.map((command) => (
          <Asked key={command.id} command={command} />
        ))}
        <StopButtons
          one={one}
          {...(isOpen ? { stop: stop.name } : {})}
          mayRestore={asked.some(({ endedAt, state }) => endedAt === null || state === "done")}
        />
      </div>
    </section>
  );
}

function Asked({ command }: { readonly command: Told }) {
  const { w, format } = useWords();
  const words = useCommandWords();
  const profiles = useProfiles();
  return (
    <p>
      <Link to="/commands" search={{ terminal: command.address, command: command.id }}>
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
  );
}

interface StopButtonsProps extends CardProps {
  /** Left out where the case is over: then it can only be restored. */
  readonly stop?: string;
  readonly mayRestore: boolean;
}

function StopButtons({ one, stop, mayRestore }: StopButtonsProps) {
  const { w } = useWords();
  const may = useMay();
  const [first, setFirst] = useState<string | null>();
  const terminal = useQuery({ ...terminalQuery(one.address), enabled: one.isHeld }).data;
  if (!may("commands:send") || terminal === undefined) return undefined;
  const ask = (name: string | null, title: string, isDanger = false) => (
    <Button
      {...(isDanger ? { danger: true, type: "primary" as const } : {})}
      onClick={() => {
        setFirst(name);
      }}
    >
      {title}
    </Button>
  );
  return (
    <div className="recovery-buttons">
      {stop === undefined ? undefined : ask(stop, w("stop.do"), true)}
      {mayRestore ? ask("restore", w("stop.restore")) : undefined}
      {stop === undefined ? undefined : ask(null, w("stop.other"))}
      {first === undefined ? undefined : (
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
    </div>
  );
}
