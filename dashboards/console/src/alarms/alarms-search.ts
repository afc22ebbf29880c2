import type { Severity } from "../notifications/notification-queries.ts";
import { SEVERITIES } from "./severities.ts";

export const ALARM_STATES = [
  ...(["open", "unacknowledged", "acknowledged"] as const),
  ...(["active", "cleared", "all"] as const),
];
export const ASSIGNEES = ["me", "nobody"] as const;
export const SHOWN = ["shelved", "drills"] as const;

/** What stands in the address of the alarm console. */
export interface AlarmsSearch {
  /** Without it: open. */
  readonly state?: (typeof ALARM_STATES)[number];
  readonly severity?: Severity;
  readonly assignee?: (typeof ASSIGNEES)[number];
  /** Without it: neither shelved ones nor drills. */
  readonly show?: (typeof SHOWN)[number];
  /** The one whose drawer is open. */
  readonly alarm?: string;
}

type Raw = Readonly<Record<string, unknown>>;
const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((known) => known === value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export function validAlarmsSearch(raw: Raw): AlarmsSearch {
  const state = oneOf(ALARM_STATES, raw["state"]);
  const severity = oneOf(SEVERITIES, raw["severity"]);
  const assignee = oneOf(ASSIGNEES, raw["assignee"]);
  const show = oneOf(SHOWN, raw["show"]);
  const alarm = text(raw["alarm"]);
  return {
    ...(state === undefined || state === "open" ? {} : { state }),
    ...(severity === undefined ? {} : { severity }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(show === undefined ? {} : { show }),
    ...(alarm === undefined ? {} : { alarm }),
  };
}
