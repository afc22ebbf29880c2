import { Input, Select } from "antd";
import type { ReactNode } from "react";
import { Field } from "../customers/field.tsx";
import { useBilling } from "./billing-words.ts";
import { faultWords, type PlanFault } from "./plan-draft.ts";

interface FaultyProps {
  readonly fault: PlanFault | undefined;
  /** As the API names it, such as `charges.0.model.tiers.1.upTo`. */
  readonly field: string;
  readonly label: string;
  readonly children: ReactNode;
}

/** A field with, where it is at fault, what is wrong in plain words. */
export function Faulty({ fault, field, label, children }: FaultyProps) {
  const speech = useBilling();
  const isAtFault = fault?.field === field;
  return (
    <div className={isAtFault ? "at-fault" : ""}>
      <Field label={label}>{children}</Field>
      {isAtFault ? (
        <small className="field-fault" role="alert" title={fault.detail}>
          {faultWords(speech, fault)}
        </small>
      ) : undefined}
    </div>
  );
}

interface TextFaultProps extends Omit<FaultyProps, "children"> {
  readonly value: string;
  readonly set: (text: string) => void;
  readonly isFixed?: boolean;
}

export function TextFault({ value, set, isFixed = false, ...props }: TextFaultProps) {
  return (
    <Faulty {...props}>
      <Input
        value={value}
        disabled={isFixed}
        maxLength={120}
        status={props.fault?.field === props.field ? "error" : ""}
        onChange={(event) => {
          set(event.target.value);
        }}
      />
    </Faulty>
  );
}

interface ChoiceProps<T extends string> extends Omit<FaultyProps, "children"> {
  /** Of the texts of its values. */
  readonly prefix: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly set: (value: T) => void;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { known } = useBilling();
  const { prefix, values, value, set, ...at } = props;
  return (
    <Faulty {...at}>
      <Select<T>
        value={value}
        onChange={set}
        options={values.map((one) => ({ value: one, label: known(prefix, one) }))}
      />
    </Faulty>
  );
}
