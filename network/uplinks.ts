import { type Breather, createBreather } from "../base/breather.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { PacketIdentity } from "../domain/packets/uplink-changes.ts";
import { placeKey, type UplinkReader, type UplinkWriter } from "../domain/packets/uplink-store.ts";
import type { Verdict } from "../domain/packets/verdict.ts";
import type { Uplink } from "../protocol/messages.ts";
import { possibleCounters } from "../protocol/packet/counters.ts";
import { parsePacket, type TerminalPacket } from "../protocol/packet/packet.ts";
import { type Batch, createBatch } from "./batch.ts";
import { refuse } from "./outcomes.ts";
import { createRecentPackets } from "./recent-packets.ts";
import type { TerminalKeys } from "./terminal-keys.ts";
import { takeUplink, type UplinkDeps } from "./uplink.ts";

export interface UplinksDeps extends UplinkDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly reader: UplinkReader;
  readonly writer: UplinkWriter;
  readonly keys: TerminalKeys;
  /** Told of each verdict that is durable. */
  readonly judged?: (verdict: Verdict) => void;
}

export type Uplinks = ReturnType<typeof createUplinks>;

function packetOf({ phyPayload }: Uplink): readonly TerminalPacket[] {
  const parsed = parsePacket(phyPayload);
  return parsed.ok ? [parsed.packet] : [];
}

/** The shell around uplink.ts: load what a batch needs, judge it, commit it as one. */
export function createUplinks(deps: UplinksDeps) {
  const { clock, log, reader, writer, keys } = deps;
  const recent = createRecentPackets();

  async function load(uplinks: readonly Uplink[], breathe: Breather): Promise<Batch> {
    const nowMs = clock.now();
    const packets = uplinks.flatMap(packetOf);
    const takeId = await reader.reserveIds(uplinks.length);
    const addresses = new Set(packets.map(({ address }) => address));
    const terminals = await reader.loadTerminals(addresses, nowMs);
    const identities: PacketIdentity[] = [];
    for (const packet of packets) {
      const pause = breathe();
      if (pause) await pause;
      identities.push(...olderIdentities(packet, terminals));
    }
    const logged = await reader.loadPackets(identities);
    return createBatch({ terminals, packets: logged, recent, keys, takeId, nowMs });
  }

  async function take(uplinks: readonly Uplink[], spoiled: ReadonlySet<Uplink>): Promise<void> {
    const unstored = await leaveOutStored(reader, uplinks);
    if (unstored.length > 0) {
      const breathe = createBreather(); // a forged tag is tried under each session of its terminal, and a batch may be full of them
      const batch = await load(unstored, breathe);
      for (const uplink of unstored) {
        const pause = breathe();
        if (pause) await pause;
        if (spoiled.has(uplink)) refuse(batch, uplink, "undecodable", { fault: "internal" });
        else takeUplink(deps, batch, uplink);
      }
      await writer.commit(batch.toCommit());
      batch.remember();
      for (const { verdict } of batch.changes.receptions) deps.judged?.(verdict);
    }
    reader.noteStored(uplinks);
  }

  return {
    /**
     * Stores a batch and answers which of it are now durably judged. One that cannot be judged is stored as such and
     * the rest as if it had not been there. Throws when the database is away: then nothing was stored.
     */
    async store(uplinks: readonly Uplink[]): Promise<readonly Uplink[]> {
      try {
        await take(uplinks, new Set());
        return uplinks;
      } catch (error) {
        if (isAway(error)) throw error;
        log.warn({ err: error, uplinks: uplinks.length }, "batch taken apart");
      }
      this.forget(); // another process may have written what was remembered
      const stored: Uplink[] = [];
      for (const uplink of uplinks) if (await storeAlone(uplink)) stored.push(uplink);
      return stored;
    },

    /** For whenever another process may have worked on the same terminals. */
    forget(): void {
      recent.forget();
      reader.forget();
    },
  };

  async function storeAlone(uplink: Uplink): Promise<boolean> {
    const { gatewayId, sequence } = uplink;
    for (const spoiled of [[], [uplink]]) {
      try {
        await take([uplink], new Set(spoiled));
        return true;
      } catch (error) {
        if (isAway(error)) throw error;
        log.error({ err: error, gatewayId, sequence: String(sequence) }, "uplink not judged");
      }
    }
    return false; // the gateway keeps it
  }
}

/** A redelivered uplink, and one that comes twice in a batch, changes nothing. */
async function leaveOutStored(
  reader: UplinkReader,
  uplinks: readonly Uplink[],
): Promise<readonly Uplink[]> {
  const stored = await reader.findStored(uplinks);
  const fresh = new Map<string, Uplink>();
  for (const uplink of uplinks) {
    const key = placeKey(uplink);
    if (!stored.has(key) && !fresh.has(key)) fresh.set(key, uplink);
  }
  return [...fresh.values()];
}

/** Packets that may be meant by counters at or below a session's highest: the only ones that can be stored already. */
function olderIdentities(
  packet: TerminalPacket,
  terminals: Awaited<ReturnType<UplinkReader["loadTerminals"]>>,
): readonly PacketIdentity[] {
  const { address, attachNonce, counterLow16 } = packet;
  const terminal = terminals.get(address);
  if (!terminal) return [];
  if (attachNonce !== undefined) {
    const isOld = attachNonce <= terminal.lastAttachNonce;
    return isOld ? [{ address, session: 0, counter: attachNonce }] : [];
  }
  return terminal.sessions.flatMap(({ networkNonce, highest }) => {
    const counter = possibleCounters(highest, counterLow16).atOrBelow;
    return counter === undefined ? [] : [{ address, session: networkNonce, counter }];
  });
}

/** Class 08, 53, 57, 58 and the operating system's own errors: the database cannot work now, whatever we send. */
const AWAY = /^(08|53|57|58)|^E[A-Z]+$|^unavailable$/;

export function isAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && AWAY.test(cause.code)) return true;
    if (/connection|timeout|closed/i.test(cause.message) && !("code" in cause)) return true;
  }
  return false;
}
