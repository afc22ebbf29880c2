import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "./client.ts";
import { given, queryClient } from "./queries.ts";
import type { AssetKind } from "./types.ts";

const PAGE_ITEMS = 50;

export const ASSET_STATES = ["equipped", "bare", "retired"] as const;
export type AssetState = (typeof ASSET_STATES)[number];

export interface AssetFilter {
  readonly search?: string | undefined;
  readonly customer?: string | undefined;
  readonly kind?: AssetKind | undefined;
  readonly state?: AssetState | undefined;
}

export const assetsQuery = ({ search, customer, kind, state }: AssetFilter) =>
  infiniteQueryOptions({
    queryKey: ["assets", search, customer, kind, state],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/assets", {
          params: {
            query: {
              ...given({ search, customer, cursor: pageParam }),
              ...(kind === undefined ? {} : { kind }),
              ...(state === "equipped" ? { equipped: true } : {}),
              ...(state === "bare" ? { equipped: false } : {}),
              retired: state === "retired",
              limit: PAGE_ITEMS,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const assetQuery = (id: string) =>
  queryOptions({
    queryKey: ["asset", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/assets/{id}", { params: { path: { id } }, signal })),
    retry: false,
  });

export const assetAssignmentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["asset", id, "assignments"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/assets/{id}/assignments", { params: { path: { id } }, signal })),
    retry: false,
  });

export const terminalAssignmentsQuery = (address: number) =>
  queryOptions({
    queryKey: ["terminal", address, "assignments"],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/terminals/{address}/assignments", {
          params: { path: { address } },
          signal,
        }),
      ),
    retry: false,
  });

/** Whatever shows assets or terminals may be another's now. */
export async function assetsChanged(): Promise<void> {
  await Promise.all(
    ["assets", "asset", "terminal", "terminals"].map((name) =>
      queryClient.invalidateQueries({ queryKey: [name] }),
    ),
  );
}
