import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Random } from "../base/random.ts";
import { createCommandQueue } from "../domain/commands/command-queue-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { createGroups } from "../domain/devices/groups-postgres.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { createCalendarClock } from "../domain/groups/calendar-clock-postgres.ts";
import { createCalendars } from "../domain/groups/calendars-postgres.ts";
import { createGroupCommands } from "../domain/groups/group-commands-postgres.ts";
import { groupKeyOwner } from "../domain/groups/group-keys.ts";
import { createGroupKeys } from "../domain/groups/group-keys-postgres.ts";
import { createGroupQueue } from "../domain/groups/group-queue-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import {
  createTerminalLink,
  type LinkGroup,
  sealAcknowledgement,
  type TerminalLink,
} from "../firmware-sim/terminal-link.ts";
import { answerWindow } from "../firmware-sim/terminal-link-answers.ts";
import { hearPage, type LinkAnswer } from "../firmware-sim/terminal-link-pages.ts";
import { createAirtime } from "../network/airtime.ts";
import { sealCommandPages, sealGroupPages } from "../network/command-pages.ts";
import { newCounters } from "../network/counters.ts";
import { createPager } from "../network/pager.ts";
import { bothQueues } from "../network/start-downlink.ts";
import { createTerminalKeys } from "../network/terminal-keys.ts";
import { decodeTransmission } from "../protocol/air/pocsag.ts";
import { toHex } from "../protocol/hex.ts";
import { decodePageRequest, type PageRequest } from "../protocol/messages.ts";
import { usedUpTo } from "../protocol/packet/counters.ts";
import { sessionKeys } from "../protocol/packet/keys.ts";
import { groupRic, individualRic } from "../protocol/packet/page.ts";
import { pageFromPocsag } from "../protocol/packet/page-symbols.ts";
import { airMsOf } from "./command-stand.ts";
import { KEY_SEAL_KEY, rootKeyOf, sealed, uplinkBench } from "./uplink-bench.ts";

const ALL_PARTITIONS = new Set(Array.from({ length: 64 }, (_, partition) => partition));
const STORED_AT_ONCE = 200;

export interface GroupStandOptions {
  readonly lamps: number;
  readonly gateways: readonly string[];
  readonly random: Random;
}

export type GroupStand = Awaited<ReturnType<typeof groupStand>>;

/** Terminals with addresses from here on; each was last heard by one gateway, in turn. */
export const FIRST = 1_000;

/** The head end on a real database with lamps in session, and gateways that are online. */
export async function groupStand(db: Db, { lamps, gateways, random }: GroupStandOptions) {
  const bench = uplinkBench(db);
  const { clock } = bench;
  const profiles = loadProfiles("profiles").byName;
  const audit = createAudit(db);
  const making = { db, audit, profiles, makeId: randomUUID };
  const keySeal = createKeySeal(KEY_SEAL_KEY);
  const addresses = Array.from({ length: lamps }, (_, at) => FIRST + at);
  const radio = createRadio(addresses, gateways);
  for (const id of gateways)
    await db
      .insertInto("gateway")
      .values({ ...{ id, name: id, online: true, modems: "[]", counters: "{}" } })
      .execute();
  for (const address of addresses) {
    await bench.enrol(address);
    await bench.attached(address);
  }
  await store(
    addresses.map((address) => ({
      bytes: sealed(address, 0),
      gatewayId: radio.gatewayOf(address),
    })),
  );
  // heard as what the bench can read, and then of the type that is told something
  await db.updateTable("terminal").set({ profile: "streetlight" }).execute();

  async function store(packets: readonly { bytes: Uint8Array; gatewayId: string }[]) {
    for (let at = 0; at < packets.length; at += STORED_AT_ONCE)
      await bench.uplinks.store(
        packets
          .slice(at, at + STORED_AT_ONCE)
          .map(({ bytes, gatewayId }) => bench.uplink(bytes, { gatewayId })),
      );
  }

  /** What a process holds in memory: made anew, it is as after a restart. */
  function headEnd() {
    const published: { readonly gatewayId: string; readonly request: PageRequest }[] = [];
    const commands = createCommandQueue(making);
    const groups = createGroupQueue(making);
    const makeKey = () => Uint8Array.from({ length: 16 }, () => Math.floor(random.next() * 256));
    const keys = createGroupKeys({ ...making, secrets: keySeal.secrets, makeKey });
    const calendars = createCalendarClock(making);
    const pager = createPager({
      ...{ clock, pages: pageStorePostgres(db), counters: newCounters(), pageRate: 1200 },
      commands: bothQueues(commands, groups),
      airtime: createAirtime(100),
      partitions: { held: ALL_PARTITIONS },
      link: {
        isConnected: true,
        async publish(topic, payload) {
          const decoded = decodePageRequest(payload);
          if (!decoded.ok) throw new Error(decoded.fault);
          published.push({ gatewayId: topic.split("/").at(-1) ?? "", request: decoded.message });
        },
      },
    });
    const sealOne = sealCommandPages(createTerminalKeys(keySeal), keySeal.secrets);
    const tell = () => groups.work(clock.now(), ALL_PARTITIONS, sealGroupPages(keySeal.secrets));
    return {
      ...{ pager, calendars, tell },
      async work(): Promise<void> {
        await keys.work(clock.now());
        await calendars.work(clock.now());
        await commands.work(clock.now(), ALL_PARTITIONS, sealOne);
        await tell();
        await pager.tick();
      },
      takePublished: () => published.splice(0),
    };
  }

  return {
    ...{ bench, clock, db, radio, store, headEnd, addresses },
    groups: createGroups(making),
    groupCommands: createGroupCommands(making),
    calendars: createCalendars(making),
  };
}

