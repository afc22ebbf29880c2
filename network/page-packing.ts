import type { DuePage } from "../domain/packets/page-store.ts";
import { decodeTransmission, encodeTransmission } from "../protocol/air/pocsag.ts";

/** Six batches: 3.2 s at 1200 bit/s, so that an urgent page never waits long for one under way. */
export const WORDS_PER_TRANSMISSION_MAX = 6 * 17;

export interface Packed {
  readonly taken: readonly DuePage[];
  readonly words: Uint32Array;
}

/** How many pages that no longer fit are tried before the rest waits for the next transmission. */
const MISSES_MAX = 8;

/**
 * As many pages as share one transmission, acknowledgements first (someone waits for them). Pages are kept as whole
 * transmissions of their own; only their frames decide how many fit, so one after the other is tried.
 */
export function packPages(waiting: readonly DuePage[]): Packed {
  const urgentFirst = [
    ...waiting.filter(({ kind }) => kind === "acknowledgement"),
    ...waiting.filter(({ kind }) => kind !== "acknowledgement"),
  ];
  const taken: DuePage[] = [];
  let words: Uint32Array = new Uint32Array();
  let misses = 0;
  for (const page of urgentFirst) {
    const together = encodeTransmission([...taken, page].flatMap(pocsagPages));
    if (taken.length === 0 || together.length <= WORDS_PER_TRANSMISSION_MAX) {
      taken.push(page);
      words = together;
    } else if (++misses === MISSES_MAX) break;
  }
  return { taken, words };
}

const pocsagPages = ({ words }: DuePage) => decodeTransmission(words).pages;
