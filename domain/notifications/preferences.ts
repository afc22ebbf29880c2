import { InvalidInputError } from "../../base/errors.ts";
import type { Language } from "./occasion.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

/** How a person can be reached. Machines have webhooks and topics of their own. */
export const PERSON_CHANNELS = ["email", "sms", "push", "display"] as const;
export type PersonChannel = (typeof PERSON_CHANNELS)[number];

/** [from, to) in minutes since midnight by the person's own clock; over midnight where from is the later. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Preferences {
  readonly channels: Readonly<Record<Severity, readonly PersonChannel[]>>;
  /** What is tried where the chosen channel cannot be used or gives up. */
  readonly fallback: PersonChannel | null;
  readonly quiet: QuietHours | null;
  /** Whether the end of an alarm is told as well. */
  readonly tellCleared: boolean;
  /** False for whoever must never hear of a drill, such as an emergency service. Not said is true. */
  readonly tellDrills?: boolean;
  /** Address of the terminal whose display shows what is told by `display`. Not said is none. */
  readonly display?: number | null;
  /** null: the language of the person's account. */
  readonly language: Language | null;
}

const DAY_MINUTES = 1_440;

const none = (): Record<Severity, readonly PersonChannel[]> => ({
  critical: [],
  major: [],
  minor: [],
  warning: [],
});

/** Nobody is written to unasked: contacts, and the operator's people, whom the on-call ladder reaches. */
export const SILENT: Preferences = {
  channels: none(),
  fallback: null,
  quiet: null,
  tellCleared: false,
  language: null,
};

/** A subscriber's people, before they have said anything: what is urgent, and by what costs nothing. */
export const OF_SUBSCRIBERS: Preferences = {
  ...SILENT,
  channels: { ...none(), critical: ["push", "email"], major: ["email"] },
  fallback: "sms",
};

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanPreferences(given: Preferences): Preferences {
  const { quiet } = given;
  if (quiet !== null) {
    for (const field of ["fromMinute", "toMinute"] as const)
      if (!Number.isInteger(quiet[field]) || quiet[field] < 0 || quiet[field] >= DAY_MINUTES)
        throw new InvalidInputError(`quiet.${field}`, "a minute of the day is from 0 to 1439");
    if (quiet.fromMinute === quiet.toMinute)
      throw new InvalidInputError("quiet", "quiet hours begin and end at different times");
  }
  const channels = none();
  for (const severity of SEVERITIES)
    channels[severity] = PERSON_CHANNELS.filter((channel) =>
      given.channels[severity].includes(channel),
    );
  return { ...given, channels };
}
