import assert from "node:assert/strict";
import { crc16 } from "../crc16.ts";
import { cipherNonce, open, seal, TAG_BYTES } from "./cipher.ts";

/**
 * Terminal packet, the LR-FHSS payload (air-interface.md, section 2):
 *
 *     version 2 bits · type 3 · confirm 1 · ack 1 · drill 1 | address 4 | counter low 16: 2
 *     | attach only: nonce high 16: 2 | if ack: page sequence 1 · result 1 | ciphertext n | tag 4
 *
 * Everything before the ciphertext is associated data.
 */
export interface TerminalPacket {
  readonly type: PacketType;
  readonly confirm: boolean;
  readonly drill: boolean;
  readonly ack?: PageAnswer;
  readonly address: number;
  readonly counterLow16: number;
  /** Attach only: all 32 bits of it are on the air. */
  readonly attachNonce?: number;
  readonly associatedData: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export const PACKET_TYPES = [
  "report",
  "emergency",
  "attach",
  "acknowledgement",
  "link-test",
] as const; // the position is the wire value
export type PacketType = (typeof PACKET_TYPES)[number];

export interface PageAnswer {
  readonly pageSequence: number;
  readonly result: number;
}

export const PAGE_RESULTS = ["done", "rejected", "unsupported", "busy", "unsafe-now"] as const; // the position is the wire value
export type PageResult = (typeof PAGE_RESULTS)[number];

const VERSION = 0;
const PARTITIONS = 64;
const HEAD_BYTES = 7;
const ATTACH_HEAD_BYTES = 9;
const ANSWER_BYTES = 2;
const ATTACH_PLAINTEXT_BYTES = 6;
const ADDRESS_END = 5;
const CONFIRM = 4;
const ACK = 2;
const DRILL = 1;
/** The longest payload of any LR-FHSS mode (lr-fhss.md, section 10). */
export const PACKET_BYTES_MAX = 189;

export type PacketFault = "truncated" | "version" | "type" | "length" | "acknowledgement";
export type ParsedPacket =
  | { readonly ok: true; readonly packet: TerminalPacket }
  | { readonly ok: false; readonly fault: PacketFault };

/** Judges the form alone, which needs no key; the ciphertext is opened by `openPacket`. */
export function parsePacket(bytes: Uint8Array): ParsedPacket {
  if (bytes.length < HEAD_BYTES + TAG_BYTES) return fault("truncated");
  if (bytes.length > PACKET_BYTES_MAX) return fault("length");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint8(0);
  if (head >> 6 !== VERSION) return fault("version");
  const type = PACKET_TYPES[(head >> 3) & 7];
  if (type === undefined) return fault("type");

  const hasAnswer = (head & ACK) !== 0;
  const answerAt = type === "attach" ? ATTACH_HEAD_BYTES : HEAD_BYTES;
  const ciphertextAt = answerAt + (hasAnswer ? ANSWER_BYTES : 0);
  const tagAt = bytes.length - TAG_BYTES;
  const misfit = misfitOf(type, hasAnswer, tagAt - ciphertextAt);
  if (misfit !== undefined) return fault(misfit);

  const counterLow16 = view.getUint16(5);
  return {
    ok: true,
    packet: {
      type,
      confirm: (head & CONFIRM) !== 0,
      drill: (head & DRILL) !== 0,
      ...(hasAnswer && {
        ack: { pageSequence: view.getUint8(answerAt), result: view.getUint8(answerAt + 1) },
      }),
      address: view.getUint32(1),
      counterLow16,
      ...(type === "attach" && { attachNonce: view.getUint16(7) * 0x1_0000 + counterLow16 }),
      associatedData: bytes.slice(0, ciphertextAt),
      ciphertext: bytes.slice(ciphertextAt, tagAt),
      tag: bytes.slice(tagAt),
    },
  };
}

export interface PacketToSeal {
  readonly type: PacketType;
  readonly confirm: boolean;
  readonly drill: boolean;
  readonly ack?: PageAnswer | undefined;
  readonly address: number;
  /** All 32 bits; for an attach the attach nonce. A nonce seals one packet. */
  readonly counter: number;
  readonly session: number;
  readonly key: Uint8Array;
  readonly plaintext: Uint8Array;
}

export function sealPacket(input: PacketToSeal): Uint8Array {
  const { type, ack, address, counter, session, key, plaintext } = input;
  const expected = plaintextBytesOf(type);
  assert(expected === undefined || plaintext.length === expected, `${type}: plaintext length`);
  assert(answerAllowed(type, ack !== undefined), `${type}: with or without an ack field`);

  const associatedData = encodeHead(input);
  const nonce = cipherNonce({ direction: "up", id: address, counter, session });
  const { ciphertext, tag } = seal(key, nonce, associatedData, plaintext);
  const bytes = concatenated(associatedData, ciphertext, tag);
  assert(bytes.length <= PACKET_BYTES_MAX, "plaintext is too long for any coding rate");
  return bytes;
}

/** The plaintext, or undefined when the tag does not prove this key, counter and session. */
export function openPacket(
  packet: TerminalPacket,
  key: Uint8Array,
  counter: number,
  session: number,
): Uint8Array | undefined {
  const nonce = cipherNonce({ direction: "up", id: packet.address, counter, session });
  return open(key, nonce, packet.associatedData, packet);
}

export function addressOf(payload: Uint8Array): number | undefined {
  if (payload.length < ADDRESS_END) return undefined;
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(1);
}

/** Which of the 64 partitions carries it (section 6); undefined when there is no address. */
export function partitionOf(payload: Uint8Array): number | undefined {
  if (payload.length < ADDRESS_END) return undefined;
  return crc16(payload.subarray(1, ADDRESS_END)) % PARTITIONS;
}

/** Plaintext of an attach: profile number 2 · hardware version 1 · firmware version 2 · battery 1. */
export interface Attach {
  readonly profileNumber: number;
  readonly hardwareVersion: number;
  readonly firmwareVersion: number;
  /** 255 means mains. */
  readonly batteryPercent: number;
}

export function encodeAttach(attach: Attach): Uint8Array {
  const bytes = new Uint8Array(ATTACH_PLAINTEXT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, attach.profileNumber);
  view.setUint8(2, attach.hardwareVersion);
  view.setUint16(3, attach.firmwareVersion);
  view.setUint8(5, attach.batteryPercent);
  return bytes;
}

export function parseAttach(plaintext: Uint8Array): Attach | undefined {
  if (plaintext.length !== ATTACH_PLAINTEXT_BYTES) return undefined;
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  return {
    profileNumber: view.getUint16(0),
    hardwareVersion: view.getUint8(2),
    firmwareVersion: view.getUint16(3),
    batteryPercent: view.getUint8(5),
  };
}

function encodeHead({ type, confirm, drill, ack, address, counter }: PacketToSeal): Uint8Array {
  const isAttach = type === "attach";
  const answerAt = isAttach ? ATTACH_HEAD_BYTES : HEAD_BYTES;
  const bytes = new Uint8Array(answerAt + (ack ? ANSWER_BYTES : 0));
  const view = new DataView(bytes.buffer);
  const flags = (confirm ? CONFIRM : 0) | (ack ? ACK : 0) | (drill ? DRILL : 0);
  view.setUint8(0, (VERSION << 6) | (PACKET_TYPES.indexOf(type) << 3) | flags);
  view.setUint32(1, address);
  view.setUint16(5, counter & 0xffff);
  if (isAttach) view.setUint16(7, counter >>> 16);
  if (ack) {
    view.setUint8(answerAt, ack.pageSequence);
    view.setUint8(answerAt + 1, ack.result);
  }
  return bytes;
}

function misfitOf(type: PacketType, hasAnswer: boolean, bytes: number): PacketFault | undefined {
  if (!answerAllowed(type, hasAnswer)) return "acknowledgement";
  if (bytes < 0) return "truncated";
  return bytes === (plaintextBytesOf(type) ?? bytes) ? undefined : "length";
}

/** An acknowledgement is nothing without it, an attach has none, the others may carry it along. */
function answerAllowed(type: PacketType, hasAnswer: boolean): boolean {
  if (type === "acknowledgement") return hasAnswer;
  return type !== "attach" || !hasAnswer;
}

/** The one length that a type allows; undefined where a profile decides. */
function plaintextBytesOf(type: PacketType): number | undefined {
  switch (type) {
    case "report":
    case "emergency":
      return undefined;
    case "attach":
      return ATTACH_PLAINTEXT_BYTES;
    case "acknowledgement":
    case "link-test":
      return 0;
  }
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function fault(reason: PacketFault): ParsedPacket {
  return { ok: false, fault: reason };
}
