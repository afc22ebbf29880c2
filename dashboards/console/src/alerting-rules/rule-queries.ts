import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api, doneOf } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { paths } from "../api/schema.d.ts";
import type { Answer } from "../api/types.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import type { RulesSearch } from "./rules-search.ts";

type Posted<Path extends keyof paths> = paths[Path] extends {
  post: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type Rule = Answer<"/api/alert-rules">["items"][number];
export type RuleDetail = Answer<"/api/alert-rules/{id}">;
export type RuleVersion = RuleDetail["versions"][number];
export type RuleSpec = Rule["spec"];
export type Signal = RuleSpec["signal"];
export type SignalKind = Signal["kind"];
export type Hours = NonNullable<RuleSpec["hours"]>[number];
export type Area = Extract<Signal, { kind: "geofence" }>["area"];
export type GeoPoint = Extract<Area, { shape: "polygon" }>["points"][number];
export type WhyNot = Answer<"/api/alert-rules/{id}/why-not">;
export type RuleProblem = Posted<"/api/alert-rules/check">["problems"][number];
export type TrialPart = Posted<"/api/alert-rules/backtest">;

const PAGE_ITEMS = 50;

export const rulesQuery = (filter: RulesSearch) =>
  infiniteQueryOptions({
    queryKey: ["alert-rules", filter],
    queryFn: ({ pageParam, signal }) => {
      const { sort = "title", state, ...rest } = filter;
      const query = {
        ...given({ ...rest, cursor: pageParam }),
        ...asked(state),
        ...{ sort, limit: PAGE_ITEMS },
      };
      return answerOf(api.GET("/api/alert-rules", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

function asked(state: RulesSearch["state"]) {
  if (state === undefined) return {};
  return state === "retired" ? { retired: true } : { enabled: state === "on" };
}

/** The first of them for one device type, to choose from. */
export const rulesOfProfileQuery = (profile: string, search: string) =>
  queryOptions({
    queryKey: ["alert-rules", "of-profile", profile, search],
    queryFn: ({ signal }) => {
      const query = { ...given({ search }), profile, sort: "title" as const, limit: 50 };
      return answerOf(api.GET("/api/alert-rules", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ["alert-rule", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/alert-rules/{id}", { params: { path: { id } }, signal })),
    retry: false,
  });

export const whyNotQuery = (id: string, terminal: number) =>
  queryOptions({
    queryKey: ["alert-rule", id, "why-not", terminal],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/alert-rules/{id}/why-not", {
          params: { path: { id }, query: { terminal } },
          signal,
        }),
      ),
    retry: false,
  });

/** What is wrong with a rule; nothing is saved. */
export const checkQuery = (spec: RuleSpec | undefined) =>
  queryOptions({
    queryKey: ["alert-rule-check", spec],
    queryFn: ({ signal }) => {
      if (spec === undefined) throw new Error("there is no rule to check");
      return answerOf(api.POST("/api/alert-rules/check", { body: { spec }, signal }));
    },
    enabled: spec !== undefined,
    staleTime: Infinity,
    retry: false,
  });

export interface TrialAsk {
  readonly spec: RuleSpec;
  readonly from: string;
  readonly to: string;
}

export const tryPart = (
  ask: TrialAsk,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<TrialPart> =>
  answerOf(
    api.POST("/api/alert-rules/backtest", {
      body: { ...ask, ...given({ cursor }), limit },
      signal,
    }),
  );

export const createRule = (spec: RuleSpec, reason: string): Promise<Rule> =>
  answerOf(api.POST("/api/alert-rules", { body: { spec, ...given({ reason }) } }));

interface Change {
  readonly spec?: RuleSpec;
  readonly isEnabled?: boolean;
}

export const changeRule = (
  { id, version }: Pick<Rule, "id" | "version">,
  change: Change,
  reason: string,
): Promise<Rule> =>
  answerOf(
    api.PATCH("/api/alert-rules/{id}", {
      params: { path: { id } },
      headers: ifMatch(version),
      body: { ...change, ...given({ reason }) },
    }),
  );

export const retireRule = (id: string, reason: string): Promise<void> =>
  doneOf(
    api.DELETE("/api/alert-rules/{id}", { params: { path: { id }, query: given({ reason }) } }),
  );

export async function rulesChanged(): Promise<void> {
  await Promise.all(
    ["alert-rules", "alert-rule"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
  );
}
