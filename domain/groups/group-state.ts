export const GROUP_STATES = [
  "drafted",
  "approved",
  "queued",
  "paging",
  "roll-call",
  "catching-up",
  "done",
  "incomplete",
  "refused",
  "expired",
  "superseded",
  "cancelled",
  "failed",
] as const;
export type GroupState = (typeof GROUP_STATES)[number];
export const FINAL_GROUP_STATES = [
  "done",
  "incomplete",
  "refused",
  "expired",
  "superseded",
  "cancelled",
  "failed",
] as const satisfies readonly GroupState[];

export const isOver = (state: GroupState): boolean =>
  FINAL_GROUP_STATES.some((final) => final === state);
