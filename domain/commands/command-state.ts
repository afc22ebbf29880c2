export const COMMAND_STATES = [
  "drafted",
  "approved",
  "queued",
  "scheduled",
  "on-air",
  "sent",
  "acknowledged",
  "done",
  "refused",
  "expired",
  "superseded",
  "cancelled",
  "failed",
] as const;
export type CommandState = (typeof COMMAND_STATES)[number];
export const FINAL_STATES = [
  "done",
  "refused",
  "expired",
  "superseded",
  "cancelled",
  "failed",
] as const satisfies readonly CommandState[];
