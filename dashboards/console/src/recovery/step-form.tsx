import { Button, Input, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { addStep, type RecoveryDetail, type RecoveryStepKind } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

const TEXT_MAX = 2_000;

/** A note, that it is found, or the end of the case with its result. */
export function StepForm({ one }: { readonly one: RecoveryDetail }) {
  const { w } = useWords();
  const [kind, setKind] = useState<RecoveryStepKind>("note");
  const [text, setText] = useState("");
  const doing = useDoing();
  const kinds: readonly RecoveryStepKind[] =
    one.state === "open" ? ["note", "recovered", "closed"] : ["note", "closed"];
  const isEnd = kind === "closed";
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const isDone = await doing.run(() => addStep(one, { kind, text: text.trim() }));
    if (!isDone) return;
    setText("");
    setKind("note");
  };
  return (
    <section className="card" aria-label={w("next")}>
      <h2>{w("next")}</h2>
      <form className="recovery-form" onSubmit={(event) => void submit(event)}>
        <Field label={w("step.kind")}>
          <Select<RecoveryStepKind>
            aria-label={w("step.kind")}
            value={kind}
            onChange={setKind}
            options={kinds.map((value) => ({ value, label: w(`step.${value}`) }))}
          />
        </Field>
        <Field label={w(`text.${kind}`)} {...(isEnd ? { hint: w("close.explained") } : {})}>
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
          {w(isEnd ? "step.close" : "step.add")}
        </Button>
      </form>
    </section>
  );
}
