import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { Alarm } from "../api/types.ts";
import type { Severity } from "../notifications/notification-queries.ts";
import { nowMs } from "../time/clock.ts";
import { isWanted, type Wanted } from "./alarm-rows.ts";
import { SEVERITIES } from "./severities.ts";

/** As many as the API gives at once. */
const CHUNK = 500;
/** A page is full with so many, or when it was asked for so often. */
const PAGE_ITEMS = 100;
const ASKED_MAX = 8;
const FRESH_MS = 30_000;

interface Place {
  readonly severity: Severity;
  readonly cursor?: string | undefined;
}

interface AlarmPage {
  readonly items: readonly Alarm[];
  readonly next: Place | undefined;
}

/** What the API itself narrows by. */
function askedOf({ state = "open", assignee, show, myId }: Wanted) {
  const open = state === "all" ? undefined : true;
  const acknowledged =
    state === "acknowledged"
      ? true
      : ["unacknowledged", "cleared"].includes(state)
        ? false
        : undefined;
  return given({
    ...{ open, acknowledged },
    state: state === "active" || state === "cleared" ? state : undefined,
    assignee: assignee === "me" ? myId : undefined,
    unassigned: assignee === "nobody" ? true : undefined,
    drill: show === "drills",
    shelved: show === "drills" ? undefined : show === "shelved",
  });
}

/** The worst severity first, each newest first: the API's cursor goes through one after the other. */
async function pageFrom(wanted: Wanted, from: Place, signal: AbortSignal): Promise<AlarmPage> {
  const items: Alarm[] = [];
  let place: Place | undefined = from;
  for (let asked = 0; place !== undefined && asked < ASKED_MAX; asked += 1) {
    const query = { ...askedOf(wanted), ...given(place), limit: CHUNK };
    const page = await answerOf(api.GET("/api/alarms", { params: { query }, signal }));
    items.push(...page.items.filter((alarm) => isWanted(alarm, wanted, nowMs())));
    place = placeAfter(place, page.nextCursor, wanted);
    if (items.length >= PAGE_ITEMS) break;
  }
  return { items, next: place };
}

function placeAfter({ severity }: Place, cursor: string | null, wanted: Wanted): Place | undefined {
  if (cursor !== null) return { severity, cursor };
  const next = SEVERITIES[SEVERITIES.indexOf(severity) + 1];
  return next === undefined || wanted.severity !== undefined ? undefined : { severity: next };
}

export const alarmsQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["alarms", wanted],
    queryFn: ({ pageParam, signal }) => pageFrom(wanted, pageParam, signal),
    initialPageParam: { severity: wanted.severity ?? "critical" },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });

export const alarmCountsQuery = queryOptions({
  queryKey: ["alarm-counts"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/alarms/counts", { signal })),
  refetchInterval: FRESH_MS,
});

export const alarmQuery = (id: string) =>
  queryOptions({
    queryKey: ["alarm", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/alarms/{id}", { params: { path: { id } }, signal })),
  });

export const toldQuery = (alarm: string) =>
  queryOptions({
    queryKey: ["notifications", "of-alarm", alarm],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/notifications", { params: { query: { alarm, limit: CHUNK } }, signal }),
      ),
  });

/** After something was done with alarms: what is shown of them is asked for again. */
export async function alarmsChanged(): Promise<void> {
  await Promise.all(
    ["alarms", "alarm", "alarm-counts"].map((key) =>
      queryClient.invalidateQueries({ queryKey: [key] }),
    ),
  );
}
