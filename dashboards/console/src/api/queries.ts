import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { ApiError, answerOf, api } from "./client.ts";
import type { HistoryPoint, PacketType, TerminalSort, VerdictName } from "./types.ts";

const REFRESH_MS = 15_000;
const PAGE_ITEMS = 50;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      networkMode: "always", // a console in a closed network has no internet and still an API
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.away,
      retryDelay: 500,
    },
  },
});

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/config", { signal })),
  staleTime: Infinity,
});

export const profilesQuery = queryOptions({
  queryKey: ["profiles"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/profiles", { signal })),
  staleTime: Infinity,
});

export const positionsQuery = queryOptions({
  queryKey: ["positions"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/positions", { signal })),
  refetchInterval: 60_000, // live events carry the changes; this mends what a broken stream lost
});

export const gatewaysQuery = queryOptions({
  queryKey: ["gateways"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/gateways", { signal })),
  refetchInterval: REFRESH_MS,
});

export const terminalQuery = (address: number) =>
  queryOptions({
    queryKey: ["terminal", address],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/terminals/{address}", { params: { path: { address } }, signal })),
    refetchInterval: REFRESH_MS,
  });

export interface TerminalFilter {
  readonly search?: string | undefined;
  readonly profile?: string | undefined;
  readonly former?: true | undefined;
  readonly sort?: TerminalSort | undefined;
}

/** Leaves out what is not set: the query string has only what narrows. */
export function given<T extends object>(query: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> }; // the entries are those of T, less the undefined
}

export const terminalsQuery = (filter: TerminalFilter) =>
  infiniteQueryOptions({
    queryKey: ["terminals", filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/terminals", {
          params: {
            query: {
              ...given({ search: filter.search, profile: filter.profile, cursor: pageParam }),
              sort: filter.sort ?? "name",
              former: filter.former === true,
              limit: PAGE_ITEMS,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });

export const terminalSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["terminal-search", search],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/terminals", {
          params: { query: { search, sort: "name", former: false, limit: 8 } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled: search !== "",
  });

export interface PacketFilter {
  readonly verdict?: VerdictName | undefined;
  readonly terminal?: string | undefined;
  readonly gateway?: string | undefined;
  readonly type?: PacketType | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function packetQueryOf({ terminal, ...filter }: PacketFilter) {
  return { ...given(filter), ...(terminal ? { terminal: Number(terminal) } : {}) };
}

export const packetsQuery = (filter: PacketFilter, limit = 100) =>
  infiniteQueryOptions({
    queryKey: ["packets", filter, limit],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/packets", {
          params: { query: { ...packetQueryOf(filter), ...given({ cursor: pageParam }), limit } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const packetQuery = (id: string) =>
  queryOptions({
    queryKey: ["packet", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/packets/{id}", { params: { path: { id } }, signal })),
  });

export interface HistoryAsk {
  readonly address: number;
  readonly fields: readonly string[];
  readonly windowMs: number;
  readonly step: string;
  readonly aggregate: "mean" | "last";
}

/** The API answers for this many fields at once. */
const FIELDS_MAX = 16;

/** Puts together what was asked in parts: the windows begin at the same times. */
function joined(parts: readonly (readonly HistoryPoint[])[]): HistoryPoint[] {
  const byTime = new Map<string, HistoryPoint>();
  for (const { time, values } of parts.flat())
    byTime.set(time, { time, values: { ...byTime.get(time)?.values, ...values } });
  return [...byTime.values()].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
}

/** History up to now: the range moves with each refresh, the key does not. */
export const historyQuery = (ask: HistoryAsk, now: () => number) =>
  queryOptions({
    queryKey: ["history", ask],
    queryFn: async ({ signal }) => {
      const toMs = now();
      const query = {
        from: new Date(toMs - ask.windowMs).toISOString(),
        to: new Date(toMs).toISOString(),
        window: ask.step,
        aggregate: ask.aggregate,
        limit: 2000,
      };
      const parts: string[] = [];
      for (let at = 0; at < ask.fields.length; at += FIELDS_MAX)
        parts.push(ask.fields.slice(at, at + FIELDS_MAX).join(","));
      const answers = await Promise.all(
        parts.map((fields) =>
          answerOf(
            api.GET("/api/terminals/{address}/history", {
              params: { path: { address: ask.address }, query: { ...query, fields } },
              signal,
            }),
          ),
        ),
      );
      return {
        points: joined(answers.map(({ points }) => points)),
        truncated: answers.some(({ truncated }) => truncated),
        fromMs: toMs - ask.windowMs,
        toMs,
      };
    },
    enabled: ask.fields.length > 0,
    refetchInterval: REFRESH_MS * 2,
  });

export const trackQuery = (address: number, windowMs: number, now: () => number) =>
  queryOptions({
    queryKey: ["track", address, windowMs],
    queryFn: ({ signal }) => {
      const toMs = now();
      const query = {
        from: new Date(toMs - windowMs).toISOString(),
        to: new Date(toMs).toISOString(),
        limit: 1000,
      };
      return answerOf(
        api.GET("/api/terminals/{address}/track", { params: { path: { address }, query }, signal }),
      );
    },
    refetchInterval: REFRESH_MS * 2,
  });
