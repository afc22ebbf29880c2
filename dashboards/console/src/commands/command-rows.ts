import type { Command } from "../api/types.ts";
import type { CommandsFilter } from "./commands-search.ts";

/** Whether it belongs into the list. */
export function isWanted(command: Command, filter: CommandsFilter): boolean {
  const { show, safetyClass, terminal, who } = filter;
  const names = `${command.createdByName}\n${command.approvedByName ?? ""}`.toLowerCase();
  return (
    isShown(command, show) &&
    (safetyClass === undefined || command.safetyClass === safetyClass) &&
    (terminal === undefined || command.address === terminal) &&
    (who === undefined || names.includes(who.toLowerCase()))
  );
}

function isShown({ state, endedAt }: Command, show: CommandsFilter["show"]): boolean {
  if (show === undefined) return true;
  if (show === "open" || show === "over") return (endedAt === null) === (show === "open");
  return state === show;
}

/** The loaded rows, newest first, with those that have changed since; new ones stand on top. */
export function mergedCommands(
  rows: readonly Command[],
  changed: ReadonlyMap<string, Command>,
  filter: CommandsFilter,
): readonly Command[] {
  const known = new Set(rows.map(({ id }) => id));
  const newest = rows[0]?.createdAt ?? "";
  const added = [...changed.values()]
    .filter(({ id, createdAt }) => !known.has(id) && createdAt >= newest)
    .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  return [...added, ...rows.map((row) => changed.get(row.id) ?? row)].filter((command) =>
    isWanted(command, filter),
  );
}

/** What waits for somebody other than whoever asked; the first to expire on top. */
export const approvableBy = (drafted: readonly Command[], myId: string): readonly Command[] =>
  drafted
    .filter(({ state, createdById }) => state === "drafted" && createdById !== myId)
    .toSorted((one, other) => (one.approveBy < other.approveBy ? -1 : 1));
