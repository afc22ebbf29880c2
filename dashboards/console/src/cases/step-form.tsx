import "./cases.css";
import { Button, Input, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";

const TEXT_MAX = 2_000;

type StepKind<K extends string> = K | "note" | "closed";

interface StepFormProps<K extends string> {
  readonly kinds: readonly StepKind<K>[];
  readonly words: {
    readonly title: string;
    readonly kind: string;
    readonly kindOf: (kind: StepKind<K>) => string;
    readonly textOf: (kind: StepKind<K>) => string;
    /** What the end brings with it. */
    readonly endHint?: string;
    readonly add: string;
    readonly close: string;
  };
  readonly add: (step: { readonly kind: StepKind<K>; readonly text: string }) => Promise<unknown>;
}

/** What was done next in a case: a note, its end with the result, or what else its kind has. */
export function StepForm<K extends string>({ kinds, words, add }: StepFormProps<K>) {
  const [kind, setKind] = useState<StepKind<K>>("note");
  const [text, setText] = useState("");
  const doing = useDoing();
  const isEnd = kind === "closed";
  const hint = isEnd ? words.endHint : undefined;
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const isDone = await doing.run(() => add({ kind, text: text.trim() }));
    if (!isDone) return;
    setText("");
    setKind("note");
  };
  return (
    <section className="card" aria-label={words.title}>
      <h2>{words.title}</h2>
      <form className="case-form" onSubmit={(event) => void submit(event)}>
        <Field label={words.kind}>
          <Select<StepKind<K>>
            aria-label={words.kind}
            value={kind}
            onChange={setKind}
            options={kinds.map((value) => ({ value, label: words.kindOf(value) }))}
          />
        </Field>
        <Field label={words.textOf(kind)} {...(hint === undefined ? {} : { hint })}>
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
          {isEnd ? words.close : words.add}
        </Button>
      </form>
    </section>
  );
}
