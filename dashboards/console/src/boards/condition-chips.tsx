import type { BoardGroup } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import type { Condition } from "./boards-search.ts";
import { ConditionMark } from "./condition.tsx";

interface ChipsProps {
  readonly of: Pick<BoardGroup, "conditions" | "devices" | "energyKwh">;
  readonly condition: Condition | undefined;
  readonly choose: (condition: Condition | undefined) => void;
}

/** Legend, count and filter in one. */
export function ConditionChips({ of, condition, choose }: ChipsProps) {
  const { w, format } = useBoardWords();
  const { conditions, devices, energyKwh } = of;
  return (
    <div className="board-chips" role="group" aria-label={w("conditions")}>
      <button
        type="button"
        className="board-chip"
        aria-pressed={condition === undefined}
        onClick={() => {
          choose(undefined);
        }}
      >
        {w("all")} <b>{format.number(devices)}</b>
      </button>
      {conditions
        .filter((one) => one.devices > 0 || one.condition === condition)
        .map((one) => (
          <button
            key={one.condition}
            type="button"
            className="board-chip"
            aria-pressed={condition === one.condition}
            onClick={() => {
              choose(condition === one.condition ? undefined : one.condition);
            }}
          >
            <ConditionMark of={one.condition} /> <b>{format.number(one.devices)}</b>
          </button>
        ))}
      {energyKwh === null ? undefined : (
        <span className="soft" title={w("energy.explained")}>
          {w("energy", { energy: format.number(energyKwh, 0) })}
        </span>
      )}
    </div>
  );
}
