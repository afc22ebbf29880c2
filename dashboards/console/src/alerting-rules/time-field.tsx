import { InputNumber, Select } from "antd";
import { useState } from "react";
import { Field } from "../customers/field.tsx";
import { useWords } from "./rule-words.ts";
import { TIME_UNITS, UNIT_S, unitOf } from "./seconds.ts";

const WEEK_S = 604_800;

interface TimeFieldProps {
  readonly label: string;
  readonly hint?: string;
  /** Seconds. */
  readonly value: number | null;
  readonly min?: number;
  readonly onChange: (seconds: number | null) => void;
}

/** A length of time in the unit that one likes; up to a week. */
export function TimeField({ label, hint, value, min = 0, onChange }: TimeFieldProps) {
  const { w } = useWords();
  const [unit, setUnit] = useState(() => unitOf(value));
  const factor = UNIT_S[unit];
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <span className="time-field">
        <InputNumber<number>
          aria-label={label}
          value={value === null ? null : value / factor}
          min={min / factor}
          max={WEEK_S / factor}
          placeholder={w("unset")}
          onChange={(next) => {
            onChange(next === null ? null : Math.round(next * factor));
          }}
        />
        <Select
          aria-label={w("unit.of", { name: label })}
          value={unit}
          onChange={setUnit}
          options={TIME_UNITS.map((each) => ({ value: each, label: w(`unit.${each}`) }))}
        />
      </span>
    </Field>
  );
}
