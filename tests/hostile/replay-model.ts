// The uplink rules of the domain a second time, as plain as they are written: what was heard is kept for ever, nothing
// is guarded, and whoever asks says what a packet truly is. It shares no code with the head end.

/** `late` in the window, or below it, where a packet triggers nothing. */
export type Verdict =
  | "below the window"
  | "new"
  | "late"
  | "copy"
  | "replay"
  | "reset-suspected"
  | "unknown-terminal"
  | "bad-tag"
  | "suspended"
  | "undecodable";

/** What a packet is; the head end has to find that out. */
export type Truth =
  | { readonly what: "broken" }
  | { readonly what: "forged"; readonly address: number }
  | { readonly what: "attach"; readonly address: number; readonly attachNonce: number }
  | {
      readonly what: "packet";
      readonly address: number;
      /** The network's nonce of the session that it was sealed in. */
      readonly session: number;
      readonly counter: number;
      readonly isReport: boolean;
      readonly isReadable: boolean;
    };

export interface Heard {
  readonly truth: Truth;
  readonly bytes: string;
  readonly atMs: number;
  readonly backfilled: boolean;
}

export interface ModelSession {
  readonly networkNonce: number;
  state: "pending" | "proven" | "former";
  highest: number;
  formerSinceMs: number;
}

interface Known {
  readonly bytes: string;
  readonly firstMs: number;
  readonly heardMs: number[];
}

export interface ModelTerminal {
  readonly isSuspended: boolean;
  attachNonce: number;
  readonly sessions: ModelSession[];
  readonly attaches: Map<number, { readonly bytes: string; readonly heardMs: number[] }>;
  readonly packets: Map<string, Known>;
}

const WINDOW = 64;
const TURN = 65_536;
const RESEND_MS = 60_000;
const FORMER_MS = 30 * 86_400_000;

const BILLED: readonly Verdict[] = ["new", "late", "below the window"];
const UNSEEN: readonly Verdict[] = [...BILLED, "suspended", "undecodable"];

export function createReplayModel(firstNonce: number) {
  const terminals = new Map<number, ModelTerminal>();
  let nonce = firstNonce;
  const counts = { billed: 0, accepted: 0 };

  function verdictOf(heard: Heard, nowMs: number): Verdict {
    const { truth } = heard;
    if (truth.what === "broken") return "undecodable";
    const terminal = terminals.get(truth.address);
    if (!terminal) return "unknown-terminal";
    if (truth.what === "forged") return "bad-tag";
    if (truth.what === "attach") return attach(terminal, truth.attachNonce, heard, nowMs);
    return packet(terminal, truth, heard, nowMs);
  }

  function attach(t: ModelTerminal, attachNonce: number, heard: Heard, nowMs: number): Verdict {
    if (attachNonce > t.attachNonce) {
      t.attachNonce = attachNonce;
      t.attaches.set(attachNonce, { bytes: heard.bytes, heardMs: [heard.atMs] });
      for (const session of t.sessions) if (session.state === "pending") retire(session, nowMs);
      t.sessions.push({ networkNonce: ++nonce, state: "pending", highest: -1, formerSinceMs: 0 });
      return heard.backfilled ? "late" : "new";
    }
    const known = t.attaches.get(attachNonce);
    if (known !== undefined && known.bytes !== heard.bytes) return "reset-suspected";
    // another gateway's reception of one transmission stays a copy, however late it arrives
    const isSameTransmission = known?.heardMs.includes(heard.atMs) === true;
    if (attachNonce !== t.attachNonce && !isSameTransmission) return "replay";
    known?.heardMs.push(heard.atMs);
    return "copy";
  }

  function packet(
    t: ModelTerminal,
    truth: Extract<Truth, { what: "packet" }>,
    heard: Heard,
    nowMs: number,
  ): Verdict {
    const session = t.sessions.find(({ networkNonce }) => networkNonce === truth.session);
    if (!session || !canOpen(session, truth.counter, nowMs)) return "bad-tag";
    const key = `${truth.session}/${truth.counter}`;
    const known = t.packets.get(key);
    if (known) return again(known, heard);

    const isBelow = session.highest - truth.counter >= WINDOW;
    const isOlder = truth.counter <= session.highest || session.state === "former";
    t.packets.set(key, { bytes: heard.bytes, firstMs: heard.atMs, heardMs: [heard.atMs] });
    session.highest = Math.max(session.highest, truth.counter);
    if (session.state === "pending") prove(t, session, nowMs);
    const refusal = reportRefusal(t, truth);
    if (refusal) return refusal;
    return isBelow ? "below the window" : isOlder || heard.backfilled ? "late" : "new";
  }

  return {
    terminals,
    counts,
    canOpen,

    enrol(address: number, isSuspended: boolean): void {
      const packets = new Map<string, Known>();
      const attaches: ModelTerminal["attaches"] = new Map();
      terminals.set(address, { isSuspended, attachNonce: 0, sessions: [], attaches, packets });
    },

    judge(heard: Heard, nowMs: number): Verdict {
      const verdict = verdictOf(heard, nowMs);
      if (BILLED.includes(verdict)) counts.billed += 1;
      const { truth } = heard;
      const isAuthentic = truth.what !== "broken" && truth.what !== "forged";
      if (isAuthentic && UNSEEN.includes(verdict)) counts.accepted += 1;
      return verdict;
    },
  };
}

function again(known: Known, heard: Heard): Verdict {
  if (known.bytes !== heard.bytes) return "reset-suspected";
  const isSameTransmission = known.heardMs.includes(heard.atMs);
  if (!isSameTransmission && Math.abs(heard.atMs - known.firstMs) > RESEND_MS) return "replay";
  known.heardMs.push(heard.atMs);
  return "copy";
}

/** Sixteen bits are on the air: one turn above the highest, one turn back. Below the window is late, too. */
function canOpen(session: ModelSession, counter: number, nowMs: number): boolean {
  if (session.state === "former" && nowMs - session.formerSinceMs >= FORMER_MS) return false;
  const above = counter - session.highest;
  return above > 0 ? above <= TURN : -above < TURN;
}

function reportRefusal(
  { isSuspended }: ModelTerminal,
  { isReport, isReadable }: { readonly isReport: boolean; readonly isReadable: boolean },
): Verdict | undefined {
  if (!isReport) return undefined;
  if (isSuspended) return "suspended";
  return isReadable ? undefined : "undecodable";
}

function prove(terminal: ModelTerminal, session: ModelSession, nowMs: number): void {
  for (const other of terminal.sessions) if (other.state === "proven") retire(other, nowMs);
  session.state = "proven";
}

function retire(session: ModelSession, nowMs: number): void {
  session.state = "former";
  session.formerSinceMs = nowMs;
}
