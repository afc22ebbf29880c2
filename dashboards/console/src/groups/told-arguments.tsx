import { InputNumber, Select } from "antd";
import type { GroupCommand, GroupTellable } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { useSpeech } from "../i18n/language.tsx";

export type Given = GroupCommand["arguments"];
type Argument = GroupTellable["arguments"][number];

interface ArgumentsProps {
  readonly command: GroupTellable;
  readonly given: Given;
  readonly change: (given: Given) => void;
}

export const isComplete = (command: GroupTellable, given: Given): boolean =>
  command.arguments.every(({ name }) => given[name] !== undefined);

/** What a command begins with: a yes or no says yes, a number the least, which of a duration is "for good". */
export const firstGiven = ({ arguments: all }: GroupTellable): Given =>
  Object.fromEntries(
    all.flatMap(({ name, kind, from, to, values }): [string, Given[string]][] => {
      if (kind === "bool") return [[name, true]];
      if (kind === "enum") return values[0] === undefined ? [] : [[name, values[0].name]];
      return [[name, Math.min(Math.max(0, from), to)]];
    }),
  );

export function Arguments({ command, given, change }: ArgumentsProps) {
  return command.arguments.map((argument) => (
    <ArgumentField
      key={argument.name}
      argument={argument}
      value={given[argument.name]}
      change={(value) => {
        change({ ...given, [argument.name]: value });
      }}
    />
  ));
}

interface ArgumentFieldProps {
  readonly argument: Argument;
  readonly value: Given[string] | undefined;
  readonly change: (value: Given[string]) => void;
}

function ArgumentField({ argument, value, change }: ArgumentFieldProps) {
  const { t, label, format } = useSpeech();
  const { kind, unit, from, to, step, values } = argument;
  const name = label(argument.label);
  if (kind === "uint" || kind === "int")
    return (
      <Field
        label={unit === "" ? name : `${name} (${unit})`}
        hint={t("tell.range", { from: format.number(from), to: format.number(to) })}
      >
        <InputNumber<number>
          aria-label={name}
          value={typeof value === "number" ? value : null}
          {...{ min: from, max: to, step }}
          onChange={(next) => {
            if (next !== null) change(next);
          }}
        />
      </Field>
    );
  const choices =
    kind === "bool"
      ? [
          { value: "true", label: t("tell.yes") },
          { value: "false", label: t("tell.no") },
        ]
      : values.map((one) => ({ value: one.name, label: label(one.label) }));
  return (
    <Field label={name}>
      <Select
        aria-label={name}
        value={value === undefined ? null : String(value)}
        options={choices}
        onChange={(next) => {
          change(kind === "bool" ? next === "true" : next);
        }}
      />
    </Field>
  );
}
