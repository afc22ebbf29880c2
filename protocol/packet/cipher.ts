import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";

/**
 * AES-128-CCM of air-interface.md, section 2: tag 4 bytes, nonce 13 bytes
 *
 *     direction 1 · address or group id 4 · counter 4 · session 4
 */
const ALGORITHM = "aes-128-ccm";
export const TAG_BYTES = 4;
const NONCE_BYTES = 13;
const COUNTER_MAX = 0xffff_ffff;

const DIRECTIONS = ["up", "down", "group"] as const; // the position is the wire value
export type Direction = (typeof DIRECTIONS)[number];

export interface NonceFields {
  readonly direction: Direction;
  /** Terminal address, or group id when the direction is "group". */
  readonly id: number;
  /** All 32 bits: the air carries only the low 16. */
  readonly counter: number;
  readonly session: number;
}

export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export function cipherNonce({ direction, id, counter, session }: NonceFields): Uint8Array {
  assert(Number.isInteger(counter) && counter >= 0 && counter <= COUNTER_MAX, "counter is uint32");
  const nonce = new Uint8Array(NONCE_BYTES);
  const view = new DataView(nonce.buffer);
  view.setUint8(0, DIRECTIONS.indexOf(direction));
  view.setUint32(1, id);
  view.setUint32(5, counter);
  view.setUint32(9, session);
  return nonce;
}

export function seal(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  plaintext: Uint8Array,
): Sealed {
  const options = { authTagLength: TAG_BYTES };
  const cipher = createCipheriv(ALGORITHM, createSecretKey(key), nonce, options);
  cipher.setAAD(associatedData, { plaintextLength: plaintext.length });
  const ciphertext = new Uint8Array(cipher.update(plaintext));
  cipher.final();
  return { ciphertext, tag: new Uint8Array(cipher.getAuthTag()) };
}

/** A wrong tag is an answer: on the air it is as normal as noise. */
export function open(
  key: Uint8Array,
  nonce: Uint8Array,
  associatedData: Uint8Array,
  { ciphertext, tag }: Sealed,
): Uint8Array | undefined {
  const options = { authTagLength: TAG_BYTES };
  // a key object although it is used once: the same key given as bytes takes the runtime three times as long
  const decipher = createDecipheriv(ALGORITHM, createSecretKey(key), nonce, options);
  decipher.setAuthTag(tag);
  decipher.setAAD(associatedData, { plaintextLength: ciphertext.length });
  try {
    const plaintext = new Uint8Array(decipher.update(ciphertext));
    decipher.final();
    return plaintext;
  } catch {
    return undefined; // node:crypto has no other way to say that the tag is wrong
  }
}
