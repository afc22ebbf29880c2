import { answerOf, api } from "../api/client.ts";
import { type Doing, useDoing } from "../customers/use-doing.ts";
import { useMe } from "../identity/me.tsx";
import { nowMs } from "../time/clock.ts";
import { alarmsChanged } from "./alarm-queries.ts";

/** The API takes so many alarms at once. */
export const AT_ONCE_MAX = 500;
const MINUTE_MS = 60_000;

type Ids = readonly string[];

export interface Deeds {
  readonly doing: Doing;
  readonly acknowledge: (ids: Ids) => Promise<boolean>;
  readonly assign: (ids: Ids, toMe: boolean) => Promise<boolean>;
  readonly comment: (ids: Ids, text: string) => Promise<boolean>;
  /** For so many minutes; null brings them back. */
  readonly shelve: (ids: Ids, minutes: number | null, note: string) => Promise<boolean>;
  /** Answers the id of the new case, undefined where it went wrong. */
  readonly openCase: (id: string, kind: "panic" | "breakdown") => Promise<string | undefined>;
}

/** What one may do with alarms, each answering whether it went well. */
export function useDeeds(): Deeds {
  const doing = useDoing();
  const me = useMe();
  const run = (work: () => Promise<unknown>): Promise<boolean> =>
    doing.run(async () => {
      await work();
      await alarmsChanged();
    });
  return {
    doing,
    acknowledge: (ids) =>
      run(() => answerOf(api.POST("/api/alarms/acknowledge", { body: { ids: [...ids] } }))),
    assign: (ids, toMe) =>
      run(() => {
        const body = { ids: [...ids], assignee: toMe ? me.id : null };
        return answerOf(api.POST("/api/alarms/assign", { body }));
      }),
    comment: (ids, text) =>
      run(() => answerOf(api.POST("/api/alarms/comment", { body: { ids: [...ids], text } }))),
    openCase: async (id, kind) => {
      let opened: string | undefined;
      await run(async () => {
        const params = { path: { id } };
        opened = (await answerOf(api.POST("/api/alarms/{id}/case", { params, body: { kind } }))).id;
      });
      return opened;
    },
    shelve: (ids, minutes, note) =>
      run(() => {
        const until =
          minutes === null ? null : new Date(nowMs() + minutes * MINUTE_MS).toISOString();
        const body = { ids: [...ids], until, ...(note === "" ? {} : { note }) };
        return answerOf(api.POST("/api/alarms/shelve", { body }));
      }),
  };
}
