import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { Command } from "../api/types.ts";
import type { CommandsFilter } from "./commands-search.ts";

const PAGE_ITEMS = 200;
/** As many as the API gives at once; a draft waits a quarter of an hour at most. */
const DRAFTS_MAX = 500;
const FRESH_MS = 15_000;
const OUTLOOK_MS = 5_000;
const LAST_OF_TERMINAL = 5;

export const commandsQuery = ({ show, safetyClass, terminal, who }: CommandsFilter) =>
  infiniteQueryOptions({
    queryKey: ["commands", { show, safetyClass, terminal, who }],
    queryFn: ({ pageParam, signal }) => {
      const isBroad = show === "open" || show === "over";
      const shown = isBroad ? { open: show === "open" } : { state: show };
      const narrowed = given({ ...shown, safetyClass, terminal, who, cursor: pageParam });
      const query = { ...narrowed, limit: PAGE_ITEMS };
      return answerOf(api.GET("/api/commands", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Everything that waits for a second person. */
export const draftsQuery = queryOptions({
  queryKey: ["command-drafts"],
  queryFn: ({ signal }) => {
    const query = { state: "drafted" as const, limit: DRAFTS_MAX };
    return answerOf(api.GET("/api/commands", { params: { query }, signal }));
  },
  refetchInterval: FRESH_MS,
});

export const lastCommandsQuery = (terminal: number) =>
  queryOptions({
    queryKey: ["terminal-commands", terminal],
    queryFn: ({ signal }) => {
      const query = { terminal, limit: LAST_OF_TERMINAL };
      return answerOf(api.GET("/api/commands", { params: { query }, signal }));
    },
    refetchInterval: FRESH_MS,
  });

export const commandQuery = (id: string) =>
  queryOptions({
    queryKey: ["command", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/commands/{id}", { params: { path: { id } }, signal })),
    refetchInterval: FRESH_MS,
  });

export const outlookQuery = (address: number) =>
  queryOptions({
    queryKey: ["command-outlook", address],
    queryFn: ({ signal }) => {
      const params = { path: { address } };
      return answerOf(api.GET("/api/terminals/{address}/command-outlook", { params, signal }));
    },
    refetchInterval: OUTLOOK_MS, // what holds now may not in a moment
  });

export const pageQueuesQuery = queryOptions({
  queryKey: ["page-queues"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/page-queues", { signal })),
  refetchInterval: OUTLOOK_MS,
});

/** After a step of this command, ours or anybody's: what is shown of it is asked for again, one request at a time. */
export async function commandChanged({ id, address }: Pick<Command, "id" | "address">) {
  const keys = [["command", id], ["terminal-commands", address], ["command-drafts"]];
  await Promise.all(
    keys.map((queryKey) => queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false })),
  );
}
