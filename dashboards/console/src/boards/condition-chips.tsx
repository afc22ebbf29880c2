import type { countsOf } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import type { Condition } from "./boards-search.ts";
import { ConditionMark } from "./condition.tsx";

interface ChipsProps {
  /** Undefined where nobody has counted. */
  readonly of: ReturnType<typeof countsOf>;
  /** What a device of this board may be in. */
  readonly kinds: readonly Condition[];
  readonly condition: Condition | undefined;
  readonly choose: (condition: Condition | undefined) => void;
}

/** Legend, count and filter in one. */
export function ConditionChips({ of, kinds, condition, choose }: ChipsProps) {
  const { w, format } = useBoardWords();
  const counted = (kind: Condition): number =>
    of?.conditions.find((one) => one.condition === kind)?.devices ?? 0;
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
        {w("all")} {of ? <b>{format.number(of.devices)}</b> : undefined}
      </button>
      {kinds
        .filter((kind) => of === undefined || counted(kind) > 0 || kind === condition)
        .map((kind) => (
          <button
            key={kind}
            type="button"
            className="board-chip"
            aria-pressed={condition === kind}
            onClick={() => {
              choose(condition === kind ? undefined : kind);
            }}
          >
            <ConditionMark of={kind} /> {of ? <b>{format.number(counted(kind))}</b> : undefined}
          </button>
        ))}
      {of === undefined || of.energyKwh === null ? undefined : (
        <span className="soft" title={w("energy.explained")}>
          {w("energy", { energy: format.number(of.energyKwh, 0) })}
        </span>
      )}
    </div>
  );
}
