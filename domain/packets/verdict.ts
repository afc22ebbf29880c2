import { possibleCounters, UPLINK_WINDOW } from "../../protocol/packet/counters.ts";
import { openPacket, type PacketType, type TerminalPacket } from "../../protocol/packet/packet.ts";

export const VERDICTS = [
  "new",
  "late",
  "copy",
  "replay",
  "reset-suspected",
  "unknown-terminal",
  "bad-tag",
  "suspended",
  "undecodable",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Former sessions' keys stay this long for backlogs (air-interface.md, section 2). */
export const FORMER_SESSION_KEPT_MS = 30 * 24 * 3_600_000;
/** Shorter than the shortest frame, so that a resend never falls within it. */
const SAME_TRANSMISSION_NS = 400_000_000n;
const RESEND_NS = 60_000_000_000n;

export interface TerminalSession {
  readonly networkNonce: number;
  readonly state: "pending" | "proven" | "former";
  readonly upKey: Uint8Array;
  /** Highest accepted counter, -1 before the first packet. */
  readonly highest: number;
}

export interface Authenticated<S extends TerminalSession> {
  readonly session: S;
  readonly counter: number;
  readonly plaintext: Uint8Array;
}

/** Which session and counter the tag proves; undefined is verdict "bad-tag". */
export function authenticate<S extends TerminalSession>(
  packet: TerminalPacket,
  sessions: readonly S[],
): Authenticated<S> | undefined {
  for (const session of sessions) {
    const { nearestAbove, atOrBelow } = possibleCounters(session.highest, packet.counterLow16);
    // one below the window is opened too: a backlog is stored, though it triggers nothing
    for (const counter of [nearestAbove, atOrBelow]) {
      if (counter === undefined) continue;
      const plaintext = openPacket(packet, session.upKey, counter, session.networkNonce);
      if (plaintext) return { session, counter, plaintext };
    }
  }
  return undefined;
}

export interface HeardPacket {
  readonly type: PacketType;
  readonly bytes: Uint8Array;
  /** The gateway's receive time, however late the packet arrives. */
  readonly onAirNs: bigint;
  readonly backfilled: boolean;
  readonly isSuspended: boolean;
}

/** What the packet log holds under the same terminal, session and counter. */
export interface StoredPacket {
  readonly bytes: Uint8Array;
  readonly firstOnAirNs: bigint;
  /** On-air times of the receptions so far, with or without the first. */
  readonly receptionsNs: readonly bigint[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** It uses up its counter; all other verdicts leave the session as it was. */
  readonly isAccepted: boolean;
  /** Older than the window: stored, triggers nothing. */
  readonly belowWindow: boolean;
  /** The session's highest accepted counter from now on. */
  readonly highest: number;
  /** The terminal sent the same bytes again because it missed the acknowledgement. */
  readonly isResend: boolean;
}

/** Judges an authenticated packet by its counter (domain.md, "Uplink rules"). */
export function judge(
  heard: HeardPacket,
  { session, counter }: Pick<Authenticated<TerminalSession>, "session" | "counter">,
  stored: StoredPacket | undefined,
): Judgement {
  if (stored) return judgeKnown(heard, stored, session.highest);
  const belowWindow = session.highest - counter >= UPLINK_WINDOW;
  return {
    verdict: unseenVerdict(heard, session, counter),
    isAccepted: true,
    belowWindow,
    highest: Math.max(session.highest, counter),
    isResend: false,
  };
}

function unseenVerdict(heard: HeardPacket, session: TerminalSession, counter: number): Verdict {
  // life cycle only concerns what the customer would see: link tests and answers keep the radio going
  if (heard.isSuspended && heard.type === "report") return "suspended";
  const isOlder = counter <= session.highest || session.state === "former";
  return isOlder || heard.backfilled ? "late" : "new";
}

/** Whether it was on the air at the same time as what is stored: then another gateway heard the same transmission. */
export function isHeardTogether(
  onAirNs: bigint,
  stored: Pick<StoredPacket, "firstOnAirNs" | "receptionsNs">,
): boolean {
  return [stored.firstOnAirNs, ...stored.receptionsNs].some((ns) => {
    const apartNs = ns - onAirNs;
    return apartNs <= SAME_TRANSMISSION_NS && apartNs >= -SAME_TRANSMISSION_NS;
  });
}

function judgeKnown(heard: HeardPacket, stored: StoredPacket, highest: number): Judgement {
  const unchanged = { isAccepted: false, belowWindow: false, highest, isResend: false };
  if (!equal(heard.bytes, stored.bytes)) return { ...unchanged, verdict: "reset-suspected" };
  const apart = (ns: bigint) => (ns < heard.onAirNs ? heard.onAirNs - ns : ns - heard.onAirNs);
  if (isHeardTogether(heard.onAirNs, stored)) return { ...unchanged, verdict: "copy" };
  if (apart(stored.firstOnAirNs) <= RESEND_NS) {
    return { ...unchanged, verdict: "copy", isResend: true };
  }
  return { ...unchanged, verdict: "replay" };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
