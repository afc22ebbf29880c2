import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { queryClient } from "../api/queries.ts";
import type { Alarm } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useNow } from "../time/use-now.ts";
import { alarmsQuery } from "./alarm-queries.ts";
import { isWanted, mergedRows, type Wanted } from "./alarm-rows.ts";

const NONE: ReadonlyMap<string, Alarm> = new Map();
const MINUTE_MS = 60_000;

/** The alarms of the filter, kept right by the live events; `onChanged` hears of each that changed. */
export function useAlarmRows(wanted: Wanted, onChanged: (alarm: Alarm) => void) {
  const query = useInfiniteQuery(alarmsQuery(wanted));
  const { data, dataUpdatedAt, hasNextPage } = query;
  const [changes, setChanges] = useState({ of: 0, byId: NONE });
  useLiveEvent(useLive(), "alarm", (alarm) => {
    onChanged(alarm);
    setChanges(({ of, byId }) => ({
      of: dataUpdatedAt,
      byId: new Map(of === dataUpdatedAt ? byId : NONE).set(alarm.id, alarm),
    }));
    // one request at a time, however many alarms come
    void queryClient.invalidateQueries({ queryKey: ["alarm-counts"] }, { cancelRefetch: false });
    void queryClient.invalidateQueries({ queryKey: ["alarm", alarm.id] }, { cancelRefetch: false });
  });
  const minuteMs = Math.floor(useNow() / MINUTE_MS) * MINUTE_MS; // what is shelved comes back
  const wants = useCallback(
    (alarm: Alarm) => isWanted(alarm, wanted, minuteMs),
    [wanted, minuteMs],
  );
  const rows = useMemo(() => {
    const loaded = data?.pages.flatMap(({ items }) => items) ?? [];
    const changed = changes.of === dataUpdatedAt ? changes.byId : NONE;
    return mergedRows({ rows: loaded, hasMore: hasNextPage }, changed, wants);
  }, [data, dataUpdatedAt, hasNextPage, changes, wants]);
  return { query, rows };
}
