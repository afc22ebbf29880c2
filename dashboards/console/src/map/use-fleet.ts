import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { packetsQuery, positionsQuery, queryClient } from "../api/queries.ts";
import type { LiveEventTypes, PacketSummary, Position } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { every, nowMs } from "../time/clock.ts";

const FLUSH_MS = 400;
const ALERT_MS = 10 * 60_000;
const HEARD_MAX = 30;

/** When live packets were heard: an attach or a link test measures nothing and is a sign of life. */
const heardAt = new Map<number, string>();

export function lastHeard({
  address,
  measuredAt: fixedAt,
  heardAt: toldAt,
}: Position): string | null {
  const measuredAt = toldAt ?? fixedAt;
  const heard = heardAt.get(address);
  if (heard === undefined || measuredAt === null) return heard ?? measuredAt;
  return Date.parse(heard) > Date.parse(measuredAt) ? heard : measuredAt;
}

type PositionEvent = LiveEventTypes["position"];

/** The fleet's positions, kept up to date by live events that are taken over in batches. */
export function useFleet() {
  const query = useQuery(positionsQuery);
  const live = useLive();
  const waiting = useRef(new Map<number, Partial<Position>>());

  useLiveEvent(live, "position", (event: PositionEvent) => {
    waiting.current.set(event.address, { ...waiting.current.get(event.address), ...event });
  });
  useLiveEvent(live, "packet", ({ address, verdict, measuredAt, receivedAt }) => {
    if (address === null || verdict !== "new") return;
    heardAt.set(address, measuredAt ?? receivedAt);
  });
  useEffect(
    () =>
      every(FLUSH_MS, () => {
        if (waiting.current.size === 0) return;
        const changes = waiting.current;
        waiting.current = new Map();
        queryClient.setQueryData(
          positionsQuery.queryKey,
          (old) => old && merged(old.items, changes),
        );
      }),
    [],
  );
  return query;
}

function merged(items: readonly Position[], changes: ReadonlyMap<number, Partial<Position>>) {
  const known = new Set(items.map(({ address }) => address));
  const isNew = [...changes].some(
    ([address, change]) => !known.has(address) && "latitude" in change,
  );
  if (isNew) void queryClient.invalidateQueries({ queryKey: positionsQuery.queryKey });
  return {
    items: items.map((item) => {
      const change = changes.get(item.address);
      return change ? { ...item, ...change } : item;
    }),
  };
}

/** Terminals that sent an emergency packet a short while ago, with when that ends. */
export function useAlerts(): ReadonlyMap<number, number> {
  const [alerts, setAlerts] = useState<ReadonlyMap<number, number>>(new Map());
  const recent = useInfiniteQuery(packetsQuery({ type: "emergency" }, 50)).data?.pages[0]?.items;
  const raise = (packets: readonly PacketSummary[]): void => {
    const raised = packets.filter(
      ({ type, verdict, drill, receivedAt }) =>
        type === "emergency" &&
        verdict === "new" &&
        !drill &&
        Date.parse(receivedAt) > nowMs() - ALERT_MS,
    );
    if (raised.length === 0) return;
    setAlerts((old) => {
      const next = new Map(old);
      for (const { address, receivedAt } of raised)
        if (address !== null)
          next.set(address, Math.max(next.get(address) ?? 0, Date.parse(receivedAt) + ALERT_MS));
      return next;
    });
  };
  useEffect(() => {
    if (recent) raise(recent);
  }, [recent]);
  useLiveEvent(useLive(), "packet", (packet) => {
    raise([packet]);
  });
  return alerts;
}

/** The packets that were heard since the page was opened, newest first. */
export function useHeard(heard: (packet: PacketSummary) => void): readonly PacketSummary[] {
  const [packets, setPackets] = useState<readonly PacketSummary[]>([]);
  useLiveEvent(useLive(), "packet", (packet) => {
    heard(packet);
    setPackets((old) => [packet, ...old].slice(0, HEARD_MAX));
  });
  return packets;
}
