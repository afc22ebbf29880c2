import "../notifications/notifications.css";
import "../customers/customers.css";
import "./rules.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { TerminalChoice } from "../assets/choices.tsx";
import { Field } from "../customers/field.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useSettled } from "../time/use-now.ts";
import { rulesOfProfileQuery, type WhyNot, whyNotQuery } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";

const SETTLE_MS = 200;

/** Of one rule: which terminal is asked about is chosen. */
export function WhyNotCard({ rule, profile }: { readonly rule: string; readonly profile: string }) {
  const { w } = useWords();
  const [terminal, choose] = useState<number>();
  return (
    <section className="card rule-part" aria-label={w("why")}>
      <h2>{w("why")}</h2>
      <div className="trial">
        <p className="soft">{w("why.detail")}</p>
        <Field label={w("why.terminal")}>
          <TerminalChoice
            {...(terminal === undefined ? {} : { value: terminal })}
            onChange={choose}
          />
        </Field>
        {terminal === undefined ? undefined : (
          <Answer rule={rule} terminal={terminal} profile={profile} />
        )}
      </div>
    </section>
  );
}

interface TerminalWhyNotProps {
  readonly terminal: number;
  readonly profile: string;
}

/** Of one terminal: which rule is asked about is chosen. */
export function TerminalWhyNot({ terminal, profile }: TerminalWhyNotProps) {
  const { w, label } = useWords();
  const [text, setText] = useState("");
  const [rule, choose] = useState<string>();
  const query = useQuery(rulesOfProfileQuery(profile, useSettled(text.trim(), SETTLE_MS)));
  const rules = query.data?.items ?? [];
  return (
    <section className="section" aria-label={w("why")}>
      <h2>{w("why")}</h2>
      <div className="trial">
        <p className="soft">{w("why.detail")}</p>
        <Select<string>
          aria-label={w("why.rule")}
          placeholder={w("why.rule.choose")}
          showSearch={{ filterOption: false, onSearch: setText }}
          notFoundContent={query.data === undefined ? null : w("why.none")}
          value={rule ?? null}
          onChange={(id) => {
            choose(id);
          }}
          options={rules.map(({ id, spec }) => ({ value: id, label: label(spec.title) }))}
        />
        {rule === undefined ? undefined : (
          <Answer rule={rule} terminal={terminal} profile={profile} />
        )}
      </div>
    </section>
  );
}

interface AnswerProps extends TerminalWhyNotProps {
  readonly rule: string;
}

function Answer({ rule, terminal, profile }: AnswerProps) {
  const { w } = useWords();
  const query = useQuery(whyNotQuery(rule, terminal));
  if (query.error instanceof ApiError && query.error.status === 404)
    return <p role="status">{w("why.missing")}</p>;
  return (
    <Loaded query={query} rows={3}>
      {(answer) => <Reasons answer={answer} profile={profile} />}
    </Loaded>
  );
}

interface ReasonsProps {
  readonly answer: WhyNot;
  readonly profile: string;
}

function Reasons({ answer, profile }: ReasonsProps) {
  const { w } = useWords();
  const profiles = useProfiles();
  const { reason, alarmId, values, dueAt, nearest } = answer;
  return (
    <div role="status" className="why-answer">
      <strong>{w(`why.reason.${reason}`)}</strong>
      {alarmId === null ? undefined : (
        <Link to="/alarms" search={{ alarm: alarmId }}>
          {w("why.alarm")}
        </Link>
      )}
      <dl className="facts-list">
        {values.map(({ name, value, measuredAt }) => (
          <div key={name} className="why-value">
            <dt>{profiles.fieldLabel(profile, name)}</dt>
            <dd>
              {value === null ? w("why.value.none") : profiles.value(profile, name, value)}{" "}
              {measuredAt === null ? undefined : (
                <span className="soft">
                  <Time at={measuredAt} />
                </span>
              )}
            </dd>
          </div>
        ))}
        {nearest === null ? undefined : (
          <div className="why-value">
            <dt>{w("why.nearest")}</dt>
            <dd>
              {w("why.nearest.text", {
                field: profiles.fieldLabel(profile, nearest.field),
                would: profiles.value(profile, nearest.field, nearest.would),
                now: profiles.value(profile, nearest.field, nearest.now),
              })}
            </dd>
          </div>
        )}
        {dueAt === null ? undefined : (
          <div className="why-value">
            <dt>{w("why.due")}</dt>
            <dd>
              <Time at={dueAt} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
