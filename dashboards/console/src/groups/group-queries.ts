import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, answerOrNone, api, doneOf } from "../api/client.ts";
import { given } from "../api/queries.ts";
import type { Calendar, GroupCalendar } from "../api/types.ts";

/** While a roll call goes on its ledger is asked for so often: an answer of thousands is no event of its own. */
const COUNTING_MS = 3_000;
const KEYS_MS = 5_000;
const HISTORY_ITEMS = 20;
const ROLL_ITEMS = 1_000;

export const groupQuery = (id: number) =>
  queryOptions({
    queryKey: ["groups", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/groups/{id}", { params: { path: { id } }, signal })),
  });

export const outlookQuery = (id: number) =>
  queryOptions({
    queryKey: ["group-outlook", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/groups/{id}/outlook", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.withKey < state.data.inService ? KEYS_MS : false,
  });

export const toldQuery = (group: number) =>
  queryOptions({
    queryKey: ["group-commands", group],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/group-commands", {
          params: { query: { group, limit: HISTORY_ITEMS } },
          signal,
        }),
      ),
  });

export const groupCommandQuery = (id: string) =>
  queryOptions({
    queryKey: ["group-command", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/group-commands/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? COUNTING_MS : false),
  });

export type RollState = "awaited" | "answered" | "silent" | "catching-up" | "missed" | "overtaken";

export const rollQuery = (id: string, isOpen: boolean, only?: RollState) =>
  infiniteQueryOptions({
    queryKey: ["group-roll", id, only],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/group-commands/{id}/roll", {
          params: {
            path: { id },
            query: { ...given({ state: only, cursor: pageParam }), limit: ROLL_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isOpen ? COUNTING_MS : false,
  });

/** null: it has none. */
export const calendarQuery = (id: number) =>
  queryOptions({
    queryKey: ["group-calendar", id],
    queryFn: ({ signal }): Promise<GroupCalendar | null> =>
      answerOrNone(api.GET("/api/groups/{id}/calendar", { params: { path: { id } }, signal })),
  });

export const calendarDaysQuery = (calendar: Calendar, from: string, days: number) =>
  queryOptions({
    queryKey: ["calendar-days", calendar, from, days],
    queryFn: ({ signal }) =>
      answerOf(api.POST("/api/calendar-days", { body: { calendar, from, days }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const saveCalendar = (id: number, calendar: Calendar, version: number) =>
  answerOf(
    api.PUT("/api/groups/{id}/calendar", {
      params: { path: { id } },
      headers: { "If-Match": `"${version}"` },
      body: calendar,
    }),
  );

export const judgeCalendar = (id: number, how: "approve" | "reject", version: number) => {
  const asked = {
    params: { path: { id } },
    headers: { "If-Match": `"${version}"` },
    body: {},
  };
  return answerOf(
    how === "approve"
      ? api.POST("/api/groups/{id}/calendar/approve", asked)
      : api.POST("/api/groups/{id}/calendar/reject", asked),
  );
};

export const deleteCalendar = (id: number) =>
  doneOf(api.DELETE("/api/groups/{id}/calendar", { params: { path: { id } } }));
