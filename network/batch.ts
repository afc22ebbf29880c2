import type { ReportToJudge } from "../domain/alerting/report-to-judge.ts";
import type { CommandAnswer } from "../domain/commands/command-queue.ts";
import type {
  AttachToStore,
  EventToSend,
  LoadedTerminal,
  LocateToStore,
  LoggedPacket,
  PacketIdentity,
  PacketToStore,
  PageToSend,
  ReceptionToStore,
  StateChange,
  UplinkChanges,
  UsageToStore,
  WorkingSession,
} from "../domain/packets/uplink-changes.ts";
import { identityKey, type LastPosition } from "../domain/packets/uplink-changes.ts";
import type { Verdict } from "../domain/packets/verdict.ts";
import type { TelemetryPoint } from "../domain/telemetry/telemetry.ts";
import type { Uplink } from "../protocol/messages.ts";
import { bytesKey, type RecentPackets } from "./recent-packets.ts";
import type { TerminalKeys } from "./terminal-keys.ts";

/** A terminal while a batch is judged: each uplink sees what those before it did. */
export interface WorkingTerminal extends Omit<LoadedTerminal, "sessions"> {
  sessions: WorkingSession[];
  lastAttachNonce: number;
  position: LastPosition | undefined;
  pageSequencesOut: number[];
}

export interface BatchSource {
  readonly terminals: ReadonlyMap<number, LoadedTerminal>;
  readonly packets: ReadonlyMap<string, LoggedPacket>;
  readonly recent: RecentPackets;
  readonly keys: TerminalKeys;
  readonly takeId: () => bigint;
  readonly nowMs: number;
}

export type Batch = ReturnType<typeof createBatch>;

/** What a batch has done so far. Nothing outside it changes until it is committed, so a failed one is simply dropped. */
export function createBatch(source: BatchSource) {
  const terminals = new Map<number, WorkingTerminal>();
  const heard = new Map<string, LoggedPacket>(); // by identity
  const heardByBytes = new Map<string, LoggedPacket>();
  const refusals = createRefusals();
  const changes = noChanges();

  function note(packet: LoggedPacket): void {
    heard.set(identityKey(packet), packet);
    heardByBytes.set(bytesKey(packet.bytes), packet);
  }

  return {
    nowMs: source.nowMs,
    nowNs: BigInt(source.nowMs) * 1_000_000n,
    takeId: source.takeId,
    keys: source.keys,
    /** Appended to by the steps of an uplink. */
    changes,

    findTerminal(address: number): WorkingTerminal | undefined {
      const known = terminals.get(address);
      if (known) return known;
      const loaded = source.terminals.get(address);
      if (!loaded) return undefined;
      const sessions = loaded.sessions.map((session) => source.keys.working(loaded, session));
      const terminal = { ...loaded, sessions, pageSequencesOut: [...loaded.pageSequencesOut] };
      terminals.set(address, terminal);
      return terminal;
    },

    findPacket(identity: PacketIdentity): LoggedPacket | undefined {
      const key = identityKey(identity);
      return heard.get(key) ?? source.recent.findByIdentity(key) ?? source.packets.get(key);
    },

    /** The same bytes were proved before: they need no second decryption. */
    findByBytes(bytes: Uint8Array): LoggedPacket | undefined {
      const key = bytesKey(bytes);
      return heardByBytes.get(key) ?? source.recent.findByBytes(key);
    },

    addPacket(packet: PacketToStore): void {
      changes.packets.push(packet);
      if (!packet.accepted || !packet.identity) return;
      note({
        ...packet.identity,
        id: packet.id,
        bytes: packet.payload,
        firstOnAirNs: packet.receivedAtNs,
        receptionsNs: [],
      });
    },

    addReception(uplink: Uplink, packetId: bigint, verdict: Verdict): void {
      const { rssiDbm, clockErrorNs, ...rest } = uplink;
      changes.receptions.push({ ...rest, rssiDbm, clockErrorNs, packetId, verdict });
    },

    /** So that later copies are told apart from a resend. */
    noteReception(packet: LoggedPacket, receivedAtNs: bigint): void {
      note({
        ...packet,
        receptionsNs: [...packet.receptionsNs, receivedAtNs].slice(-RECEPTIONS_REMEMBERED),
      });
    },

    countRefusal: refusals.count,

    /** For the transaction. */
    toCommit(): UplinkChanges {
      const sessions = [...terminals.values()].flatMap((terminal) =>
        terminal.sessions
          .filter(({ isNew, isChanged }) => isNew || isChanged)
          .map((session) => ({ address: terminal.address, session })),
      );
      return { ...changes, sessions, refusals: refusals.all(), nowMs: source.nowMs };
    },

    /** To be called once all of it is committed. */
    remember(): void {
      for (const packet of heard.values()) source.recent.remember(packet);
    },
  };
}

const RECEPTIONS_REMEMBERED = 64;

const noChanges = () => ({
  packets: [] as PacketToStore[],
  receptions: [] as ReceptionToStore[],
  attaches: [] as AttachToStore[],
  proven: [] as { address: number; attachNonce: number }[],
  states: [] as StateChange[],
  usage: [] as UsageToStore[],
  pages: [] as PageToSend[],
  answers: [] as CommandAnswer[],
  events: [] as EventToSend[],
  locates: [] as LocateToStore[],
  judged: [] as ReportToJudge[],
  points: [] as TelemetryPoint[],
});

function createRefusals() {
  const counts = new Map<string, UplinkChanges["refusals"][number]>();
  return {
    count: (gatewayId: string, verdict: Verdict): void => {
      const key = `${gatewayId}/${verdict}`;
      counts.set(key, { gatewayId, verdict, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    all: () => [...counts.values()],
  };
}
