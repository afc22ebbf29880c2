import assert from "node:assert/strict";
import { parseHex, toHex } from "../protocol/hex.ts";
import { type CounterWindow, usedUpTo } from "../protocol/packet/counters.ts";
import { attachKey, KEY_BYTES, sessionKeys } from "../protocol/packet/keys.ts";
import {
  type Attach,
  encodeAttach,
  type PacketType,
  type PageAnswer,
  sealPacket,
} from "../protocol/packet/packet.ts";
import { openPage, type Page, parseAttachAccept } from "../protocol/packet/page.ts";

/**
 * What a terminal knows of its radio link (air-interface.md, sections 2 and 3). A plain value that
 * outlives power loss as JSON: save it before anything that it led to is done or sent.
 */
export interface TerminalLink {
  readonly address: number;
  /** Keys are hex here, because a saved state is JSON. */
  readonly rootKey: string;
  /** Of the latest attempt, 0 before the first: never used twice in the terminal's life. */
  readonly attachNonce: number;
  readonly isAttaching: boolean;
  readonly session: LinkSession | null;
  readonly groups: readonly LinkGroup[];
  /** Oldest first; outlives attaches. */
  readonly results: readonly KnownResult[];
  /** As the network last asked; 0: the profile's own. */
  readonly reportIntervalS: number;
}

export interface LinkSession {
  readonly networkNonce: number;
  readonly upKey: string;
  readonly downKey: string;
  readonly nextCounter: number;
  /** Counters below it may have been used, as far as lasting storage knows. */
  readonly reservedEnd: number;
  readonly heard: CounterWindow;
}

export interface LinkGroup {
  readonly id: number;
  readonly key: string;
  readonly heard: CounterWindow;
}

export interface KnownResult {
  readonly pageSequence: number;
  readonly plaintext: string;
  readonly result: number;
}

const ATTACH_NONCE_MAX = 0xffff_ffff;
const COUNTER_END = 0x1_0000_0000;
const COUNTERS_RESERVED = 64;

export function createTerminalLink(address: number, rootKey: Uint8Array): TerminalLink {
  return {
    address,
    rootKey: toHex(rootKey),
    attachNonce: 0,
    isAttaching: false,
    session: null,
    groups: [],
    results: [],
    reportIntervalS: 0,
  };
}

/** True before the first attach, and again before the counters run out. */
export function mustAttach(link: TerminalLink): boolean {
  return link.session === null || link.session.nextCounter >= COUNTER_END - COUNTERS_RESERVED;
}

export function startAttach(
  link: TerminalLink,
  attach: Attach,
): { readonly next: TerminalLink; readonly bytes: Uint8Array } {
  const attachNonce = link.attachNonce + 1;
  assert(attachNonce <= ATTACH_NONCE_MAX, "the attach nonces of a life are used up");
  const bytes = sealPacket({
    type: "attach",
    confirm: false,
    drill: false,
    address: link.address,
    counter: attachNonce,
    session: 0,
    key: attachKey(keyBytes(link.rootKey), link.address),
    plaintext: encodeAttach(attach),
  });
  return { next: { ...link, attachNonce, isAttaching: true }, bytes };
}

/** Undefined unless the page answers the latest attempt, and then only once. */
export function takeAttachAnswer(link: TerminalLink, page: Page): TerminalLink | undefined {
  const { address, attachNonce } = link;
  if (!link.isAttaching || page.counterLow16 !== attachNonce % 0x1_0000) return undefined;
  const rootKey = keyBytes(link.rootKey);
  const key = attachKey(rootKey, address);
  const secret = { to: "individual", id: address, key, counter: attachNonce, session: 0 } as const;
  const plaintext = openPage(page, secret);
  const accept = plaintext && parseAttachAccept(plaintext);
  if (!accept) return undefined;

  const { networkNonce, reportIntervalS } = accept;
  const { up, down } = sessionKeys(rootKey, address, attachNonce, networkNonce);
  return {
    ...link,
    isAttaching: false,
    session: {
      networkNonce,
      upKey: toHex(up),
      downKey: toHex(down),
      nextCounter: 0,
      reservedEnd: 0,
      heard: usedUpTo(-1),
    },
    reportIntervalS: reportIntervalS === 0 ? link.reportIntervalS : reportIntervalS,
  };
}

export interface PacketOptions {
  readonly confirm?: boolean;
  readonly drill?: boolean;
  /** Carries the answer to a page along. */
  readonly ack?: PageAnswer | undefined;
}

export interface SealedPacket {
  /** To be saved before the bytes are sent. */
  readonly next: TerminalLink;
  readonly bytes: Uint8Array;
  readonly counter: number;
}

/** Undefined where the terminal must attach first; so are all `seal…` below. */
export function sealReport(
  link: TerminalLink,
  plaintext: Uint8Array,
  options: PacketOptions = {},
): SealedPacket | undefined {
  return sealNext(link, "report", plaintext, options);
}

export function sealEmergency(
  link: TerminalLink,
  plaintext: Uint8Array,
  options: PacketOptions = {},
): SealedPacket | undefined {
  return sealNext(link, "emergency", plaintext, options);
}

export function sealAcknowledgement(
  link: TerminalLink,
  answer: PageAnswer,
  drill = false,
): SealedPacket | undefined {
  const { pageSequence, result } = answer;
  const ack = { pageSequence, result };
  return sealNext(link, "acknowledgement", new Uint8Array(), { drill, ack });
}

/** With no options it is the packet that proves a new session. */
export function sealLinkTest(
  link: TerminalLink,
  options: PacketOptions = {},
): SealedPacket | undefined {
  return sealNext(link, "link-test", new Uint8Array(), options);
}

function sealNext(
  link: TerminalLink,
  type: PacketType,
  plaintext: Uint8Array,
  { confirm = false, drill = false, ack }: PacketOptions,
): SealedPacket | undefined {
  const { session, address } = link;
  const counter = session?.nextCounter ?? COUNTER_END;
  if (session === null || counter >= COUNTER_END) return undefined;
  const bytes = sealPacket({
    type,
    confirm,
    drill,
    ack,
    address,
    counter,
    session: session.networkNonce,
    key: keyBytes(session.upKey),
    plaintext,
  });
  const isReserved = counter < session.reservedEnd;
  const reservedEnd = isReserved ? session.reservedEnd : counter + COUNTERS_RESERVED;
  const next = { ...link, session: { ...session, nextCounter: counter + 1, reservedEnd } };
  return { next, bytes, counter };
}

/** From the last saved state: what may have been used since is skipped. */
export function restoreAfterPowerLoss(saved: TerminalLink): TerminalLink {
  const { session } = saved;
  return {
    ...saved,
    isAttaching: false,
    session: session && {
      ...session,
      nextCounter: session.reservedEnd,
      heard: usedUpTo(session.heard.highest),
    },
    groups: saved.groups.map((group) => ({ ...group, heard: usedUpTo(group.heard.highest) })),
  };
}

/** True when the state must be written to lasting storage before `next` is acted on. */
export function mustSave(saved: TerminalLink, next: TerminalLink): boolean {
  const lasting = ({ session, ...link }: TerminalLink) =>
    JSON.stringify({ ...link, session: session && { ...session, nextCounter: 0 } });
  return lasting(saved) !== lasting(next);
}

export function keyBytes(hex: string): Uint8Array {
  const key = parseHex(hex);
  assert(key?.length === KEY_BYTES, "a saved key is 16 bytes of hex");
  return key;
}
