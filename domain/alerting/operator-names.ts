import type { Reach } from "../identity/policy.ts";
import type { Alarm } from "./alarms.ts";

/** What a customer's people read in place of one of the operator's: who it was is not theirs to know. */
export const OPERATOR = "operator";

/** An alarm as it is shown to whoever reaches so far. */
export function alarmSeenBy(alarm: Alarm, reach: Reach): Alarm {
  if (reach === "all") return alarm;
  return {
    ...alarm,
    ...(alarm.isAcknowledgedByOperator
      ? { acknowledgedBy: OPERATOR, acknowledgedByName: null }
      : {}),
    ...(alarm.isAssignedToOperator ? { assignee: OPERATOR, assigneeName: null } : {}),
  };
}

interface Step {
  readonly who: string | null;
  readonly whoName: string | null;
}

/** A step of an alarm or a case, done by somebody of the operator's or not. */
export const stepSeenBy = <T extends Step>(step: T, isOfOperator: boolean, reach: Reach): T =>
  reach === "all" || !isOfOperator ? step : { ...step, who: OPERATOR, whoName: null };