interface Pending {
  readonly atMs: number;
  readonly address: number;
  readonly answer: LinkAnswer;
}

/** Terminals by the simulator's own rules; each hears the gateway that it is near, unless it is deaf. */
function createRadio(addresses: readonly number[], gateways: readonly string[]) {
  const links = new Map<number, TerminalLink>();
  const acted = new Map<number, string[]>();
  const deaf = new Set<number>();
  const pending: Pending[] = [];
  for (const address of addresses) {
    const { up, down } = sessionKeys(rootKeyOf(address), address, 1, 77);
    links.set(address, {
      ...createTerminalLink(address, rootKeyOf(address)),
      attachNonce: 1,
      session: {
        ...{ networkNonce: 77, upKey: toHex(up), downKey: toHex(down) },
        ...{ nextCounter: 1, reservedEnd: 64, heard: usedUpTo(-1) },
      },
    });
  }
  const gatewayOf = (address: number): string => gateways[address % gateways.length] ?? "";
  const linkOf = (address: number): TerminalLink => {
    const link = links.get(address);
    if (link === undefined) throw new Error(`terminal ${address} is there`);
    return link;
  };

  function hear(
    address: number,
    message: ReturnType<typeof decodeTransmission>["pages"][number],
    endMs: number,
  ) {
    const link = linkOf(address);
    const isMine =
      message.ric === individualRic(address) ||
      link.groups.some(({ id }) => groupRic(id) === message.ric);
    const page = isMine && !deaf.has(address) ? pageFromPocsag(message) : undefined;
    if (!page?.ok) return;
    const heard = hearPage(link, { ric: message.ric, bytes: page.bytes }, () => 0);
    links.set(address, heard.next);
    if (heard.effect !== "acts" && heard.effect !== "repeats-result") return;
    const { to, number, arguments: given } = heard.command;
    if (heard.effect === "acts" && number > 1)
      acted.set(address, [...(acted.get(address) ?? []), `${to} ${number} ${toHex(given)}`]);
    if (!heard.answer) return;
    const { earliestNs } = answerWindow(BigInt(endMs) * 1_000_000n, address, heard.answer.slots);
    const atMs = Number(earliestNs / 1_000_000n) + 200;
    pending.push({ atMs, address, answer: heard.answer });
  }

  return {
    ...{ acted, deaf, gatewayOf, linkOf },
    /** Everybody near the gateway hears what it sends. */
    send(gatewayId: string, { words }: PageRequest, endMs: number): void {
      const { pages } = decodeTransmission(words);
      for (const address of addresses)
        if (gatewayOf(address) === gatewayId)
          for (const message of pages) hear(address, message, endMs);
    },
    /** The answers whose slots have come. */
    takeAnswers(nowMs: number): { readonly bytes: Uint8Array; readonly gatewayId: string }[] {
      const due = pending.filter(({ atMs }) => atMs <= nowMs);
      pending.splice(0, pending.length, ...pending.filter(({ atMs }) => atMs > nowMs));
      return due.flatMap(({ address, answer }) => {
        const packet = sealAcknowledgement(linkOf(address), answer);
        if (packet === undefined) return [];
        links.set(address, packet.next);
        return [{ bytes: packet.bytes, gatewayId: gatewayOf(address) }];
      });
    },
    giveKey(group: LinkGroup): void {
      for (const [address, link] of links) links.set(address, { ...link, groups: [group] });
    },
  };
}

