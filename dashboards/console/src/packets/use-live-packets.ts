import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type LiveEvents, openLiveEvents } from "../api/live-events.ts";
import { given, type PacketFilter, packetsQuery } from "../api/queries.ts";
import type { PacketSummary, ReceptionEvent } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { every } from "../time/clock.ts";
import { LIVE_ROWS_MAX, withPackets, withReceptions } from "./packet-rows.ts";

const FLUSH_MS = 200;
const SEED_PACKETS = 200;

export interface LivePackets {
  readonly rows: readonly PacketSummary[];
  /** How many have arrived since the log was paused. */
  readonly waiting: number;
  readonly query: ReturnType<typeof useSeed>;
}

const useSeed = (filter: PacketFilter) =>
  useInfiniteQuery({ ...packetsQuery(filter, SEED_PACKETS), refetchOnMount: "always" });

/** The server filters: with a filter the log has a stream of its own, without it the console's. */
function useStream(filter: PacketFilter): LiveEvents | undefined {
  const shared = useLive();
  const asked = new URLSearchParams(given(filter)).toString();
  const [own, setOwn] = useState<LiveEvents>();
  useEffect(() => {
    if (asked === "") return undefined;
    const opened = openLiveEvents(`/api/events?${asked}`);
    setOwn(opened);
    return () => {
      setOwn(undefined);
      opened.close();
    };
  }, [asked]);
  return asked === "" ? shared : own;
}

/** The newest packets, first those that the log has, then each as it is heard. */
export function useLivePackets(filter: PacketFilter, isPaused: boolean): LivePackets {
  const [rows, setRows] = useState<readonly PacketSummary[]>([]);
  const [waiting, setWaiting] = useState(0);
  const arrived = useRef<PacketSummary[]>([]);
  const receptions = useRef<ReceptionEvent[]>([]);
  const query = useSeed(filter);
  const stream = useStream(filter);
  const asked = JSON.stringify(given(filter));

  useEffect(() => {
    setRows([]);
    arrived.current = [];
  }, [asked]);
  useEffect(() => {
    const seed = query.data?.pages[0]?.items;
    if (seed && !query.isPlaceholderData) setRows((old) => withPackets(old, seed));
  }, [query.data, query.isPlaceholderData, asked]);

  useLiveEvent(stream, "packet", (packet) => {
    arrived.current.push(packet);
    if (arrived.current.length > LIVE_ROWS_MAX) arrived.current.shift();
  });
  useLiveEvent(stream, "reception", (reception) => {
    receptions.current.push(reception);
    if (receptions.current.length > LIVE_ROWS_MAX) receptions.current.shift();
  });
  useEffect(
    () =>
      every(FLUSH_MS, () => {
        setWaiting(isPaused ? arrived.current.length : 0);
        if (isPaused || (arrived.current.length === 0 && receptions.current.length === 0)) return;
        const packets = arrived.current;
        const heard = receptions.current;
        arrived.current = [];
        receptions.current = [];
        setRows((old) => withReceptions(withPackets(old, packets), heard));
      }),
    [isPaused],
  );
  return { rows, waiting, query };
}
