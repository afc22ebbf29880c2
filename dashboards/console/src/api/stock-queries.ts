import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "./client.ts";
import { given } from "./queries.ts";
import type { ImportRun, StockLifeCycle, StockSort } from "./types.ts";

const PAGE_ITEMS = 100;
const RUNNING_MS = 700;
const PROBLEMS_SHOWN = 500;

export interface StockFilter {
  readonly search?: string | undefined;
  readonly lifeCycle?: StockLifeCycle | undefined;
  readonly profile?: string | undefined;
  readonly batch?: string | undefined;
  readonly quarantined?: boolean | undefined;
  readonly badTags?: boolean | undefined;
  readonly importId?: string | undefined;
  readonly groupId?: number | undefined;
}

export const stockQuery = (filter: StockFilter, sort: StockSort) =>
  infiniteQueryOptions({
    queryKey: ["stock", "list", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/stock", {
          params: {
            query: { ...given({ ...filter, cursor: pageParam }), sort, limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const stockCountsQuery = (filter: StockFilter) =>
  queryOptions({
    queryKey: ["stock", "counts", filter],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/stock/counts", { params: { query: given(filter) }, signal })),
    placeholderData: keepPreviousData,
  });

export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) =>
    answerOf(api.GET("/api/groups", { params: { query: { limit: 500 } }, signal })),
});

export const importsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }) =>
    answerOf(
      api.GET("/api/imports", { params: { query: { kind: "terminals", limit: 50 } }, signal }),
    ),
});

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["import", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/imports/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? RUNNING_MS : false),
  });

export const importProblemsQuery = (id: string) =>
  queryOptions({
    queryKey: ["import-problems", id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/imports/{id}/problems", {
          params: { path: { id }, query: { limit: PROBLEMS_SHOWN } },
          signal,
        }),
      ),
  });

/** The file itself goes up as it is, however large. */
export const uploadTerminals = (
  file: File,
  order: { readonly dryRun: boolean; readonly skipBad: boolean },
): Promise<ImportRun> =>
  answerOf(
    api.POST("/api/imports/terminals", {
      params: {
        query: {
          file_name: file.name.slice(0, 200),
          dry_run: order.dryRun,
          skip_bad: order.skipBad,
        },
      },
      headers: { "content-type": "text/csv" },
      body: file,
      bodySerializer: () => file,
    }),
  );

export const gatewayAccountQuery = (id: string) =>
  queryOptions({
    queryKey: ["gateway-account", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/gateways/{id}", { params: { path: { id } }, signal })),
  });
