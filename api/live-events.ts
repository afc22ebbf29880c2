import type { Alarm, Alarms } from "../domain/alerting/alarms.ts";
import type { CommandSummary, Commands } from "../domain/commands/commands.ts";
import type { Devices, FleetPosition, HeldPosition } from "../domain/devices/devices.ts";
import type { Gateway, Gateways } from "../domain/devices/gateways.ts";
import type { GroupCommandSummary, GroupCommands } from "../domain/groups/group-commands.ts";
import type {
  NewReception,
  PacketBearing,
  PacketFeed,
  PacketNews,
} from "../domain/packets/packet-feed.ts";
import { type PacketSummary, READABLE_VERDICTS } from "../domain/packets/packet-log.ts";

export type LiveEvent =
  | { readonly kind: "packet"; readonly packet: PacketSummary }
  | { readonly kind: "reception"; readonly reception: NewReception }
  | { readonly kind: "position"; readonly position: FleetPosition }
  | { readonly kind: "alarm"; readonly alarm: Alarm }
  | { readonly kind: "command"; readonly command: CommandSummary }
  | { readonly kind: "group-command"; readonly command: GroupCommandSummary }
  | { readonly kind: "gateway"; readonly gateway: Gateway };

/** What must be known of a batch to say who may be told of it. */
export interface Bearings {
  readonly terminals: ReadonlyMap<number, HeldPosition>;
  readonly packets: ReadonlyMap<bigint, PacketBearing>;
  /** Those of a new report. */
  readonly moved: ReadonlySet<number>;
}

/** What one look at the database found; the cursor lets a client that comes back go on from here. */
export interface LiveBatch {
  readonly cursor: bigint;
  readonly events: readonly LiveEvent[];
  /** Looked up once for all who do not see everything; empty when nobody needs it. */
  readonly bearings: Bearings;
}

export interface LiveEvents {
  /** Calls back with every batch until the returned function is called. */
  subscribe(take: (batch: LiveBatch) => void, seesAll: boolean): () => void;
  /** What a client missed; undefined when that is more than is worth telling. */
  since(cursor: bigint, seesAll: boolean): Promise<LiveBatch | undefined>;
  /** Looks once; `every` calls it. */
  tick(): Promise<void>;
  readonly subscribers: number;
}

export interface LiveEventsDeps {
  readonly feed: PacketFeed;
  readonly devices: Pick<Devices, "positionsOf" | "heldPositions">;
  readonly gateways: Pick<Gateways, "list">;
  readonly alarms: Pick<Alarms, "changed">;
  readonly commands: Pick<Commands, "changed">;
  readonly groupCommands: Pick<GroupCommands, "changed">;
  readonly now: () => number;
}

export const SUBSCRIBERS_MAX = 2_000;
const GATEWAY_LOOKS_EVERY = 10;
const NO_BEARINGS: Bearings = { terminals: new Map(), packets: new Map(), moved: new Set() };

/** One look at the database serves every client; nobody listening, nobody looks. */
export function createLiveEvents(deps: LiveEventsDeps): LiveEvents {
  const { feed, gateways, now } = deps;
  const takers = new Map<(batch: LiveBatch) => void, { readonly seesAll: boolean }>();
  let cursor: bigint | undefined;
  let looks = 0;
  let shownGateways = new Map<string, string>();

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
    subscribe(take, seesAll) {
      takers.set(take, { seesAll });
      return () => {
        takers.delete(take);
        if (takers.size === 0) cursor = undefined;
      };
    },

    async since(from, seesAll) {
      const batch = await look(deps, from, seesAll);
      const isWhole = batch.cursor >= (await feed.now());
      return isWhole ? batch : undefined;
    },

    async tick() {
      if (takers.size === 0) return;
      cursor ??= await feed.now();
      const seeAll = takers.values().every(({ seesAll }) => seesAll);
      const batch = await look(deps, cursor, seeAll);
      const events = [...batch.events, ...(await changedGateways())];
      if (takers.size > 0) cursor = batch.cursor; // the last may have left meanwhile
      if (events.length === 0) return;
      for (const [take, { seesAll }] of takers) {
        // who came during this look and needs what was not looked up is told from the next one on
        if (seesAll || !seeAll) take({ ...batch, events });
      }
    },

    get subscribers() {
      return takers.size;
    },
  };
}

type Looked = Pick<LiveEventsDeps, "feed" | "devices" | "alarms" | "commands" | "groupCommands">;

/** Of a storm the newest are told; who missed the others asks for the list. */
const ALARMS_MAX = 500;
const COMMANDS_MAX = 500;

async function look(
  { feed, devices, alarms, commands, groupCommands }: Looked,
  from: bigint,
  seeAll: boolean,
): Promise<LiveBatch> {
  const news = await feed.newPacketsSince(from);
  const changed = await alarms.changed({ after: from, upTo: news.cursor, limit: ALARMS_MAX });
  const stepped = await commands.changed({ after: from, upTo: news.cursor, limit: COMMANDS_MAX });
  const toGroups = await groupCommands.changed({
    ...{ after: from, upTo: news.cursor, limit: COMMANDS_MAX },
  });
  const moved = new Set(
    news.packets.flatMap(({ address, verdict }) =>
      address !== null && READABLE_VERDICTS.includes(verdict) ? [address] : [],
    ),
  );
  const positions = moved.size === 0 ? [] : await devices.positionsOf([...moved]);
  return {
    cursor: news.cursor,
    bearings: seeAll ? NO_BEARINGS : await bearingsOf({ feed, devices }, news, moved),
    events: [
      ...changed.map((alarm): LiveEvent => ({ kind: "alarm", alarm })),
      ...stepped.map((command): LiveEvent => ({ kind: "command", command })),
      ...toGroups.map((command): LiveEvent => ({ kind: "group-command", command })),
      ...news.packets.map((packet): LiveEvent => ({ kind: "packet", packet })),
      ...news.receptions.map((reception): LiveEvent => ({ kind: "reception", reception })),
      ...positions.map((position): LiveEvent => ({ kind: "position", position })),
    ],
  };
}

async function bearingsOf(
  { feed, devices }: Pick<Looked, "feed" | "devices">,
  news: PacketNews,
  moved: ReadonlySet<number>,
): Promise<Bearings> {
  const packets = new Map<bigint, PacketBearing>(news.packets.map((packet) => [packet.id, packet]));
  const missing = news.receptions.map(({ packetId }) => packetId).filter((id) => !packets.has(id));
  for (const [id, packet] of await feed.packetsAbout([...new Set(missing)]))
    packets.set(id, packet);
  const addresses = [...packets.values()].flatMap(({ address, verdict }) =>
    address !== null && READABLE_VERDICTS.includes(verdict) ? [address] : [],
  );
  const held = await devices.heldPositions([...new Set(addresses)]);
  return { packets, moved, terminals: new Map(held.map((one) => [one.address, one])) };
}
