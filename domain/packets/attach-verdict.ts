import { attachKey } from "../../protocol/packet/keys.ts";
import {
  type Attach,
  openPacket,
  parseAttach,
  type TerminalPacket,
} from "../../protocol/packet/packet.ts";

export type AttachVerdict = "new" | "copy" | "replay";

export interface AuthenticatedAttach {
  readonly attachNonce: number;
  readonly attach: Attach;
}

/** Undefined is verdict "bad-tag". */
export function authenticateAttach(
  packet: TerminalPacket,
  rootKey: Uint8Array,
): AuthenticatedAttach | undefined {
  const { attachNonce, address } = packet;
  if (attachNonce === undefined) return undefined;
  const plaintext = openPacket(packet, attachKey(rootKey, address), attachNonce, 0);
  const attach = plaintext && parseAttach(plaintext);
  return attach && { attachNonce, attach };
}

/**
 * Only "new" is answered with a new network nonce; a copy adds a reception and triggers nothing.
 * `lastAccepted` is 0 before the first attach: terminals count from 1.
 */
export function judgeAttach(attachNonce: number, lastAccepted: number): AttachVerdict {
  if (attachNonce > lastAccepted) return "new";
  return attachNonce === lastAccepted && attachNonce !== 0 ? "copy" : "replay";
}
