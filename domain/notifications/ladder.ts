import { InvalidInputError } from "../../base/errors.ts";
import type { Occasion } from "./occasion.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

/** `told`: those who were told first. `on-call`: whose shift it is then. `administrators`: of the operator. */
export type LadderTarget =
  | { readonly kind: "told" | "on-call" | "administrators" }
  | { readonly kind: "user"; readonly id: string };

export interface LadderStep {
  /** Since the alarm was raised. */
  readonly afterMinutes: number;
  readonly targets: readonly LadderTarget[];
}

/** Who is told when nobody acknowledges. After the last step it is repeated until somebody does. */
export interface Ladder {
  readonly severities: readonly Severity[];
  readonly repeatMinutes: number;
  readonly steps: readonly LadderStep[];
}

/** What is told again, and the names of whom it was told to. */
export interface Escalated extends Occasion {
  readonly told: readonly string[];
}

export interface LadderPlace {
  readonly step: number;
  /** 0 the first time. */
  readonly repeat: number;
}

export const STEPS_MAX = 10;
export const MINUTES_MAX = 7 * 1_440;
/** Of the last step: two days at the shortest repetition. Then the log says that nobody came. */
export const REPEATS_MAX = 576;

const MINUTE_MS = 60_000;

/** Without any set-up: the same people once more, whoever is on call, and at last the administrators. */
export const DEFAULT_LADDER: Ladder = {
  severities: ["critical"],
  repeatMinutes: 15,
  steps: [
    { afterMinutes: 5, targets: [{ kind: "told" }] },
    { afterMinutes: 10, targets: [{ kind: "told" }, { kind: "on-call" }] },
    { afterMinutes: 20, targets: [{ kind: "on-call" }, { kind: "administrators" }] },
  ],
};

const isPerson = ({ kind }: LadderTarget): boolean => kind === "user" || kind === "administrators";

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanLadder(ladder: Ladder): Ladder {
  const { steps, repeatMinutes } = ladder;
  if (steps.length === 0 || steps.length > STEPS_MAX)
    throw new InvalidInputError("steps", `a ladder has 1 to ${STEPS_MAX} steps`);
  if (!Number.isInteger(repeatMinutes) || repeatMinutes < 5 || repeatMinutes > MINUTES_MAX)
    throw new InvalidInputError("repeatMinutes", `repeatMinutes is from 5 to ${MINUTES_MAX}`);
  requireOrdered(steps);
  // a calendar may have a hole, and those told first did not answer
  if (!steps.at(-1)?.targets.some(isPerson))
    throw new InvalidInputError(
      `steps.${steps.length - 1}.targets`,
      "the last step names a person, or the administrators: an escalation ends at somebody",
    );
  return { ...ladder, severities: SEVERITIES.filter((each) => ladder.severities.includes(each)) };
}

/** The first place of the ladder, and when it is due, in ms since the Unix epoch. */
export const firstPlace = (
  ladder: Ladder,
  openedAtMs: number,
): { place: LadderPlace; dueMs: number } => ({
  place: { step: 0, repeat: 0 },
  dueMs: openedAtMs + (ladder.steps[0]?.afterMinutes ?? 0) * MINUTE_MS,
});

/**
 * The place after this one, which was told at `toldMs`; undefined when the ladder has no more to give. Due in the past
 * where the programme was down: it is then told at once, one place after the other. A drill goes up once and no more.
 */
export function nextPlace(
  ladder: Ladder,
  openedAtMs: number,
  { step, repeat }: LadderPlace,
  { toldMs, isDrill }: { readonly toldMs: number; readonly isDrill: boolean },
): { place: LadderPlace; dueMs: number } | undefined {
  const next = ladder.steps[step + 1];
  if (next !== undefined)
    return {
      place: { step: step + 1, repeat: 0 },
      // never two steps within a minute: whoever was just told has that to answer
      dueMs: Math.max(openedAtMs + next.afterMinutes * MINUTE_MS, toldMs + MINUTE_MS),
    };
  if (isDrill || repeat >= REPEATS_MAX) return undefined;
  return {
    place: { step, repeat: repeat + 1 },
    dueMs: toldMs + ladder.repeatMinutes * MINUTE_MS,
  };
}

function requireOrdered(steps: Ladder["steps"]): void {
  let before = -1;
  for (const [at, { afterMinutes, targets }] of steps.entries()) {
    const field = `steps.${at}`;
    if (!Number.isInteger(afterMinutes) || afterMinutes <= before || afterMinutes > MINUTES_MAX)
      throw new InvalidInputError(
        `${field}.afterMinutes`,
        `each step comes later than the one before, at most after ${MINUTES_MAX} minutes`,
      );
    if (targets.length === 0)
      throw new InvalidInputError(`${field}.targets`, "a step tells somebody");
    before = afterMinutes;
  }
}
