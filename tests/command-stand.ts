import { randomUUID } from "node:crypto";
import type { FakeClock } from "../base/clock.ts";
import { createCommandQueue } from "../domain/commands/command-queue-postgres.ts";
import type { CommandDetail, Commands } from "../domain/commands/commands.ts";
import { createCommands } from "../domain/commands/commands-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { loadProfiles, type Profiles } from "../domain/devices/profile-load.ts";
import type { Act } from "../domain/identity/audit.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import {
  createTerminalLink,
  sealAcknowledgement,
  sealReport,
  type TerminalLink,
} from "../firmware-sim/terminal-link.ts";
import { hearPage, type LinkAnswer } from "../firmware-sim/terminal-link-pages.ts";
import { createAirtime } from "../network/airtime.ts";
import { sealCommandPages } from "../network/command-pages.ts";
import { newCounters } from "../network/counters.ts";
import { createPager } from "../network/pager.ts";
import { createTerminalKeys } from "../network/terminal-keys.ts";
import {
  decodeTransmission,
  type ReceivedPocsagPage,
  transmissionNs,
} from "../protocol/air/pocsag.ts";
import { toHex } from "../protocol/hex.ts";
import { decodePageRequest, type PageRequest, type PageResult } from "../protocol/messages.ts";
import { usedUpTo } from "../protocol/packet/counters.ts";
import { sessionKeys } from "../protocol/packet/keys.ts";
import { pageFromPocsag } from "../protocol/packet/page-symbols.ts";
import { KEY_SEAL_KEY, positionReport, rootKeyOf, uplinkBench } from "./uplink-bench.ts";

export const CAR = 42;
const ALL_PARTITIONS = new Set(Array.from({ length: 64 }, (_, partition) => partition));

export const act = (clock: FakeClock, id: string, kind: "user" | "key" = "user"): Act => ({
  actor: { kind, id, name: id },
  atMs: clock.now(),
});

/** The head end on a real database with a vehicle that is in session and stands still, and gateways that are online. */
export async function commandStand(db: Db, gateways: readonly string[] = ["gateway-1"]) {
  const bench = uplinkBench(db);
  const { clock } = bench;
  const profiles = loadProfiles("profiles").byName;
  const commands = createCommands({ db, audit: createAudit(db), profiles, makeId: randomUUID });
  await bench.enrol(CAR);
  await bench.attached(CAR);
  for (const id of gateways)
    await db
      .insertInto("gateway")
      .values({ ...{ id, name: id, online: true, modems: "[]", counters: "{}" } })
      .execute();
  const terminal = createStandTerminal();
  const report = async (speed: number): Promise<void> => {
    const bytes = terminal.report(speed);
    await bench.uplinks.store(
      gateways.map((gatewayId, at) => bench.uplink(bytes, { gatewayId, rssiDbm: -90 - 20 * at })),
    );
  };
  await report(0);
  return {
    bench,
    clock,
    commands,
    profiles,
    terminal,
    report,
    headEnd: () => headEnd(db, bench.clock, profiles),
  };
}

export type CommandStand = Awaited<ReturnType<typeof commandStand>>;

export interface OnAir {
  readonly gatewayId: string;
  readonly request: PageRequest;
}

/** What a process holds in memory: made anew, it is as after a restart. */
function headEnd(db: Db, clock: FakeClock, profiles: Profiles["byName"]) {
  const queue = createCommandQueue({ db, profiles });
  const published: OnAir[] = [];
  let isDying = false;
  const pager = createPager({
    ...{ clock, pages: pageStorePostgres(db), commands: queue, counters: newCounters() },
    ...{ airtime: createAirtime(100), pageRate: 1200 },
    partitions: { held: ALL_PARTITIONS },
    link: {
      isConnected: true,
      async publish(topic, payload) {
        if (isDying) throw new Error("killed before it published");
        const decoded = decodePageRequest(payload);
        if (!decoded.ok) throw new Error(decoded.fault);
        published.push({ gatewayId: topic.split("/").at(-1) ?? "", request: decoded.message });
      },
    },
  });
  const keySeal = createKeySeal(KEY_SEAL_KEY);
  const seal = sealCommandPages(createTerminalKeys(keySeal), keySeal.secrets);
  return {
    work: () => queue.work(clock.now(), ALL_PARTITIONS, seal),
    page: () => pager.tick(),
    /** What was published since this was last asked. */
    takePublished: (): OnAir[] => published.splice(0),
    paged: (result: PageResult) => pager.result(result),
    dieBeforePublishing: (): void => {
      isDying = true;
    },
  };
}

/** A terminal by the simulator's own rules, on a radio link without losses. */
function createStandTerminal() {
  const { up, down } = sessionKeys(rootKeyOf(CAR), CAR, 1, 77);
  let link: TerminalLink = {
    ...createTerminalLink(CAR, rootKeyOf(CAR)),
    attachNonce: 1,
    session: {
      ...{ networkNonce: 77, upKey: toHex(up), downKey: toHex(down) },
      ...{ nextCounter: 0, reservedEnd: 0, heard: usedUpTo(-1) },
    },
  };
  const acted: { readonly number: number; readonly arguments: string }[] = [];
  const counters: number[] = [];
  const ignored: ReceivedPocsagPage[] = [];
  let result = 0;

  return {
    acted,
    counters,
    /** To its own address, and none that it took. */
    ignored,
    /** 0 done, 3 busy, 4 unsafe now. */
    answersWith(next: number): void {
      result = next;
    },

    report(speed: number): Uint8Array {
      const sealed = sealReport(link, positionReport(31.2, 121.5, speed));
      if (sealed === undefined) throw new Error("it is in session");
      link = sealed.next;
      return sealed.bytes;
    },

    hear({ words }: PageRequest): readonly LinkAnswer[] {
      return decodeTransmission(words).pages.flatMap((message) => {
        const page = pageFromPocsag(message);
        if (!page.ok) return [];
        const heard = hearPage(link, { ric: message.ric, bytes: page.bytes }, () => result);
        link = heard.next;
        if (heard.effect === "ignored") ignored.push(message);
        if (heard.effect !== "acts" && heard.effect !== "repeats-result") return [];
        counters.push(heard.counter);
        const { number, arguments: given } = heard.command;
        if (heard.effect === "acts") acted.push({ number, arguments: toHex(given) });
        return heard.answer ? [heard.answer] : [];
      });
    },

    acknowledge(answer: LinkAnswer): Uint8Array {
      const sealed = sealAcknowledgement(link, answer);
      if (sealed === undefined) throw new Error("it is in session");
      link = sealed.next;
      return sealed.bytes;
    },
  };
}

export const airMsOf = ({ words, rate }: PageRequest): number =>
  Number(transmissionNs(words.length, rate) / 1_000_000n);

/** The steps of a command, each with its state. */
export async function statesOf(commands: Commands, id: string): Promise<readonly string[]> {
  return (await detailOf(commands, id)).evidence.map(({ state }) => state);
}

export async function detailOf(commands: Commands, id: string): Promise<CommandDetail> {
  const command = await commands.find(id, "all");
  if (command === undefined) throw new Error(`command ${id} is there`);
  return command;
}

export const asked = (name: string, more: object = {}) => ({
  ...{ address: CAR, name, arguments: {}, expiryS: undefined, place: null, isDrill: false },
  ...{ note: "" },
  ...more,
});
