import type { Devices, FleetPosition } from "../domain/devices/devices.ts";
import type { Gateway, Gateways } from "../domain/devices/gateways.ts";
import type { NewReception, PacketFeed } from "../domain/packets/packet-feed.ts";
import type { PacketSummary } from "../domain/packets/packet-log.ts";

export type LiveEvent =
  | { readonly kind: "packet"; readonly packet: PacketSummary }
  | { readonly kind: "reception"; readonly reception: NewReception }
  | { readonly kind: "position"; readonly position: FleetPosition }
  | { readonly kind: "gateway"; readonly gateway: Gateway };

/** What one look at the database found; the cursor lets a client that comes back go on from here. */
export interface LiveBatch {
  readonly cursor: bigint;
  readonly events: readonly LiveEvent[];
}

export interface LiveEvents {
  /** Calls back with every batch until the returned function is called. */
  subscribe(take: (batch: LiveBatch) => void): () => void;
  /** What a client missed; undefined when that is more than is worth telling. */
  since(cursor: bigint): Promise<LiveBatch | undefined>;
  /** Looks once; `every` calls it. */
  tick(): Promise<void>;
  readonly subscribers: number;
}

export interface LiveEventsDeps {
  readonly feed: PacketFeed;
  readonly devices: Devices;
  readonly gateways: Gateways;
  readonly now: () => number;
}

export const SUBSCRIBERS_MAX = 2_000;
const GATEWAY_LOOKS_EVERY = 10;

/** One look at the database serves every client; nobody listening, nobody looks. */
export function createLiveEvents({ feed, devices, gateways, now }: LiveEventsDeps): LiveEvents {
  const takers = new Set<(batch: LiveBatch) => void>();
  let cursor: bigint | undefined;
  let looks = 0;
  let shownGateways = new Map<string, string>();

  async function look(from: bigint): Promise<LiveBatch> {
    const news = await feed.newPacketsSince(from);
    const moved = new Set(
      news.packets.flatMap(({ address, verdict }) =>
        address !== null && (verdict === "new" || verdict === "late") ? [address] : [],
      ),
    );
    const positions = moved.size === 0 ? [] : await devices.positions([...moved]);
    return {
      cursor: news.cursor,
      events: [
        ...news.packets.map((packet): LiveEvent => ({ kind: "packet", packet })),
        ...news.receptions.map((reception): LiveEvent => ({ kind: "reception", reception })),
        ...positions.map((position): LiveEvent => ({ kind: "position", position })),
      ],
    };
  }

  async function changedGateways(): Promise<LiveEvent[]> {
    if (looks++ % GATEWAY_LOOKS_EVERY !== 0) return [];
    const all = await gateways.list(now());
    const shown = new Map(all.map((gateway) => [gateway.id, JSON.stringify(gateway)]));
    const before = shownGateways;
    shownGateways = shown;
    return all
      .filter((gateway) => before.get(gateway.id) !== shown.get(gateway.id))
      .map((gateway) => ({ kind: "gateway", gateway }));
  }

  return {
    subscribe(take) {
      takers.add(take);
      return () => {
        takers.delete(take);
        if (takers.size === 0) cursor = undefined;
      };
    },

    async since(from) {
      const batch = await look(from);
      const isWhole = batch.cursor >= (await feed.now());
      return isWhole ? batch : undefined;
    },

    async tick() {
      if (takers.size === 0) return;
      cursor ??= await feed.now();
      const batch = await look(cursor);
      const events = [...batch.events, ...(await changedGateways())];
      if (takers.size > 0) cursor = batch.cursor; // the last may have left meanwhile
      if (events.length === 0) return;
      for (const take of takers) take({ cursor: batch.cursor, events });
    },

    get subscribers() {
      return takers.size;
    },
  };
}
