import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";

export type Drill = Answer<"/api/drills">["items"][number];
export type DrillDetail = Answer<"/api/drills/{id}">;
export type DrillMember = DrillDetail["list"][number];

export const LIST_MAX = 500;
const LIST_MS = 10_000;
const RUNNING_MS = 2_000;

export const drillsQuery = queryOptions({
  queryKey: ["drills"],
  queryFn: ({ signal }) =>
    answerOf(api.GET("/api/drills", { params: { query: { limit: LIST_MAX } }, signal })),
  refetchInterval: LIST_MS,
});

export const drillQuery = (id: string) =>
  queryOptions({
    queryKey: ["drill", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/drills/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.state === "planned" || state.data?.state === "running" ? RUNNING_MS : false,
  });

export interface DrillPlan {
  readonly terminal?: number;
  readonly group?: number;
  readonly startsAt?: string;
  readonly lastsS: number;
  readonly answerS: number;
  readonly note: string;
}

export async function planDrill(body: DrillPlan): Promise<DrillDetail> {
  const planned = await answerOf(api.POST("/api/drills", { body }));
  await queryClient.invalidateQueries({ queryKey: drillsQuery.queryKey });
  return planned;
}

export async function workOnDrill(id: string, deed: "end" | "cancel"): Promise<void> {
  const params = { path: { id } };
  const call =
    deed === "end"
      ? api.POST("/api/drills/{id}/end", { params, body: {} })
      : api.POST("/api/drills/{id}/cancel", { params, body: {} });
  try {
    queryClient.setQueryData(drillQuery(id).queryKey, await answerOf(call));
  } finally {
    await Promise.all(
      [drillsQuery.queryKey, drillQuery(id).queryKey].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  }
}
