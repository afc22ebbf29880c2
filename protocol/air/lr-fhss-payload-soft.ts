import {
  CODED_BITS_PER_FRAGMENT,
  codedBits,
  GUARD_BITS,
  informationBits,
  type LrFhssHeader,
} from "./lr-fhss.ts";
import { interleaver, puncturing } from "./lr-fhss-coding.ts";
import { trellisSoft } from "./lr-fhss-payload-trellis.ts";

type PayloadShape = Pick<LrFhssHeader, "payloadBytes" | "codingRate">;

/** By length and rate, where in the mother code each bit stands, in the order in which they are sent. */
const orders = new Map<number, Uint16Array>();

/** 256 lengths at 4 rates and 3.4 MB are all that can come together. */
function orderFor({ payloadBytes, codingRate }: PayloadShape): Uint16Array {
  const key = 4 * payloadBytes + codingRate;
  const known = orders.get(key);
  if (known) return known;
  const mask = puncturing(codingRate);
  const kept = new Uint16Array(codedBits(payloadBytes, codingRate));
  const motherBits = 3 * informationBits(payloadBytes);
  for (let mother = 0, coded = 0; mother < motherBits; mother++) {
    if (mask[mother % mask.length] === 1) kept[coded++] = mother;
  }
  const order = interleaver(kept.length).map((coded) => kept[coded]!);
  orders.set(key, order);
  return order;
}

/**
 * Puts the fragments' soft bits, guards included, into `trellisSoft` in the order of the mother code,
 * 0 for what was punctured or not heard, and counts those that know something.
 */
export function placeSoft(
  payload: PayloadShape,
  fragments: readonly (Int8Array | null | undefined)[],
): number {
  const order = orderFor(payload);
  trellisSoft.fill(0, 0, 3 * informationBits(payload.payloadBytes));
  let known = 0;
  for (let j = 0, first = 0; first < order.length; j++, first += CODED_BITS_PER_FRAGMENT) {
    const fragment = fragments[j];
    if (!fragment) continue;
    const bits = Math.min(
      CODED_BITS_PER_FRAGMENT,
      order.length - first,
      fragment.length - GUARD_BITS,
    );
    for (let k = 0; k < bits; k++) {
      const soft = fragment[GUARD_BITS + k]!;
      known += soft === 0 ? 0 : 1;
      trellisSoft[order[first + k]!] = Math.max(soft, -127);
    }
  }
  return known;
}
