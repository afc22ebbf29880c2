import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";

export type MyPreferences = Answer<"/api/me/notification-preferences">;
export type Preferences = MyPreferences["preferences"];
export type Severity = keyof Preferences["channels"];
export type PersonChannel = MyPreferences["setUp"][number];
export type PushBrowsers = Answer<"/api/me/push-subscriptions">;
export type Delivery = Answer<"/api/notifications">["items"][number];
export type Webhook = Answer<"/api/webhooks">["items"][number];
export type Ladder = Answer<"/api/ladder">;
export type LadderTarget = Ladder["steps"][number]["targets"][number];
export type Shift = Answer<"/api/on-call">["items"][number];

export const SEVERITIES: readonly Severity[] = ["critical", "major", "minor", "warning"];
export const PERSON_CHANNELS: readonly PersonChannel[] = ["email", "sms", "push", "display"];
export const CHANNELS: readonly Delivery["channel"][] = [...PERSON_CHANNELS, "webhook", "mqtt"];
export const STATES: readonly Delivery["state"][] = [
  "waiting",
  "sending",
  "sent",
  "delivered",
  "dead",
  "suppressed",
];

export const PREVIEW_KINDS = ["raised", "overdue", "acknowledged", "cleared"] as const;
export interface PreviewAsked {
  readonly kind: (typeof PREVIEW_KINDS)[number];
  readonly language: "en" | "zh-CN";
  readonly drill: boolean;
}

export const previewQuery = (asked: PreviewAsked) =>
  queryOptions({
    queryKey: ["notification-preview", asked],
    queryFn: ({ signal }) => {
      const query = { ...asked, severity: "critical", count: 1 } as const;
      return answerOf(
        api.GET("/api/notification-templates/preview", { params: { query }, signal }),
      );
    },
    placeholderData: keepPreviousData,
  });

const PAGE_ITEMS = 50;
const LOG_FRESH_MS = 10_000;

export const preferencesQuery = queryOptions({
  queryKey: ["notification-preferences"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/me/notification-preferences", { signal })),
});

export const pushQuery = queryOptions({
  queryKey: ["push-subscriptions"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/me/push-subscriptions", { signal })),
});

export interface LogFilter {
  readonly state?: Delivery["state"] | undefined;
  readonly channel?: Delivery["channel"] | undefined;
  readonly severity?: Severity | undefined;
  readonly alarm?: string | undefined;
}

export const logQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ["notifications", filter],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/notifications", {
          params: { query: { ...given({ ...filter, cursor: pageParam }), limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOG_FRESH_MS,
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["notification", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/notifications/{id}", { params: { path: { id } }, signal })),
  });

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/webhooks", { signal })),
});

export const onCallQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ["on-call", from, to],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/on-call", { params: { query: { from, to } }, signal })),
  });

/** Of the operator, or of one customer. */
export const ladderQuery = (customerId: string | null) =>
  queryOptions({
    queryKey: ["ladder", customerId],
    queryFn: ({ signal }): Promise<Ladder> =>
      customerId === null
        ? answerOf(api.GET("/api/ladder", { signal }))
        : answerOf(
            api.GET("/api/customers/{id}/ladder", { params: { path: { id: customerId } }, signal }),
          ),
  });
