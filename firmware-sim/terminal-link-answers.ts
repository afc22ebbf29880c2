const NS_PER_S = 1_000_000_000n;
const WORD_BITS = 32;
const SLOT_S = 3;
const SPREAD_NS = NS_PER_S;
const INDIVIDUAL_LATEST_NS = 2n * NS_PER_S;

export interface PageTransmission {
  readonly firstPreambleBitNs: bigint;
  readonly preambleBits: number;
  readonly words: number;
  readonly bitRate: number;
}

/** When the terminal begins to send its answer. */
export interface AnswerWindow {
  readonly earliestNs: bigint;
  readonly latestNs: bigint;
}

export function lastBitEndsNs(transmission: PageTransmission): bigint {
  const bits = transmission.preambleBits + WORD_BITS * transmission.words;
  return transmission.firstPreambleBitNs + (BigInt(bits) * NS_PER_S) / BigInt(transmission.bitRate);
}

/** Members of a group answer in slots spread by address (air-interface.md, section 3). */
export function rollCallSlot(address: number, slots: number): number {
  return address % slots;
}

/** `slots` only for a roll call; without it the answer is an individual's. */
export function answerWindow(
  endsNs: bigint,
  address: number,
  slots: number | undefined,
): AnswerWindow {
  if (slots === undefined) return { earliestNs: endsNs, latestNs: endsNs + INDIVIDUAL_LATEST_NS };
  const earliestNs = endsNs + BigInt(rollCallSlot(address, slots) * SLOT_S) * NS_PER_S;
  return { earliestNs, latestNs: earliestNs + SPREAD_NS };
}
