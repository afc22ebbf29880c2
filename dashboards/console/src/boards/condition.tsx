import type { Marker } from "../map/fleet-map.ts";
import { useBoardWords } from "./board-words.ts";
import type { Condition } from "./boards-search.ts";

/** How a condition is coloured, on the map and in lists alike. */
export const TONES: Readonly<Record<Condition, Marker["state"]>> = {
  ...({ lit: "fresh", armed: "fresh", dim: "stale", disarmed: "stale" } as const),
  ...({ fault: "alert", sounding: "alert", dark: "idle", silent: "silent" } as const),
  unknown: "silent",
};

export function ConditionMark({ of }: { readonly of: Condition }) {
  const { w } = useBoardWords();
  return (
    <span
      className={`board-condition ${TONES[of] === "alert" ? "alert-text" : ""}`}
      title={of === "silent" ? w("silent.explained") : undefined}
    >
      <i className={`dot dot-${TONES[of]}`} aria-hidden="true" /> {w(`condition.${of}`)}
    </span>
  );
}

interface BarProps {
  readonly conditions: readonly { readonly condition: Condition; readonly devices: number }[];
}

/** What share is in which condition; the counts stand beside it. */
export function ConditionBar({ conditions }: BarProps) {
  return (
    <span className="roll-bar board-bar" aria-hidden="true">
      {conditions.map(({ condition, devices }) =>
        devices === 0 ? undefined : (
          <i key={condition} className={`dot-${TONES[condition]}`} style={{ flexGrow: devices }} />
        ),
      )}
    </span>
  );
}
