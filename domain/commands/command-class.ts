import type { ProfileCommand, SafetyClass } from "../devices/profile.ts";

/** What every command of a safety class is bound by. */
export interface ClassRules {
  /** Higher goes first; emergencies before all else. */
  readonly priority: number;
  /** Nobody may ask for a later expiry than this. */
  readonly expiryMaxS: number;
  /** Whatever the profile says. */
  readonly secondPerson: boolean;
  /** Seconds before the first retry, after the time for an answer; each further one waits four times as long. */
  readonly retryFirstS: number;
}

export const CLASS_RULES: Readonly<Record<SafetyClass, ClassRules>> = {
  "life-safety": { priority: 3, expiryMaxS: 600, secondPerson: false, retryFirstS: 0 },
  dangerous: { priority: 2, expiryMaxS: 900, secondPerson: true, retryFirstS: 5 },
  operational: { priority: 1, expiryMaxS: 604_800, secondPerson: false, retryFirstS: 15 },
  information: { priority: 1, expiryMaxS: 3_600, secondPerson: false, retryFirstS: 15 },
  convenience: { priority: 0, expiryMaxS: 86_400, secondPerson: false, retryFirstS: 15 },
};
export const EXPIRY_MIN_S = 5;
/** From here on a page may use all of the airtime and goes beside what is not. */
export const URGENT_PRIORITY = 2;

export const needsSecondPerson = (
  command: Pick<ProfileCommand, "safetyClass" | "secondPerson">,
): boolean => command.secondPerson || CLASS_RULES[command.safetyClass].secondPerson;

export const priorityOfClass = ({ safetyClass }: Pick<ProfileCommand, "safetyClass">): number =>
  CLASS_RULES[safetyClass].priority;

export const expiryMaxOf = (command: Pick<ProfileCommand, "safetyClass" | "expiryS">): number =>
  Math.max(command.expiryS, CLASS_RULES[command.safetyClass].expiryMaxS);

/** Seconds from approval; undefined when what is asked for is out of the class's bounds. */
export function expiryOf(
  command: Pick<ProfileCommand, "safetyClass" | "expiryS">,
  askedS: number | undefined,
): number | undefined {
  if (askedS === undefined) return command.expiryS;
  return askedS >= EXPIRY_MIN_S && askedS <= expiryMaxOf(command) ? askedS : undefined;
}