export interface Played {
  /** Of the pages to groups alone. */
  readonly groupPages: number;
  readonly groupAirMs: number;
  readonly pages: number;
  readonly airMs: number;
}

/** Lets time pass in steps until it is so; throws when that does not come. */
export async function playUntil(
  stand: GroupStand,
  head: ReturnType<GroupStand["headEnd"]>,
  isSo: () => Promise<boolean>,
  { stepMs = 2_000, steps = 400 } = {},
): Promise<Played> {
  const { clock, radio } = stand;
  let played: Played = { groupPages: 0, groupAirMs: 0, pages: 0, airMs: 0 };
  for (let step = 0; step < steps; step++) {
    if (await isSo()) return played;
    await head.work();
    for (const { gatewayId, request } of head.takePublished()) {
      const airMs = airMsOf(request);
      const startedAtNs = BigInt(clock.now()) * 1_000_000n;
      radio.send(gatewayId, request, clock.now() + airMs);
      await head.pager.result({ id: request.id, status: "sent", startedAtNs });
      const toGroups = decodeTransmission(request.words).pages.filter(
        ({ ric }) => ric >= groupRic(0),
      );
      played = {
        groupPages: played.groupPages + toGroups.length,
        groupAirMs: played.groupAirMs + (toGroups.length > 0 ? airMs : 0),
        pages: played.pages + 1,
        airMs: played.airMs + airMs,
      };
    }
    clock.advance(stepMs);
    await stand.store(radio.takeAnswers(clock.now()));
  }
  throw new Error("it does not come");
}

export const by = (stand: GroupStand, id: string) => ({
  actor: { kind: "user" as const, id, name: id },
  atMs: stand.clock.now(),
});

/** A group of all lamps whose keys have arrived. */
export async function keyedGroup(
  stand: GroupStand,
  head: ReturnType<GroupStand["headEnd"]>,
  addresses: readonly number[] = stand.addresses,
): Promise<number> {
  const act = by(stand, "ann");
  const { id } = await stand.groups.create({ name: "Lamps", note: "", customerId: null }, act);
  await stand.groups.add(id, { addresses }, act);
  await playUntil(stand, head, async () => (await withKey(stand, id)) === addresses.length, {
    steps: 20 * addresses.length + 400,
  });
  return id;
}

/** The same without the pages that bring them, for a group of thousands. */
export async function keyedAtOnce(stand: GroupStand): Promise<number> {
  const act = by(stand, "ann");
  const { id } = await stand.groups.create({ name: "Lamps", note: "", customerId: null }, act);
  await stand.groups.add(id, { addresses: stand.addresses }, act);
  const key = new Uint8Array(16).fill(7);
  const sealedKey = createKeySeal(KEY_SEAL_KEY).secrets.seal(groupKeyOwner(ON_AIR_ID), key);
  const at = new Date(stand.clock.now());
  await stand.db
    .insertInto("group_key")
    .values({ id: ON_AIR_ID, group_id: id, sealed: sealedKey, next_counter: 0, created_at: at })
    .execute();
  await sql`
    insert into group_key_holder (key_id, address, state, since, due_at)
    select ${ON_AIR_ID}::int8, address, 'held', ${at}::timestamptz, ${at}::timestamptz
    from device_group_member where group_id = ${id}::int8`.execute(stand.db);
  stand.radio.giveKey({ id: ON_AIR_ID, key: toHex(key), heard: usedUpTo(-1) });
  return id;
}

const ON_AIR_ID = 4_000_000;

export const withKey = async (stand: GroupStand, id: number): Promise<number> =>
  (await stand.groupCommands.outlook(id, stand.clock.now())).withKey;

export const switchOn = (groupId: number, more: object = {}) => ({
  ...{ groupId, name: "switch", arguments: { on: true, duration: 0 }, expiryS: undefined },
  ...{ place: null, isDrill: false, catchUp: true, note: "" },
  ...more,
});
