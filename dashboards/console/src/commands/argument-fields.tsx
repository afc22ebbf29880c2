import { InputNumber, Select } from "antd";
import type { ProfileCommand } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { useCommandWords } from "./command-words.ts";
import type { Given } from "./draft.ts";

type Argument = ProfileCommand["arguments"][number];
type Value = Given[string];

interface ArgumentFieldsProps {
  readonly command: ProfileCommand;
  readonly given: Given;
  readonly change: (given: Given) => void;
}

/** A field for each argument; none has a value before somebody chose it. */
export function ArgumentFields({ command, given, change }: ArgumentFieldsProps) {
  return command.arguments.map((argument) => (
    <ArgumentField
      key={argument.name}
      argument={argument}
      value={given[argument.name]}
      change={(value) => {
        const others = Object.entries(given).filter(([name]) => name !== argument.name);
        const own = value === undefined ? [] : [[argument.name, value] as const];
        change(Object.fromEntries([...others, ...own]));
      }}
    />
  ));
}

export const isComplete = (command: ProfileCommand, given: Given): boolean =>
  command.arguments.every(({ name }) => given[name] !== undefined);

interface ArgumentFieldProps {
  readonly argument: Argument;
  readonly value: Value | undefined;
  readonly change: (value: Value | undefined) => void;
}

function ArgumentField({ argument, value, change }: ArgumentFieldProps) {
  const { w, label, format } = useCommandWords();
  const { unit, minimum, maximum, step } = argument;
  const name = label(argument.label);
  const choices = choicesOf(argument, { yes: w("send.yes"), no: w("send.no"), label });
  if (choices !== undefined)
    return (
      <Field label={name}>
        <Select
          aria-label={name}
          value={value === undefined ? null : String(value)}
          onChange={(next) => {
            change(argument.kind === "bool" ? next === "true" : next);
          }}
          options={choices}
        />
      </Field>
    );
  const range =
    minimum === undefined || maximum === undefined
      ? {}
      : { hint: w("send.range", { from: format.number(minimum), to: format.number(maximum) }) };
  return (
    <Field label={unit === "" ? name : `${name} (${unit})`} {...range}>
      <InputNumber
        aria-label={name}
        value={typeof value === "number" ? value : null}
        {...(minimum === undefined ? {} : { min: minimum })}
        {...(maximum === undefined ? {} : { max: maximum })}
        {...(step === undefined ? {} : { step })}
        onChange={(next) => {
          change(next ?? undefined);
        }}
      />
    </Field>
  );
}

interface Choosing {
  readonly yes: string;
  readonly no: string;
  readonly label: (label: Argument["label"]) => string;
}

function choicesOf(
  { kind, values = [], valueLabels = [] }: Argument,
  { yes, no, label }: Choosing,
) {
  if (kind === "bool")
    return [
      { value: "true", label: yes },
      { value: "false", label: no },
    ];
  if (kind !== "enum") return undefined;
  return values.map((value, at) => {
    const named = valueLabels[at];
    return { value, label: named ? label(named) : value };
  });
}
