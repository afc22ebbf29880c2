import { Button } from "antd";
import { Icon } from "../parts/icon.tsx";
import { WORKDAYS } from "./draft.ts";
import type { Hours } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const WINDOWS_MAX = 14;

interface HoursFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly hours: readonly Hours[];
  readonly onChange: (hours: readonly Hours[]) => void;
}

/** Times of the week, each on some days from one time to another; over midnight where it ends before it begins. */
export function HoursField({ label, hint, hours, onChange }: HoursFieldProps) {
  const { w } = useWords();
  return (
    <fieldset className="plain-set field-wide hours-field">
      <legend>{label}</legend>
      {hours.map((window, at) => (
        <OneWindow
          key={at}
          window={window}
          onChange={(next) => {
            onChange(hours.with(at, next));
          }}
          onRemove={() => {
            onChange(hours.filter((_, other) => other !== at));
          }}
        />
      ))}
      <span>
        <Button
          size="small"
          disabled={hours.length >= WINDOWS_MAX}
          onClick={() => {
            onChange([...hours, WORKDAYS]);
          }}
        >
          {w("hours.add")}
        </Button>{" "}
        <small className="soft">{hint}</small>
      </span>
    </fieldset>
  );
}

interface OneWindowProps {
  readonly window: Hours;
  readonly onChange: (window: Hours) => void;
  readonly onRemove: () => void;
}

function OneWindow({ window, onChange, onRemove }: OneWindowProps) {
  const { w } = useWords();
  const turn = (day: number): void => {
    const isIn = window.days.includes(day);
    const days = isIn ? window.days.filter((each) => each !== day) : [...window.days, day].sort();
    if (days.length > 0) onChange({ ...window, days });
  };
  return (
    <div className="hours-window">
      <span className="hours-days" role="group" aria-label={w("hours.days")}>
        {DAYS.map((day) => (
          <button
            key={day}
            type="button"
            aria-pressed={window.days.includes(day)}
            onClick={() => {
              turn(day);
            }}
          >
            {w(`day.${day}`)}
          </button>
        ))}
      </span>
      {(["from", "to"] as const).map((end) => (
        <input
          key={end}
          type="time"
          aria-label={w(`hours.${end}`)}
          value={window[end]}
          onChange={({ target: { value } }) => {
            if (value !== "") onChange({ ...window, [end]: value.slice(0, 5) });
          }}
        />
      ))}
      <Button
        size="small"
        type="text"
        aria-label={w("hours.remove")}
        icon={<Icon name="close" size={14} />}
        onClick={onRemove}
      />
    </div>
  );
}
