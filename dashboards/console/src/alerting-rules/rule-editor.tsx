import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { type Doing, useDoing } from "../customers/use-doing.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { useSettled } from "../time/use-now.ts";
import { commonFields, distinct } from "./cel-help.ts";
import { type Draft, type Gap, POINTS_MAX, specOf, type Written } from "./draft.ts";
import { RuleForm } from "./rule-form.tsx";
import { checkQuery, type RuleProblem, type RuleSpec } from "./rule-queries.ts";
import { problemText, useWords } from "./rule-words.ts";
import { TrialCard } from "./trial-card.tsx";

const SETTLE_MS = 350;

interface RuleEditorProps {
  readonly start: Draft;
  readonly okText: string;
  /** Undefined: it may be tried and looked at, but not saved. */
  readonly save: ((spec: RuleSpec, reason: string) => Promise<void>) | undefined;
  /** What stands beside the form below the trial. */
  readonly children?: ReactNode;
}

/** Writes a rule: checked while it is typed, tried on the past, saved. */
export function RuleEditor({ start, okText, save, children }: RuleEditorProps) {
  const { all } = useProfiles();
  const [draft, setDraft] = useState(start);
  const written = useMemo(() => specOf(draft), [draft]);
  const { problems, error } = useProblems(written.spec);
  const fields = useMemo(
    () => commonFields(all.filter(({ name }) => draft.profiles.includes(name))),
    [all, draft.profiles],
  );
  const isRight = problems?.length === 0;
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  return (
    <div className="card-columns rule-columns">
      <div>
        <RuleForm draft={draft} set={set} fields={fields} problems={problems} />
        <Left draft={draft} written={written} problems={problems} error={error} />
        {save === undefined ? undefined : (
          <SaveCard
            okText={okText}
            spec={isRight && !written.gaps.has("title") ? written.spec : undefined}
            save={save}
          />
        )}
      </div>
      <div>
        <TrialCard spec={isRight ? written.spec : undefined} />
        {children}
      </div>
    </div>
  );
}

/** What is wrong with the rule as it stands; undefined while that is not known. */
function useProblems(spec: RuleSpec | undefined) {
  const settled = useSettled(spec, SETTLE_MS);
  const { data, error } = useQuery(checkQuery(settled));
  const isNow = settled === spec && spec !== undefined;
  return { problems: isNow ? data?.problems : undefined, error: isNow ? error : null };
}

interface LeftProps {
  readonly draft: Draft;
  readonly written: Written;
  readonly problems: readonly RuleProblem[] | undefined;
  readonly error: unknown;
}

const EXPRESSION = /^signal\.(condition|clear|parked|disarmed)$/;

/** What keeps the rule from being saved, where no field says it already. */
function Left({ draft, written, problems = [], error }: LeftProps) {
  const { w, format } = useWords();
  const gapText = (gap: Gap): string =>
    w(`gap.${gap}`, { count: format.number(draft.points.length), max: POINTS_MAX });
  const others = distinct(problems).filter(({ path }) => !EXPRESSION.test(path));
  const isTooMuch = written.gaps.has("points-many");
  const gaps = [...written.gaps];
  return (
    <>
      <Refusal error={error} />
      {others.map((problem) => (
        <Alert
          key={JSON.stringify(problem)}
          type="error"
          showIcon
          role="alert"
          title={problemText(w, problem)}
        />
      ))}
      {gaps.length === 0 ? undefined : (
        <Alert
          type={isTooMuch ? "error" : "info"}
          role={isTooMuch ? "alert" : "status"}
          title={`${isTooMuch ? "" : `${w("gaps")}: `}${gaps.map(gapText).join(" · ")}`}
        />
      )}
    </>
  );
}

interface SaveCardProps {
  readonly okText: string;
  readonly spec: RuleSpec | undefined;
  readonly save: (spec: RuleSpec, reason: string) => Promise<void>;
}

function SaveCard({ okText, spec, save }: SaveCardProps) {
  const { w } = useWords();
  const [reason, setReason] = useState("");
  const doing: Doing = useDoing();
  return (
    <section className="card rule-part">
      <div className="trial">
        <Field label={w("reason")}>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        <Refusal error={doing.error} />
        <div className="form-buttons">
          <Button
            type="primary"
            loading={doing.isBusy}
            disabled={spec === undefined}
            onClick={() => {
              if (spec) void doing.run(() => save(spec, reason.trim()));
            }}
          >
            {okText}
          </Button>
          <small className="soft">{w("untried.hint")}</small>
        </div>
      </div>
    </section>
  );
}
