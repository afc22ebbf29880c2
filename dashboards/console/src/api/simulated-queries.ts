import { queryOptions } from "@tanstack/react-query";
import { ApiError, answerOf, api } from "./client.ts";
import type { CaseButton } from "./types.ts";

const LOOK_EVERY_MS = 2_000;

/** A simulated terminal as one finds it; an error where the terminal is a real one. */
export const simulatedQuery = (address: number) =>
  queryOptions({
    queryKey: ["simulated", address],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/simulated-terminals/{address}", { params: { path: { address } }, signal }),
      ),
    refetchInterval: ({ state: { error } }) =>
      error instanceof ApiError && !error.away ? false : LOOK_EVERY_MS,
  });

export const pressSimulated = (address: number, button: CaseButton) =>
  answerOf(
    api.POST("/api/simulated-terminals/{address}/presses", {
      params: { path: { address } },
      body: { button },
    }),
  );
