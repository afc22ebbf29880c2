import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress, Select } from "antd";
import { useState } from "react";
import { Refusal } from "../customers/refusal.tsx";
import { useMe } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Bars } from "./bars.tsx";
import type { RuleSpec } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";
import { barsOf, perDay, TRIAL_TERMINALS_MAX } from "./trial.ts";
import { type TrialRun, useTrial } from "./use-trial.ts";

const STRETCHES = [1, 7, 31] as const;
const DEVICES_SHOWN = 10;
const ALARMS_SHOWN = 10;

/** `spec`: the rule as it stands; undefined while anything is wrong with it. */
export function TrialCard({ spec }: { readonly spec: RuleSpec | undefined }) {
  const { w } = useWords();
  const [days, setDays] = useState<(typeof STRETCHES)[number]>(7);
  const { run, start, stop } = useTrial();
  const isRunning = run?.state === "running";
  return (
    <section className="card rule-part" aria-label={w("trial")}>
      <h2>{w("trial")}</h2>
      <div className="trial">
        <p className="soft">{w("trial.detail")}</p>
        <div className="form-buttons">
          <Select
            aria-label={w("trial.stretch")}
            value={days}
            disabled={isRunning}
            onChange={setDays}
            options={STRETCHES.map((value) => ({ value, label: w(`trial.days.${value}`) }))}
          />
          {isRunning ? (
            <Button onClick={stop}>{w("trial.stop")}</Button>
          ) : (
            <Button
              disabled={spec === undefined}
              onClick={() => {
                if (spec) void start(spec, days);
              }}
            >
              {w("trial.start")}
            </Button>
          )}
          {spec === undefined && !isRunning ? (
            <small className="soft">{w("trial.not.ready")}</small>
          ) : undefined}
        </div>
        {run === undefined ? undefined : <Run run={run} />}
      </div>
    </section>
  );
}

function Run({ run }: { readonly run: TrialRun }) {
  const { w, format } = useWords();
  const { trial, state, error } = run;
  const { looked, ofTerminals, reports } = trial;
  const number = (value: number): string => format.number(value);
  return (
    <>
      {state === "running" ? (
        <div role="status">
          <Progress
            size="small"
            showInfo={false}
            percent={ofTerminals === 0 ? 0 : (100 * looked) / ofTerminals}
          />
          <small className="soft">
            {w("trial.progress", {
              looked: number(looked),
              all: number(ofTerminals),
              reports: number(reports),
            })}
          </small>
        </div>
      ) : undefined}
      <Refusal error={error} />
      <Notes run={run} />
      <Found run={run} />
    </>
  );
}

function Notes({ run: { trial, state } }: { readonly run: TrialRun }) {
  const { w, format } = useWords();
  const values = {
    looked: format.number(trial.looked),
    all: format.number(trial.ofTerminals),
    max: format.number(TRIAL_TERMINALS_MAX),
  };
  return (
    <>
      {state === "stopped" ? <Alert type="info" title={w("trial.stopped", values)} /> : undefined}
      {state === "limited" ? <Alert type="warning" title={w("trial.limit", values)} /> : undefined}
      {trial.isCut ? <Alert type="warning" title={w("trial.cut")} /> : undefined}
    </>
  );
}

function Found({ run }: { readonly run: TrialRun }) {
  const { w, format, language } = useWords();
  const timeZone = useMe().user?.timeZone;
  const { trial, state, fromMs, toMs } = run;
  const { told, terminals, reports, byTerminal } = trial;
  if (told === 0) {
    if (state === "running") return undefined;
    const values = { reports: format.number(reports), terminals: format.number(terminals) };
    return (
      <div role="status">
        <h3>{w(terminals === 0 ? "trial.empty" : "trial.none")}</h3>
        <p className="soft">
          {w(terminals === 0 ? "trial.empty.detail" : "trial.none.detail", values)}
        </p>
      </div>
    );
  }
  const day = new Intl.DateTimeFormat(language, { dateStyle: "short", timeZone });
  return (
    <>
      <p role="status">
        <strong>
          {w("trial.sum", {
            told: format.number(told),
            daily: format.number(perDay(told, fromMs, toMs), 1),
            devices: format.number(byTerminal.length),
          })}
        </strong>
      </p>
      <Bars
        bars={barsOf(trial, run, (ms) => day.format(ms))}
        fromMs={fromMs}
        toMs={toMs}
        timeZone={timeZone}
      />
      <Devices run={run} />
      <Alarms run={run} />
    </>
  );
}

function Devices({ run: { trial } }: { readonly run: TrialRun }) {
  const { w, format } = useWords();
  const more = trial.byTerminal.length - DEVICES_SHOWN;
  return (
    <>
      <h3>{w("trial.devices")}</h3>
      <ul className="trial-rows">
        {trial.byTerminal.slice(0, DEVICES_SHOWN).map(({ address, terminalName, told }) => (
          <li key={address}>
            <Link to="/terminals/$address" params={{ address: String(address) }}>
              {terminalName}
            </Link>
            <span>{w("trial.times", { told: format.number(told) })}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="soft">{w("trial.devices.more", { count: format.number(more) })}</p>
      ) : undefined}
    </>
  );
}

function Alarms({ run: { trial } }: { readonly run: TrialRun }) {
  const { w, format } = useWords();
  return (
    <>
      <h3>{w("trial.alarms")}</h3>
      <ul className="trial-rows">
        {trial.alarms
          .slice(0, ALARMS_SHOWN)
          .map(({ address, terminalName, openedAt, clearedAt, repeats }) => (
            <li key={`${address} ${openedAt}`}>
              <span>
                <Time at={openedAt} /> · {terminalName}
              </span>
              <span className="soft">
                {clearedAt === null
                  ? w("trial.alarm.open")
                  : format.duration(Date.parse(clearedAt) - Date.parse(openedAt))}
                {repeats === 0 ? "" : ` · ${w("trial.alarm.repeats", { count: repeats })}`}
              </span>
            </li>
          ))}
      </ul>
    </>
  );
}
