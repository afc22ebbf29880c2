import assert from "node:assert/strict";
import { completeCodeword, correctCodeword } from "./pocsag-codeword.ts";

export { correctCodeword } from "./pocsag-codeword.ts";

/*
 * preamble | batch | batch | …; a batch is the sync word and 8 frames of 2 codewords.
 * Address codeword: 0 · RIC bits 20..3 · function (2) · check (10) · parity; it stands in frame RIC & 7.
 * Message codeword: 1 · 20 message bits · check (10) · parity.
 */

export interface PocsagPage {
  readonly ric: number;
  readonly function: number;
  /** 4-bit symbols 0..15; each is sent least significant bit first. */
  readonly symbols: Uint8Array;
}

export interface ReceivedPocsagPage extends PocsagPage {
  /** False when a codeword that could not be repaired ended the message. */
  readonly complete: boolean;
  /** Symbols before the codeword that could not be repaired. */
  readonly uncorrectableAt?: number;
  readonly correctedBits: number;
}

export const SYNC_WORD = 0x7cd215d8;
export const IDLE_WORD = 0x7a89c197;
export const PREAMBLE_BITS = 576;
export const WORD_BITS = 32;
export const WORDS_PER_BATCH = 17;
export const SYMBOLS_PER_CODEWORD = 5;
export const FILLER_SYMBOL = 0xc;

const RIC_MAX = 0x1f_ffff;
export const FRAMES = 8;
const NS_PER_S = 1_000_000_000n;

export const transmissionBits = (words: number): number => PREAMBLE_BITS + WORD_BITS * words;

/** From the first preamble bit to the end of the last bit, rounded down. */
export function transmissionNs(words: number, bitRate: number): bigint {
  return (BigInt(transmissionBits(words)) * NS_PER_S) / BigInt(bitRate);
}

export function addressCodeword(ric: number, pageFunction: number): number {
  assert(Number.isInteger(ric) && ric >= 0 && ric <= RIC_MAX, "a RIC has 21 bits");
  assert(
    Number.isInteger(pageFunction) && pageFunction >= 0 && pageFunction <= 3,
    "functions are 0..3",
  );
  const word = completeCodeword((ric >>> 3) * 0x2000 + pageFunction * 0x800);
  assert(!isReserved(word), "the address cannot be told from an idle, a sync word or silence");
  return word;
}

/** Valid codewords that never are a page: silence reads as zeros. */
const isReserved = (word: number): boolean =>
  word === IDLE_WORD || word === SYNC_WORD || word === 0;

/**
 * Words of one transmission without preamble: whole batches, the last word idle, so that every
 * message is closed. Of the pages left, the one whose frame comes next goes next (the earlier in the
 * list when several do), so pages for one RIC keep their order.
 */
export function encodeTransmission(pages: readonly PocsagPage[]): Uint32Array {
  return encodeBy(pages, takeNext);
}

/** The same with the pages in the order given, whatever idle words that takes. */
export function encodeInOrder(pages: readonly PocsagPage[]): Uint32Array {
  return encodeBy(pages, (waiting) => waiting.shift());
}

function encodeBy(
  pages: readonly PocsagPage[],
  take: (waiting: PocsagPage[], index: number) => PocsagPage | undefined,
): Uint32Array {
  const words: number[] = [];
  const waiting = [...pages];
  for (let page = take(waiting, 0); page; page = take(waiting, words.length)) {
    while (framesUntil(page.ric, words.length) > 0) push(words, IDLE_WORD);
    push(words, addressCodeword(page.ric, page.function));
    for (const codeword of messageCodewords(page.symbols)) push(words, codeword);
  }
  do push(words, IDLE_WORD);
  while (words.length % WORDS_PER_BATCH !== 0);
  return Uint32Array.from(words);
}

function push(words: number[], codeword: number): void {
  if (words.length % WORDS_PER_BATCH === 0) words.push(SYNC_WORD);
  words.push(codeword);
}

/** Frame of the word at `index`, where the sync word counts to the frame that follows it. */
export const frameAt = (index: number): number => Math.max(0, (index % WORDS_PER_BATCH) - 1) >> 1;

const framesUntil = (ric: number, index: number): number =>
  ((ric & (FRAMES - 1)) - frameAt(index) + FRAMES) % FRAMES;

/** Words from the one at `index` of a transmission to where a page to this RIC can begin, sync words counted. */
export function wordsUntilFrame(ric: number, index: number): number {
  let at = index;
  while (at % WORDS_PER_BATCH === 0 || framesUntil(ric, at) > 0) at++;
  return at - index;
}

function takeNext(waiting: PocsagPage[], index: number): PocsagPage | undefined {
  const waits = waiting.map((page) => framesUntil(page.ric, index));
  return waiting.splice(waits.indexOf(Math.min(...waits)), 1)[0];
}

function messageCodewords(symbols: Uint8Array): number[] {
  const count = Math.ceil(symbols.length / SYMBOLS_PER_CODEWORD);
  return Array.from({ length: count }, (_, i) => {
    let information = 1;
    for (let n = 0; n < SYMBOLS_PER_CODEWORD; n++) {
      const symbol = symbols[i * SYMBOLS_PER_CODEWORD + n] ?? FILLER_SYMBOL;
      assert(symbol < 16, "a symbol has 4 bits");
      information = (information << 4) | reverseNibble(symbol);
    }
    return completeCodeword(information << 11);
  });
}

const reverseNibble = (nibble: number): number =>
  ((nibble & 1) << 3) | ((nibble & 2) << 1) | ((nibble & 4) >> 1) | ((nibble & 8) >> 3);

interface OpenPage {
  readonly ric: number;
  readonly function: number;
  readonly symbols: number[];
  correctedBits: number;
}

/**
 * Pages of the batches of one transmission, sync words in place and not looked at. Filler is left on:
 * POCSAG cannot tell it from data. A codeword that cannot be repaired ends the message before it.
 */
export function decodeTransmission(words: Uint32Array): {
  readonly pages: readonly ReceivedPocsagPage[];
} {
  const pages: ReceivedPocsagPage[] = [];
  let open: OpenPage | undefined;
  const close = (complete: boolean): void => {
    if (open) pages.push(closed(open, complete));
    open = undefined;
  };
  words.forEach((received, index) => {
    if (index % WORDS_PER_BATCH === 0) return;
    const repaired = correctCodeword(received);
    if (repaired === undefined) {
      close(false);
    } else if (repaired.word >>> 31 === 1) {
      if (open) append(open, repaired);
    } else {
      close(true);
      if (!isReserved(repaired.word)) open = opened(repaired, frameAt(index));
    }
  });
  close(true);
  return { pages };
}

function opened(repaired: { word: number; corrected: number }, frame: number): OpenPage {
  return {
    ric: ((repaired.word >>> 13) << 3) | frame,
    function: (repaired.word >>> 11) & 3,
    symbols: [],
    correctedBits: repaired.corrected,
  };
}

function append(page: OpenPage, repaired: { word: number; corrected: number }): void {
  for (let shift = 27; shift >= 11; shift -= 4) {
    page.symbols.push(reverseNibble((repaired.word >>> shift) & 15));
  }
  page.correctedBits += repaired.corrected;
}

function closed({ symbols, ...page }: OpenPage, complete: boolean): ReceivedPocsagPage {
  return {
    ...page,
    symbols: Uint8Array.from(symbols),
    complete,
    ...(complete ? {} : { uncorrectableAt: symbols.length }),
  };
}
