import type { Alarm } from "../api/types.ts";
import type { AlarmsSearch } from "./alarms-search.ts";
import { SEVERITIES } from "./severities.ts";

/** What the list shows, and who `me` is. */
export interface Wanted extends Omit<AlarmsSearch, "alarm"> {
  readonly myId: string;
}

/** Below zero where `one` stands above `other`: the worst first, of the same severity the newest. */
export function compareAlarms(one: Alarm, other: Alarm): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    Date.parse(other.openedAt) - Date.parse(one.openedAt) ||
    (one.id < other.id ? 1 : -1)
  );
}

/** Whether it belongs into the list as it is at `nowMs`. */
export function isWanted(alarm: Alarm, wanted: Wanted, nowMs: number): boolean {
  const isShelved = alarm.shelvedUntil !== null && Date.parse(alarm.shelvedUntil) > nowMs;
  return (
    !alarm.marks.includes("withdrawn") &&
    isInState(alarm, wanted.state ?? "open") &&
    (wanted.severity === undefined || alarm.severity === wanted.severity) &&
    isAssigned(alarm, wanted) &&
    isShown(alarm.isDrill, isShelved, wanted.show)
  );
}

function isInState({ state, acknowledgedAt }: Alarm, asked: NonNullable<Wanted["state"]>): boolean {
  const isSeen = acknowledgedAt !== null;
  switch (asked) {
    case "open":
      return state === "active" || !isSeen;
    case "unacknowledged":
      return !isSeen;
    case "acknowledged":
      return isSeen && state === "active";
    case "active":
      return state === "active";
    case "cleared":
      return state === "cleared" && !isSeen;
    case "all":
      return true;
  }
}

function isAssigned({ assignee }: Alarm, wanted: Wanted): boolean {
  if (wanted.assignee === undefined) return true;
  return wanted.assignee === "me" ? assignee === wanted.myId : assignee === null;
}

function isShown(isDrill: boolean, isShelved: boolean, show: Wanted["show"]): boolean {
  if (show === "drills") return isDrill;
  return !isDrill && isShelved === (show === "shelved");
}

interface Loaded {
  readonly rows: readonly Alarm[];
  /** There is more that was not loaded: what belongs below the last row comes with it. */
  readonly hasMore: boolean;
}

/** The loaded rows with what has changed since, in order. */
export function mergedRows(
  { rows, hasMore }: Loaded,
  changed: ReadonlyMap<string, Alarm>,
  wants: (alarm: Alarm) => boolean,
): readonly Alarm[] {
  const last = rows.at(-1);
  const known = new Set(rows.map(({ id }) => id));
  const added = [...changed.values()].filter(
    (alarm) =>
      !known.has(alarm.id) && (!hasMore || (last !== undefined && compareAlarms(alarm, last) < 0)),
  );
  return [...rows.map((alarm) => changed.get(alarm.id) ?? alarm), ...added]
    .filter(wants)
    .sort(compareAlarms);
}
