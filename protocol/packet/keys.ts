import assert from "node:assert/strict";
import { hkdfSync } from "node:crypto";

export const KEY_BYTES = 16;

/** HKDF-SHA256 inputs as air-interface.md, section 2, "Keys", lays them out. */
export interface KeyDerivation {
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
}

export interface SessionKeys {
  readonly up: Uint8Array;
  readonly down: Uint8Array;
}

export function attachKeyDerivation(address: number): KeyDerivation {
  return { salt: new Uint8Array(), info: label("hopline attach", address) };
}

export function sessionSalt(attachNonce: number, networkNonce: number): Uint8Array {
  const salt = new Uint8Array(8);
  const view = new DataView(salt.buffer);
  view.setUint32(0, attachNonce);
  view.setUint32(4, networkNonce);
  return salt;
}

export function sessionKeyInfo(direction: "up" | "down", address: number): Uint8Array {
  return label(`hopline ${direction}`, address);
}

export function attachKey(rootKey: Uint8Array, address: number): Uint8Array {
  return derive(rootKey, attachKeyDerivation(address));
}

/** The session itself is named by its network nonce. */
export function sessionKeys(
  rootKey: Uint8Array,
  address: number,
  attachNonce: number,
  networkNonce: number,
): SessionKeys {
  const session = { address, attachNonce, networkNonce };
  return { up: sessionKey(rootKey, "up", session), down: sessionKey(rootKey, "down", session) };
}

/** One of them, for who may never need the other: each costs a derivation. */
export function sessionKey(
  rootKey: Uint8Array,
  direction: keyof SessionKeys,
  session: {
    readonly address: number;
    readonly attachNonce: number;
    readonly networkNonce: number;
  },
): Uint8Array {
  const { address, attachNonce, networkNonce } = session;
  const salt = sessionSalt(attachNonce, networkNonce);
  return derive(rootKey, { salt, info: sessionKeyInfo(direction, address) });
}

function derive(rootKey: Uint8Array, { salt, info }: KeyDerivation): Uint8Array {
  assert(rootKey.length === KEY_BYTES, "a root key has 16 bytes");
  return new Uint8Array(hkdfSync("sha256", rootKey, salt, info, KEY_BYTES));
}

function label(text: string, address: number): Uint8Array {
  const ascii = new TextEncoder().encode(text);
  const info = new Uint8Array(ascii.length + 4);
  info.set(ascii);
  new DataView(info.buffer).setUint32(ascii.length, address);
  return info;
}
