import type { Command } from "../api/types.ts";

export const SHOWN = [
  ...(["open", "over"] as const),
  ...(["drafted", "queued", "scheduled", "on-air", "sent", "acknowledged"] as const),
  ...(["done", "refused", "expired", "superseded", "cancelled", "failed"] as const),
];
export const SAFETY_CLASSES: readonly Command["safetyClass"][] = [
  "life-safety",
  "dangerous",
  "operational",
  "information",
  "convenience",
];

/** What the list of commands is narrowed to. */
export interface CommandsFilter {
  /** Without it: open ones and those that are over. */
  readonly show?: (typeof SHOWN)[number];
  readonly safetyClass?: Command["safetyClass"];
  readonly terminal?: number;
  /** Part of the name of whoever asked or approved. */
  readonly who?: string;
}

/** What stands in the address of the commands' page. */
export interface CommandsSearch extends CommandsFilter {
  /** The one whose drawer is open. */
  readonly command?: string;
}

const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((known) => known === value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export function validCommandsSearch(raw: Readonly<Record<string, unknown>>): CommandsSearch {
  const show = oneOf(SHOWN, raw["show"]);
  const safetyClass = oneOf(SAFETY_CLASSES, raw["safetyClass"]);
  const terminal = Number.isSafeInteger(raw["terminal"]) ? Number(raw["terminal"]) : undefined;
  const who = text(raw["who"]);
  const command = text(raw["command"]);
  return {
    ...(show === undefined ? {} : { show }),
    ...(safetyClass === undefined ? {} : { safetyClass }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(who === undefined ? {} : { who }),
    ...(command === undefined ? {} : { command }),
  };
}
