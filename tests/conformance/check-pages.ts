import {
  addressCodeword,
  decodeTransmission,
  encodeTransmission,
} from "../../protocol/air/pocsag.ts";
import { toHex } from "../../protocol/hex.ts";
import {
  groupRic,
  individualRic,
  openPage,
  PAGE_HEAD_BYTES,
  PAGE_TYPES,
  pageNonce,
  parsePage,
  type Recipient,
  recipientOf,
  sealPage,
} from "../../protocol/packet/page.ts";
import { pageFromPocsag, pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import { differences } from "./differences.ts";
import {
  chosen,
  type Fields,
  flag,
  hexBytes,
  hexWords,
  integer,
  oneOf,
  wordHex,
} from "./vector-fields.ts";

const RECIPIENTS: readonly Recipient[] = ["individual", "group"];
const FRAMES = 8;

export function checkPage(given: Fields, out: Fields): string[] {
  const input = {
    type: chosen(given, "type", PAGE_TYPES),
    to: recipient(given),
    id: integer(given, "address_or_group_id"),
    ackWanted: flag(given, "ack_wanted"),
    rollCall: flag(given, "roll_call"),
    drill: flag(given, "drill"),
    counter: integer(given, "counter"),
    session: integer(given, "session"),
    pageSequence: integer(given, "page_sequence"),
    key: hexBytes(given, "key"),
    plaintext: hexBytes(given, "plaintext"),
  };
  const bytes = sealPage(input);
  const ric = ricOf(input.to, input.id);
  const message = pageToPocsag(bytes, ric);
  const nonce = pageNonce(input);
  const ours = {
    ccm_nonce: toHex(nonce),
    associated_data: toHex(bytes.subarray(0, PAGE_HEAD_BYTES)),
    page: toHex(bytes),
    ric,
    frame: ric % FRAMES,
    filler_symbols: message.symbols.length - bytes.length * 2,
    words: Array.from(encodeTransmission([message]), wordHex),
  };

  const [heard, ...more] = acceptedPages(hexWords(out, "words"));
  if (!heard || more.length > 0) return ["out.words must carry one page"];
  const parsed = parsePage(heard.bytes, input.to);
  if (!parsed.ok) return [`out.words must carry a page, which has the fault ${parsed.fault}`];
  const { page } = parsed;
  const opened = openPage(page, input);
  const back = {
    type: PAGE_TYPES.indexOf(page.type),
    ack_wanted: page.ackWanted,
    roll_call: page.rollCall,
    drill: page.drill,
    page_sequence: page.pageSequence,
    ric: heard.ric,
    low16: page.low16,
    counter_low16: page.counterLow16,
    plaintext: opened && toHex(opened),
  };
  const expected = {
    type: given["type"],
    ack_wanted: given["ack_wanted"],
    roll_call: given["roll_call"],
    drill: given["drill"],
    page_sequence: given["page_sequence"],
    ric: out["ric"],
    low16: input.id % 0x1_0000,
    counter_low16: input.counter % 0x1_0000,
    plaintext: given["plaintext"],
  };
  return [
    ...differences(given["direction"], nonce[0], "in.direction"),
    ...differences(out, ours, "out"),
    ...differences(expected, back, "opened"),
  ];
}

export function checkPageErrors(given: Fields, out: Fields): string[] {
  const accepted = acceptedPages(hexWords(given, "words")).map(pageFields);
  const nothing = { page: null, ric: null };
  return differences([out], accepted.length === 0 ? [nothing] : accepted, "accepted");
}

export function checkRic(given: Fields, out: Fields): string[] {
  const ric = ricOf(recipient(given), integer(given, "address_or_group_id"));
  const ours = { ric, frame: ric % FRAMES, address_codeword: wordHex(addressCodeword(ric, 0)) };
  return differences(out, ours, "out");
}

export interface AcceptedPage {
  readonly ric: number;
  readonly bytes: Uint8Array;
}

/** Pages whose form is right: what a terminal would try its keys on. */
export function acceptedPages(words: Uint32Array): AcceptedPage[] {
  return decodeTransmission(words).pages.flatMap((message) => {
    const page = pageFromPocsag(message);
    const to = recipientOf(message.ric);
    if (!page.ok || to === undefined || !parsePage(page.bytes, to).ok) return [];
    return [{ ric: message.ric, bytes: page.bytes }];
  });
}

export function recipient(given: Fields): Recipient {
  return oneOf(given, "to", RECIPIENTS);
}

export function ricOf(to: Recipient, id: number): number {
  return to === "group" ? groupRic(id) : individualRic(id);
}

function pageFields({ ric, bytes }: AcceptedPage) {
  return { page: toHex(bytes), ric };
}
