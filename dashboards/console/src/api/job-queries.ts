import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { answerOf, api } from "./client.ts";
import { given } from "./queries.ts";
import type { JobState } from "./types.ts";

const PAGE_ITEMS = 50;
const LOOK_EVERY_MS = 10_000;

/** The engineers' jobs, newest first. */
export const jobsQuery = (state: JobState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["jobs", state],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/jobs", {
          params: {
            query: { ...given({ state, cursor: pageParam }), mine: false, limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_EVERY_MS,
  });
