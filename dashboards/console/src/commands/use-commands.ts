import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Command } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { commandChanged, commandsQuery } from "./command-queries.ts";
import { mergedCommands } from "./command-rows.ts";
import type { CommandsFilter } from "./commands-search.ts";

const NONE: ReadonlyMap<string, Command> = new Map();

/** The commands of the filter, kept right by the live events. */
export function useCommands(filter: CommandsFilter) {
  const query = useInfiniteQuery(commandsQuery(filter));
  const { data } = query;
  const [changed, setChanged] = useState(NONE);
  useCommandSteps((command) => {
    setChanged((old) => new Map(old).set(command.id, command));
  });
  useLiveEvent(useLive(), "missed", () => {
    setChanged(NONE); // everything is asked for again, and newer
  });
  const rows = useMemo(() => {
    const loaded = data?.pages.flatMap(({ items }) => items) ?? [];
    return mergedCommands(loaded, changed, filter);
  }, [data, changed, filter]);
  return { query, rows };
}

/** Hears of each step of any command, and has what is shown of it asked for again. */
export function useCommandSteps(onStep?: (command: Command) => void): void {
  useLiveEvent(useLive(), "command", (command) => {
    onStep?.(command);
    void commandChanged(command);
  });
}
