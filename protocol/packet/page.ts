import assert from "node:assert/strict";
import { cipherNonce, open, seal, TAG_BYTES } from "./cipher.ts";

/**
 * Page, the bytes of a POCSAG message (air-interface.md, section 3):
 *
 *     version 2 bits · type 3 · ack wanted 1 · roll call 1 · drill 1 | n 1
 *     | low 16 bits of terminal address or group id 2 | downlink counter low 16: 2
 *     | page sequence 1 | ciphertext n | tag 4
 */
export interface Page {
  readonly type: PageType;
  readonly ackWanted: boolean;
  readonly rollCall: boolean;
  readonly drill: boolean;
  /** Several terminals may share it: the tag decides. */
  readonly low16: number;
  readonly counterLow16: number;
  readonly pageSequence: number;
  readonly associatedData: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export const PAGE_TYPES = [
  "command",
  "attach-accept",
  "acknowledgement",
  "group-command",
  "time",
] as const; // the position is the wire value
export type PageType = (typeof PAGE_TYPES)[number];
export type Recipient = "individual" | "group";

const VERSION = 0;
export const PAGE_HEAD_BYTES = 7;
export const PAGE_BYTES_MIN = PAGE_HEAD_BYTES + TAG_BYTES;
export const PAGE_PLAINTEXT_BYTES_MAX = 48;
const GROUP_SEQUENCE_FIRST = 128;
const ACK_WANTED = 4;
const ROLL_CALL = 2;
const DRILL = 1;
const RECIPIENTS: Record<PageType, readonly Recipient[]> = {
  command: ["individual"],
  "attach-accept": ["individual"],
  acknowledgement: ["individual"],
  "group-command": ["group"],
  time: ["individual", "group"],
};

const INDIVIDUAL_RIC_FIRST = 8;
const INDIVIDUAL_RICS = 1_900_000;
const GROUP_RIC_FIRST = INDIVIDUAL_RIC_FIRST + INDIVIDUAL_RICS;
const GROUP_RICS = 99_992;

export function individualRic(address: number): number {
  return INDIVIDUAL_RIC_FIRST + (address % INDIVIDUAL_RICS);
}

export function groupRic(groupId: number): number {
  return GROUP_RIC_FIRST + (groupId % GROUP_RICS);
}

/** The RIC's range selects key and direction; undefined for a RIC that no page of ours uses. */
export function recipientOf(ric: number): Recipient | undefined {
  if (ric < INDIVIDUAL_RIC_FIRST || ric >= GROUP_RIC_FIRST + GROUP_RICS) return undefined;
  return ric < GROUP_RIC_FIRST ? "individual" : "group";
}

export type PageFault =
  | "truncated"
  | "version"
  | "type"
  | "length"
  | "recipient"
  | "sequence"
  | "roll-call";
export type ParsedPage =
  | { readonly ok: true; readonly page: Page }
  | { readonly ok: false; readonly fault: PageFault };

/** Judges the form alone; `to` comes from the range of the RIC that carried it. */
export function parsePage(bytes: Uint8Array, to: Recipient): ParsedPage {
  if (bytes.length < PAGE_BYTES_MIN) return fault("truncated");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint8(0);
  if (head >> 6 !== VERSION) return fault("version");
  const type = PAGE_TYPES[(head >> 3) & 7];
  if (type === undefined) return fault("type");
  const plaintextBytes = view.getUint8(1);
  if (plaintextBytes > PAGE_PLAINTEXT_BYTES_MAX) return fault("length");
  if (bytes.length !== PAGE_BYTES_MIN + plaintextBytes) return fault("length");

  const tagAt = bytes.length - TAG_BYTES;
  const page: Page = {
    type,
    ackWanted: (head & ACK_WANTED) !== 0,
    rollCall: (head & ROLL_CALL) !== 0,
    drill: (head & DRILL) !== 0,
    low16: view.getUint16(2),
    counterLow16: view.getUint16(4),
    pageSequence: view.getUint8(6),
    associatedData: bytes.slice(0, PAGE_HEAD_BYTES),
    ciphertext: bytes.slice(PAGE_HEAD_BYTES, tagAt),
    tag: bytes.slice(tagAt),
  };
  const misuse = misuseOf(page, to);
  return misuse === undefined ? { ok: true, page } : fault(misuse);
}

export interface PageToSeal {
  readonly type: PageType;
  readonly to: Recipient;
  /** Terminal address or group id. */
  readonly id: number;
  readonly ackWanted: boolean;
  readonly rollCall: boolean;
  readonly drill: boolean;
  /** All 32 bits. A nonce seals one page: a retry takes the next counter. */
  readonly counter: number;
  /** 0 for groups and for an attach accept. */
  readonly session: number;
  readonly pageSequence: number;
  readonly key: Uint8Array;
  readonly plaintext: Uint8Array;
}

export function sealPage(input: PageToSeal): Uint8Array {
  const { type, to, id, counter, pageSequence, key, plaintext } = input;
  const misuse = misuseOf(input, to);
  assert(misuse === undefined, `page: ${String(misuse)}`);
  assert(plaintext.length <= PAGE_PLAINTEXT_BYTES_MAX, "a page carries at most 48 bytes");

  const bytes = new Uint8Array(PAGE_BYTES_MIN + plaintext.length);
  const view = new DataView(bytes.buffer);
  const flags =
    (input.ackWanted ? ACK_WANTED : 0) |
    (input.rollCall ? ROLL_CALL : 0) |
    (input.drill ? DRILL : 0);
  view.setUint8(0, (VERSION << 6) | (PAGE_TYPES.indexOf(type) << 3) | flags);
  view.setUint8(1, plaintext.length);
  view.setUint16(2, id & 0xffff);
  view.setUint16(4, counter & 0xffff);
  view.setUint8(6, pageSequence);
  const { ciphertext, tag } = seal(
    key,
    pageNonce(input),
    bytes.slice(0, PAGE_HEAD_BYTES),
    plaintext,
  );
  bytes.set(ciphertext, PAGE_HEAD_BYTES);
  bytes.set(tag, PAGE_HEAD_BYTES + ciphertext.length);
  return bytes;
}

export interface PageSecret {
  readonly to: Recipient;
  readonly id: number;
  readonly key: Uint8Array;
  readonly counter: number;
  readonly session: number;
}

/** The plaintext, or undefined when the tag does not prove this key, counter and session. */
export function openPage(page: Page, secret: PageSecret): Uint8Array | undefined {
  return open(secret.key, pageNonce(secret), page.associatedData, page);
}

export function pageNonce(fields: Omit<PageSecret, "key">): Uint8Array {
  const direction = fields.to === "group" ? "group" : "down";
  return cipherNonce({ ...fields, direction });
}

/** Plaintext of an attach accept: network nonce 4 · report interval 2 · flags 1. */
export interface AttachAccept {
  /** Names the session; never 0. */
  readonly networkNonce: number;
  /** 0 keeps the terminal's own. */
  readonly reportIntervalS: number;
  readonly flags: number;
}

const ATTACH_ACCEPT_BYTES = 7;

export function encodeAttachAccept(accept: AttachAccept): Uint8Array {
  assert(accept.networkNonce !== 0, "a network nonce is never 0");
  const bytes = new Uint8Array(ATTACH_ACCEPT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, accept.networkNonce);
  view.setUint16(4, accept.reportIntervalS);
  view.setUint8(6, accept.flags);
  return bytes;
}

export function parseAttachAccept(plaintext: Uint8Array): AttachAccept | undefined {
  if (plaintext.length !== ATTACH_ACCEPT_BYTES) return undefined;
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  const networkNonce = view.getUint32(0);
  if (networkNonce === 0) return undefined;
  return { networkNonce, reportIntervalS: view.getUint16(4), flags: view.getUint8(6) };
}

type PageForm = Pick<Page, "type" | "ackWanted" | "rollCall" | "pageSequence">;

function misuseOf(page: PageForm, to: Recipient): PageFault | undefined {
  if (!RECIPIENTS[page.type].includes(to)) return "recipient";
  if (page.pageSequence >= GROUP_SEQUENCE_FIRST !== (to === "group")) return "sequence";
  // an answer without a slot would make every member answer at once
  const fits = to === "group" ? page.rollCall === page.ackWanted : !page.rollCall;
  return fits ? undefined : "roll-call";
}

function fault(reason: PageFault): ParsedPage {
  return { ok: false, fault: reason };
}
