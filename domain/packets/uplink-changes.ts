import type { ReportToJudge } from "../alerting/report-to-judge.ts";
import type { CommandAnswer } from "../commands/command-queue.ts";
import type { SessionState, StateValue } from "../db/database.ts";
import type { Held } from "../identity/policy.ts";
import type { TelemetryPoint } from "../telemetry/telemetry.ts";
import type { TerminalSession, Verdict } from "./verdict.ts";

/** Names a packet for ever: one terminal, one session (0: an attach), one 32-bit counter. */
export interface PacketIdentity {
  readonly address: number;
  readonly session: number;
  readonly counter: number;
}

export const identityKey = ({ address, session, counter }: PacketIdentity): string =>
  `${address}.${session}.${counter}`;

/** A packet of the log, as far as a later copy needs it. */
export interface LoggedPacket extends PacketIdentity {
  readonly id: bigint;
  readonly bytes: Uint8Array;
  readonly firstOnAirNs: bigint;
  readonly receptionsNs: readonly bigint[];
}

export interface LoadedSession {
  readonly networkNonce: number;
  readonly attachNonce: number;
  readonly state: SessionState;
  readonly highest: number;
  readonly nextDownCounter: number;
  readonly nextPageSequence: number;
  readonly createdAtMs: number;
}

export interface LastPosition {
  readonly latitude: number;
  readonly longitude: number;
  readonly measuredAtNs: bigint;
}

export interface LoadedTerminal {
  readonly address: number;
  readonly profile: string;
  readonly lifeCycle: string;
  /** Whose it was and when: a report belongs to whoever held the terminal when it was measured. */
  readonly held: readonly Held[];
  readonly sealedRootKey: Uint8Array;
  readonly lastAttachNonce: number; // 0 before the first
  readonly position: LastPosition | undefined;
  /** In the order to try: proven, pending, former ones that were proven from the newest, then the others. */
  readonly sessions: readonly LoadedSession[];
  readonly pageSequencesOut: readonly number[];
}

/** A session while a batch is judged; what changed is written back with the batch. */
export interface WorkingSession extends TerminalSession {
  readonly attachNonce: number;
  readonly createdAtMs: number;
  readonly downKey: Uint8Array;
  state: SessionState;
  highest: number;
  nextDownCounter: number;
  nextPageSequence: number;
  isNew: boolean;
  isChanged: boolean;
}

export interface PacketToStore {
  readonly id: bigint;
  readonly identity: PacketIdentity | undefined;
  /** Also of one that nobody could prove. */
  readonly address: number | undefined;
  readonly verdict: Verdict;
  readonly accepted: boolean;
  readonly belowWindow: boolean;
  readonly type: string | undefined;
  readonly drill: boolean;
  readonly confirm: boolean;
  readonly acknowledges: { readonly pageSequence: number; readonly result: number } | undefined;
  readonly reportNumber: number | undefined;
  readonly report: string | undefined;
  readonly measuredAtNs: bigint;
  readonly receivedAtNs: bigint;
  readonly gatewayId: string;
  readonly payload: Uint8Array;
  readonly plaintext: Uint8Array | undefined;
  readonly fields: Readonly<Record<string, number | boolean | string | null>> | undefined;
  readonly triggered: readonly string[];
  readonly fault: string | undefined;
}

export interface ReceptionToStore {
  readonly packetId: bigint;
  readonly verdict: Verdict;
  readonly gatewayId: string;
  readonly modemId: string;
  readonly outboxId: string;
  readonly sequence: bigint;
  readonly receivedAtNs: bigint;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
  readonly carrierHz: number;
  readonly fragmentsTotal: number;
  readonly fragmentsLost: number;
  readonly clockState: number;
  readonly clockErrorNs: number | undefined;
  readonly backfilled: boolean;
}

export interface StateChange {
  readonly address: number;
  readonly values: Readonly<Record<string, StateValue>>;
  readonly position: (LastPosition & { readonly source: "terminal" }) | undefined;
  readonly measuredAtNs: bigint;
  readonly receivedAtNs: bigint;
  readonly packetId: bigint;
}

export interface UsageToStore {
  readonly packetId: bigint;
  readonly address: number;
  readonly kind: string;
  readonly bytes: number;
  readonly measuredAtNs: bigint;
  readonly receivedAtNs: bigint;
  readonly late: boolean;
}

export interface PageToSend {
  readonly id: string;
  readonly partition: number;
  readonly address: number;
  readonly kind: "attach-accept" | "acknowledgement";
  readonly packetId: bigint;
  readonly session: number;
  readonly downCounter: number;
  readonly pageSequence: number;
  readonly words: Uint32Array;
  readonly dueAtMs: number;
  readonly expiresAtMs: number;
}

export interface AttachToStore {
  readonly address: number;
  readonly attachNonce: number;
  readonly networkNonce: number;
  readonly page: Uint8Array;
  readonly hardwareVersion: number;
  readonly firmwareVersion: number;
  readonly batteryPercent: number;
}

export interface EventToSend {
  readonly partition: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly expiresAtMs: number;
}

/** A packet that the network has to locate, because it brings no fix of its own. */
export interface LocateToStore {
  readonly packetId: bigint;
  readonly partition: number;
  readonly dueAtMs: number;
}

/** All that one batch of uplinks does to the database, in one transaction. */
export interface UplinkChanges {
  readonly nowMs: number;
  readonly packets: readonly PacketToStore[];
  readonly receptions: readonly ReceptionToStore[];
  readonly sessions: readonly { readonly address: number; readonly session: WorkingSession }[];
  readonly attaches: readonly AttachToStore[];
  /** Sessions that a packet has proved: their attach answers need no more pages. */
  readonly proven: readonly { readonly address: number; readonly attachNonce: number }[];
  readonly states: readonly StateChange[];
  readonly usage: readonly UsageToStore[];
  readonly pages: readonly PageToSend[];
  readonly answers: readonly CommandAnswer[];
  readonly events: readonly EventToSend[];
  readonly locates: readonly LocateToStore[];
  /** Reports that alert rules look at, in the order in which they came. */
  readonly judged: readonly ReportToJudge[];
  readonly points: readonly TelemetryPoint[];
  /** How many uplinks were refused, by gateway and verdict. */
  readonly refusals: readonly { gatewayId: string; verdict: string; count: number }[];
}
