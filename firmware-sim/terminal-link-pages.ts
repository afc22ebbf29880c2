import { toHex } from "../protocol/hex.ts";
import {
  acceptCounter,
  type CounterWindow,
  counterCandidates,
  DOWNLINK_WINDOW,
  isUsed,
} from "../protocol/packet/counters.ts";
import { PAGE_RESULTS, type PageAnswer } from "../protocol/packet/packet.ts";
import {
  groupRic,
  individualRic,
  openPage,
  type Page,
  type PageSecret,
  parsePage,
  type Recipient,
  recipientOf,
} from "../protocol/packet/page.ts";
import { keyBytes, type TerminalLink, takeAttachAnswer } from "./terminal-link.ts";
import { changeGroups } from "./terminal-link-groups.ts";

export const RESULTS_KEPT = 16;
const DONE = PAGE_RESULTS.indexOf("done");
const UNSUPPORTED = PAGE_RESULTS.indexOf("unsupported");

export interface HeardCommand {
  readonly number: number;
  readonly arguments: Uint8Array;
  readonly to: Recipient;
  readonly drill: boolean;
  readonly pageSequence: number;
}

export interface LinkAnswer extends PageAnswer {
  /** Of a roll call: the answer waits for the address's slot. */
  readonly slots?: number;
}

/** `next` is saved before anything else is done about it. */
export type HeardPage =
  | { readonly effect: "ignored"; readonly next: TerminalLink }
  | { readonly effect: "attached"; readonly next: TerminalLink }
  | {
      readonly effect: "takes-acknowledgement";
      readonly next: TerminalLink;
      readonly counter: number;
      readonly acknowledgedCounter: number;
    }
  | {
      readonly effect: "sets-clock";
      readonly next: TerminalLink;
      readonly counter: number;
      /** Of the first preamble bit. */
      readonly unixS: number;
      readonly answer?: LinkAnswer;
    }
  | {
      readonly effect: "acts" | "repeats-result";
      readonly next: TerminalLink;
      readonly counter: number;
      readonly command: HeardCommand;
      readonly answer?: LinkAnswer;
    };

export interface PageOnAir {
  readonly ric: number;
  /** Without filler, see page-symbols.ts. */
  readonly bytes: Uint8Array;
}

/**
 * `resultOf` is asked once, for a command that the terminal has not heard before: it decides and
 * changes nothing, because `next` must be saved before the terminal acts.
 */
export function hearPage(
  link: TerminalLink,
  { ric, bytes }: PageOnAir,
  resultOf: (command: HeardCommand) => number,
): HeardPage {
  const to = recipientOf(ric);
  const parsed = to && parsePage(bytes, to);
  if (!parsed?.ok || to === undefined) return ignored(link);
  const { page } = parsed;
  if (page.type === "attach-accept") {
    const next = ric === individualRic(link.address) && takeAttachAnswer(link, page);
    return next ? { effect: "attached", next } : ignored(link);
  }
  const opened = to === "group" ? openForGroups(link, page, ric) : openForMe(link, page, ric);
  const body = opened && bodyOf(page, opened.plaintext);
  return body ? takeBody({ link, page, to, opened, body }, resultOf) : ignored(link);
}

/** A result 3 (busy) may be followed by another one: repeats of the page then get that. */
export function changeResult(
  link: TerminalLink,
  pageSequence: number,
  result: number,
): TerminalLink {
  const results = link.results.map((known) =>
    known.pageSequence === pageSequence ? { ...known, result } : known,
  );
  return { ...link, results };
}

interface Opened {
  readonly counter: number;
  readonly plaintext: Uint8Array;
  /** With the counter used up. */
  readonly next: TerminalLink;
}

function openForMe(link: TerminalLink, page: Page, ric: number): Opened | undefined {
  const { address, session } = link;
  if (ric !== individualRic(address) || page.low16 !== address % 0x1_0000 || !session) return;
  const { downKey, networkNonce } = session;
  const secret = { to: "individual", id: address, session: networkNonce } as const;
  const opened = openUnused(page, session.heard, { ...secret, key: keyBytes(downKey) });
  return opened && { ...opened, next: { ...link, session: { ...session, heard: opened.heard } } };
}

