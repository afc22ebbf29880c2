import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given } from "../api/queries.ts";

/** As many as the API gives at once. */
export const LIST_MAX = 500;
const FRESH_MS = 15_000;

export const incidentsQuery = (open: boolean | undefined) =>
  queryOptions({
    queryKey: ["incidents", open],
    queryFn: ({ signal }) => {
      const query = { ...given({ open }), limit: LIST_MAX };
      return answerOf(api.GET("/api/incidents", { params: { query }, signal }));
    },
    refetchInterval: FRESH_MS,
  });

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ["incident", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/incidents/{id}", { params: { path: { id } }, signal })),
    refetchInterval: FRESH_MS,
  });
