import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";
import type { Board } from "../groups/groups-search.ts";
import type { Condition } from "./boards-search.ts";

export type BoardCounts = Answer<"/api/boards/{board}">;
export type BoardGroup = BoardCounts["groups"][number];
export type BoardDevice = Answer<"/api/boards/{board}/devices">["items"][number];

const COUNTS_MS = 10_000;
const DEVICES_MS = 30_000;
const PAGE_ITEMS = 2_000;

export const boardQuery = (board: Board) =>
  queryOptions({
    queryKey: ["board", board],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/boards/{board}", { params: { path: { board } }, signal })),
    refetchInterval: COUNTS_MS,
  });

type Counts = Pick<BoardGroup, "conditions" | "devices" | "energyKwh">;

/** Of the chosen group, or of all; undefined for one beyond those that are counted one by one. */
export function countsOf(counts: BoardCounts, group: number | undefined): Counts | undefined {
  if (group === undefined) return counts;
  const found = counts.groups.find(({ id }) => id === group);
  return found ?? (counts.moreGroups ? undefined : { devices: 0, conditions: [], energyKwh: null });
}

interface Chosen {
  readonly group: number | undefined;
  readonly condition: Condition | undefined;
}

export const boardDevicesQuery = (board: Board, { group, condition }: Chosen) =>
  infiniteQueryOptions({
    queryKey: ["board", board, "devices", group, condition],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/boards/{board}/devices", {
          params: {
            path: { board },
            query: { ...given({ group, condition, cursor: pageParam }), limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // of another board they would be taken for what they are not
    placeholderData: (before, query) =>
      query?.queryKey[1] === board ? keepPreviousData(before) : undefined,
    refetchInterval: DEVICES_MS,
  });
