import { authenticateAttach, judgeAttach } from "../../domain/packets/attach-verdict.ts";
import {
  authenticate,
  judge,
  type StoredPacket,
  type TerminalSession,
} from "../../domain/packets/verdict.ts";
import { sessionKeys } from "../../protocol/packet/keys.ts";
import { parsePacket } from "../../protocol/packet/packet.ts";
import { differences } from "./differences.ts";
import {
  type Fields,
  hexBytes,
  integer,
  list,
  nanoseconds,
  objects,
  text,
} from "./vector-fields.ts";

interface SequenceLog {
  session: TerminalSession;
  readonly stored: Map<number, StoredPacket>;
}

/** The network's side of one session, with a packet log kept in memory. */
export function checkUplinkSequence(given: Fields, out: Fields): string[] {
  const rootKey = hexBytes(given, "root_key");
  const address = integer(given, "address");
  const networkNonce = integer(given, "network_nonce");
  const { up } = sessionKeys(rootKey, address, integer(given, "attach_nonce"), networkNonce);
  const log: SequenceLog = {
    session: { networkNonce, state: "proven", upKey: up, highest: -1 },
    stored: new Map(),
  };
  const steps = objects(given, "steps").map((step) => uplinkStep(step, address, log));
  return differences(out, { steps }, "out");
}

function uplinkStep(step: Fields, address: number, log: SequenceLog) {
  const bytes = hexBytes(step, "packet");
  const onAirNs = nanoseconds(step, "on_air_at_ns");
  const refused = (verdict: string) => ({ verdict, counter: null, below_window: false });
  text(step, "gateway");
  const parsed = parsePacket(bytes);
  if (!parsed.ok) return refused("undecodable");
  if (parsed.packet.address !== address) return refused("unknown-terminal");
  const proof = authenticate(parsed.packet, [log.session]);
  if (!proof) return refused("bad-tag");

  const { counter } = proof;
  const stored = log.stored.get(counter);
  const { type } = parsed.packet;
  const heard = { type, bytes, onAirNs, backfilled: false, isSuspended: false };
  const { verdict, highest, isAccepted, belowWindow } = judge(heard, proof, stored);
  log.session = { ...log.session, highest };
  if (isAccepted) {
    log.stored.set(counter, { bytes, firstOnAirNs: onAirNs, receptionsNs: [onAirNs] });
  } else if (stored && verdict === "copy") {
    log.stored.set(counter, { ...stored, receptionsNs: [...stored.receptionsNs, onAirNs] });
  }
  return { verdict, counter, below_window: belowWindow };
}

export function checkAttachSequence(given: Fields, out: Fields): string[] {
  const rootKey = hexBytes(given, "root_key");
  const address = integer(given, "address");
  let last = integer(given, "last_accepted_attach_nonce");
  const steps = list(given, "packets").map((packet) => {
    const parsed = parsePacket(hexBytes({ packet }, "packet"));
    if (!parsed.ok) return { verdict: "undecodable", attach_nonce: null };
    if (parsed.packet.address !== address)
      return { verdict: "unknown-terminal", attach_nonce: null };
    const proof = authenticateAttach(parsed.packet, rootKey);
    if (!proof) return { verdict: "bad-tag", attach_nonce: null };
    const verdict = judgeAttach(proof.attachNonce, last);
    if (verdict === "new") last = proof.attachNonce;
    return { verdict, attach_nonce: proof.attachNonce };
  });
  return differences(out, { steps }, "out");
}
