import { Button, Input, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import type { AlarmCase } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useSpeech } from "../i18n/language.tsx";
import { addStep, type CaseStepKind, STEP_KINDS } from "./case-queries.ts";

const TEXT_MAX = 2_000;

/** What was done next: who called, the helper sent, a note, or the end with its result. */
export function StepForm({ one }: { readonly one: AlarmCase }) {
  const { t } = useSpeech();
  const [kind, setKind] = useState<CaseStepKind>("note");
  const [text, setText] = useState("");
  const doing = useDoing();
  const isEnd = kind === "closed";
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const isDone = await doing.run(() => addStep(one, { kind, text: text.trim() }));
    if (!isDone) return;
    setText("");
    setKind("note");
  };
  return (
    <section className="card">
      <h2>{t("cases.next")}</h2>
      <form className="case-form" onSubmit={(event) => void submit(event)}>
        <Field label={t("cases.step.kind")}>
          <Select<CaseStepKind>
            aria-label={t("cases.step.kind")}
            value={kind}
            onChange={setKind}
            options={STEP_KINDS.map((value) => ({ value, label: t(`cases.step.${value}`) }))}
          />
        </Field>
        <Field label={t(`cases.text.${kind}`)}>
          <Input.TextArea
            rows={2}
            maxLength={TEXT_MAX}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </Field>
        <Refusal error={doing.error} />
        <Button
          type="primary"
          htmlType="submit"
          danger={isEnd}
          loading={doing.isBusy}
          disabled={text.trim() === ""}
        >
          {t(isEnd ? "cases.close" : "cases.add")}
        </Button>
      </form>
    </section>
  );
}
