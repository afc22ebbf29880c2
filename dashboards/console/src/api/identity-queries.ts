import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ApiError, answerOf, api, onSignedOut } from "./client.ts";
import { given, queryClient } from "./queries.ts";
import type { Me, Role } from "./types.ts";

const PAGE_ITEMS = 50;

/** Whoever is signed in; null for nobody. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await answerOf(api.GET("/api/me", { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

onSignedOut(() => {
  queryClient.setQueryData(meQuery.queryKey, null);
});

export const demoCardsQuery = queryOptions({
  queryKey: ["demo-cards"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/demo/sign-in-cards", { signal })),
  staleTime: Infinity,
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/me/sessions", { signal })),
});

export interface UserFilter {
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
}

export const usersQuery = ({ search, role }: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ["users", search, role],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/users", {
          params: { query: { ...given({ search, role, cursor: pageParam }), limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const keysQuery = (all: boolean) =>
  infiniteQueryOptions({
    queryKey: ["keys", all],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/keys", {
          params: { query: { ...given({ cursor: pageParam }), all, limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/audit", {
          params: { query: { ...given({ ...filter, cursor: pageParam }), limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Of the same filter, for a link. */
export function auditExportUrl(filter: AuditFilter): string {
  const query = new URLSearchParams(Object.entries(given(filter)));
  return `/api/audit/export?${query.toString()}`;
}