function openForGroups(link: TerminalLink, page: Page, ric: number): Opened | undefined {
  for (const group of link.groups) {
    if (ric !== groupRic(group.id) || page.low16 !== group.id % 0x1_0000) continue;
    const secret = { to: "group", id: group.id, key: keyBytes(group.key), session: 0 } as const;
    const opened = openUnused(page, group.heard, secret);
    if (!opened) continue;
    const heard = { ...group, heard: opened.heard };
    const groups = link.groups.map((each) => (each.id === group.id ? heard : each));
    return { ...opened, next: { ...link, groups } };
  }
  return undefined;
}

function openUnused(page: Page, heard: CounterWindow, secret: Omit<PageSecret, "counter">) {
  for (const counter of counterCandidates(heard.highest, page.counterLow16, DOWNLINK_WINDOW)) {
    if (isUsed(heard, counter)) continue;
    const plaintext = openPage(page, { ...secret, counter });
    if (plaintext) return { counter, plaintext, heard: acceptCounter(heard, counter) };
  }
  return undefined;
}

interface PageBody {
  readonly bytes: Uint8Array;
  readonly slots: number | undefined;
}

const ROLL_CALL_BYTES = 2;

/** Undefined for an authentic page that says nothing a terminal could do. */
function bodyOf(page: Page, plaintext: Uint8Array): PageBody | undefined {
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  if (page.rollCall && plaintext.length < ROLL_CALL_BYTES) return undefined;
  const slots = page.rollCall ? view.getUint16(0) : undefined;
  const bytes = plaintext.subarray(page.rollCall ? ROLL_CALL_BYTES : 0);
  const isCommand = page.type === "command" || page.type === "group-command";
  const fits = isCommand ? bytes.length >= 1 : bytes.length === 4;
  return fits && slots !== 0 ? { bytes, slots } : undefined;
}

interface Taken {
  readonly link: TerminalLink;
  readonly page: Page;
  readonly to: Recipient;
  readonly opened: Opened;
  readonly body: PageBody;
}

function takeBody(taken: Taken, resultOf: (command: HeardCommand) => number): HeardPage {
  const { link, page, opened, body } = taken;
  const { counter, next } = opened;
  const view = new DataView(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
  switch (page.type) {
    case "command":
    case "group-command":
      return takeCommand(taken, resultOf);
    case "acknowledgement": {
      const acknowledgedCounter = view.getUint32(0);
      return { effect: "takes-acknowledgement", next, counter, acknowledgedCounter };
    }
    case "time":
      return {
        effect: "sets-clock",
        next,
        counter,
        unixS: view.getUint32(0),
        ...answerTo(page, body, DONE),
      };
    case "attach-accept":
      return ignored(link); // it has no session to come under
  }
}

function takeCommand(
  { page, to, opened, body }: Taken,
  resultOf: (command: HeardCommand) => number,
): HeardPage {
  const { counter, next } = opened;
  const { pageSequence, drill } = page;
  const [number = 0, ...rest] = body.bytes;
  const command = { number, arguments: Uint8Array.from(rest), to, drill, pageSequence };
  const plaintext = toHex(opened.plaintext);
  const isSame = (known: { pageSequence: number; plaintext: string }) =>
    known.pageSequence === pageSequence && known.plaintext === plaintext;
  const known = next.results.find(isSame);
  if (known) {
    const answer = answerTo(page, body, known.result);
    return { effect: "repeats-result", next, counter, command, ...answer };
  }

  const change = changeGroups(next.groups, number, command.arguments);
  const result = resultOfCommand(command, change?.result, resultOf);
  const groups = change && to === "individual" ? change.groups : next.groups;
  const others = next.results.filter((other) => other.pageSequence !== pageSequence);
  const results = [...others, { pageSequence, plaintext, result }].slice(-RESULTS_KEPT);
  const answer = answerTo(page, body, result);
  return { effect: "acts", next: { ...next, groups, results }, counter, command, ...answer };
}

function resultOfCommand(
  command: HeardCommand,
  groupResult: number | undefined,
  resultOf: (command: HeardCommand) => number,
): number {
  if (groupResult === undefined) return resultOf(command);
  // keys reach a member by its own session only
  return command.to === "individual" ? groupResult : UNSUPPORTED;
}

function answerTo(page: Page, body: PageBody, result: number): { readonly answer?: LinkAnswer } {
  if (!page.ackWanted) return {};
  const { pageSequence } = page;
  const { slots } = body;
  return { answer: { pageSequence, result, ...(slots !== undefined && { slots }) } };
}

function ignored(link: TerminalLink): HeardPage {
  return { effect: "ignored", next: link };
}
