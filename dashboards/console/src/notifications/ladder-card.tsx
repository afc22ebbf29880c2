import { useQuery } from "@tanstack/react-query";
import { Button, InputNumber, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import {
  type Ladder,
  type LadderTarget,
  ladderQuery,
  SEVERITIES,
  type Severity,
} from "./notification-queries.ts";
import { useAttempt } from "./use-attempt.tsx";

const STEPS_MAX = 10;
const STEP_MINUTES = 10;
const MINUTES_MAX = 10_080;

interface LadderCardProps {
  readonly customerId: string | null;
}

export function LadderCard({ customerId }: LadderCardProps) {
  const { t } = useSpeech();
  const query = useQuery(ladderQuery(customerId));
  return (
    <section className="card account-card">
      <h2>{t("ladder.title")}</h2>
      <Loaded query={query} rows={6}>
        {(ladder) => <LadderForm ladder={ladder} customerId={customerId} />}
      </Loaded>
    </section>
  );
}

interface LadderFormProps extends LadderCardProps {
  readonly ladder: Ladder;
}

function LadderForm({ ladder, customerId }: LadderFormProps) {
  const { t } = useSpeech();
  const mayWrite = useMay()("notifications:write");
  const [given, setGiven] = useState(ladder);
  const { attempt, told } = useAttempt();
  const save = async (): Promise<void> => {
    await attempt(t("form.saved"), () => putLadder(customerId, given, ladder.version));
    await queryClient.invalidateQueries({ queryKey: ["ladder"] });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {ladder.version === 0 ? <p className="soft">{t("ladder.standard")}</p> : undefined}
      <div className="field-row">
        <label htmlFor="ladder-severities">{t("ladder.severities")}</label>
        <Select<Severity[]>
          id="ladder-severities"
          mode="multiple"
          disabled={!mayWrite}
          value={given.severities}
          onChange={(severities) => {
            setGiven({ ...given, severities });
          }}
          options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        />
      </div>
      <Steps given={given} setGiven={setGiven} mayWrite={mayWrite} />
      <p className="soft">{t("ladder.ends")}</p>
      {told}
      {mayWrite ? (
        <Button type="primary" htmlType="submit">
          {t("form.save")}
        </Button>
      ) : undefined}
    </form>
  );
}

function putLadder(customerId: string | null, given: Ladder, version: number): Promise<Ladder> {
  const { name, severities, repeatMinutes, steps } = given;
  const body = { name, severities, repeatMinutes, steps };
  const headers = { "If-Match": `"${version}"` };
  if (customerId === null) return answerOf(api.PUT("/api/ladder", { body, headers }));
  const params = { path: { id: customerId } };
  return answerOf(api.PUT("/api/customers/{id}/ladder", { params, body, headers }));
}

interface StepsProps {
  readonly given: Ladder;
  readonly setGiven: (given: Ladder) => void;
  readonly mayWrite: boolean;
}

function Steps({ given, setGiven, mayWrite }: StepsProps) {
  const { t } = useSpeech();
  const { steps } = given;
  const add = (): void => {
    const afterMinutes = (steps.at(-1)?.afterMinutes ?? 0) + STEP_MINUTES;
    const targets: LadderTarget[] = [{ kind: "administrators" }];
    setGiven({ ...given, steps: [...steps, { afterMinutes, targets }] });
  };
  return (
    <>
      {steps.map((step, at) => (
        <Step
          key={at}
          number={at + 1}
          step={step}
          people={given.people}
          mayWrite={mayWrite}
          set={(changed) => {
            setGiven({ ...given, steps: steps.map((each, i) => (i === at ? changed : each)) });
          }}
          remove={
            steps.length === 1
              ? undefined
              : () => {
                  setGiven({ ...given, steps: steps.filter((_, i) => i !== at) });
                }
          }
        />
      ))}
      <div className="field-row">
        <label htmlFor="ladder-repeat">{t("ladder.repeat")}</label>
        <InputNumber
          id="ladder-repeat"
          min={5}
          max={MINUTES_MAX}
          disabled={!mayWrite}
          value={given.repeatMinutes}
          onChange={(value) => {
            if (value !== null) setGiven({ ...given, repeatMinutes: value });
          }}
        />
      </div>
      {mayWrite && steps.length < STEPS_MAX ? (
        <p className="form-buttons">
          <Button size="small" onClick={add}>
            {t("ladder.add")}
          </Button>
        </p>
      ) : undefined}
    </>
  );
}

interface StepProps {
  readonly number: number;
  readonly step: Ladder["steps"][number];
  readonly people: Ladder["people"];
  readonly mayWrite: boolean;
  readonly set: (step: Ladder["steps"][number]) => void;
  readonly remove: (() => void) | undefined;
}

/** A target as one word for a list of choices, and back. */
const wordOf = ({ kind, id }: LadderTarget): string =>
  kind === "user" ? `user:${id ?? ""}` : kind;
const KINDS = ["told", "on-call", "administrators"] as const;
const targetOf = (word: string): LadderTarget => {
  const kind = KINDS.find((each) => each === word);
  return kind === undefined ? { kind: "user", id: word.slice("user:".length) } : { kind };
};

function Step({ number, step, people, mayWrite, set, remove }: StepProps) {
  const { t } = useSpeech();
  const { afterMinutes, targets } = step;
  const id = `ladder-step-${number}`;
  return (
    <fieldset className="ladder-step" disabled={!mayWrite}>
      <legend>{t("ladder.step", { number })}</legend>
      <label htmlFor={`${id}-after`}>
        {t("ladder.after")}
        <InputNumber
          id={`${id}-after`}
          min={0}
          max={MINUTES_MAX}
          disabled={!mayWrite}
          value={afterMinutes}
          onChange={(value) => {
            if (value !== null) set({ ...step, afterMinutes: value });
          }}
        />
      </label>
      <label htmlFor={`${id}-tell`} className="ladder-tell">
        {t("ladder.tell")}
        <Select<string[]>
          id={`${id}-tell`}
          mode="multiple"
          disabled={!mayWrite}
          value={targets.map(wordOf)}
          onChange={(words) => {
            set({ ...step, targets: words.map(targetOf) });
          }}
          options={[
            ...KINDS.map((value) => ({ value, label: t(`ladder.${value}`) })),
            ...people.map((person) => ({ value: `user:${person.id}`, label: person.name })),
          ]}
        />
      </label>
      {mayWrite && remove !== undefined ? (
        <Button size="small" aria-label={t("ladder.remove", { number })} onClick={remove}>
          {t("oncall.remove")}
        </Button>
      ) : undefined}
    </fieldset>
  );
}
