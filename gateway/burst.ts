import {
  BIT_NS,
  HEADER_BITS,
  type LrFhssChannel,
  type LrFhssHeader,
} from "../protocol/air/lr-fhss.ts";
import { type FragmentPlans, planFragments, planHeaders } from "../protocol/air/lr-fhss-decode.ts";
import { encodeHeader } from "../protocol/air/lr-fhss-encode.ts";

/** Replicas of one frame agree within these (air interface, section 5). */
export const TIME_TOLERANCE_NS = 2n * BIT_NS;
const CARRIER_TOLERANCE_UNITS = 2;
/**
 * Two headers that differ do so in 14 coded bits or more: the code's distance is 7, and CRC-8 adds to it.
 * Soft bits that lean so clearly to the expected ones cannot be another header's.
 */
const CERTAIN_LIKENESS = 0.9;
const GUARD_BITS = 2;
const HALF_BITS = 40;
const SECOND_HALF_AT = 74;

export interface HeaderPlace {
  readonly timeNs: bigint;
  readonly carrierUnits: number;
}

/** What one decoded header says about its frame, and where its other replicas must be. */
export interface Burst {
  readonly header: LrFhssHeader;
  readonly place: HeaderPlace;
  readonly plan: FragmentPlans;
  readonly replicas: readonly (HeaderPlace & { readonly header: LrFhssHeader })[];
}

export function burstOf(header: LrFhssHeader, place: HeaderPlace): Burst {
  const { timeNs, carrierUnits } = place;
  return {
    header,
    place,
    plan: planFragments(header, timeNs, carrierUnits),
    replicas: planHeaders(header, timeNs, carrierUnits).map((replica, headerIndex) => ({
      ...replica,
      header: { ...header, headerIndex },
    })),
  };
}

/** The replica of this burst that belongs at this place, seen by time and carrier alone. */
export const replicaAt = (burst: Burst, place: HeaderPlace) =>
  burst.replicas.find((replica) => near(replica, place));

/** Each header is held against all that is in the air, so the cheap comparison comes first: few share a carrier. */
function near(a: HeaderPlace, b: HeaderPlace): boolean {
  if (Math.abs(a.carrierUnits - b.carrierUnits) > CARRIER_TOLERANCE_UNITS) return false;
  const apartNs = a.timeNs - b.timeNs;
  return apartNs <= TIME_TOLERANCE_NS && apartNs >= -TIME_TOLERANCE_NS;
}

/**
 * Whether the soft bits are this header beyond doubt, without decoding. A first header may have been a false
 * one with its successors' place and another length: then they are unlike, and get decoded for themselves.
 */
export function isCertainly(
  soft: Int8Array,
  header: LrFhssHeader,
  channel: LrFhssChannel,
): boolean {
  const expected = encodeHeader(header, channel.syncWord);
  let agreed = 0;
  let total = 0;
  for (const start of [GUARD_BITS, SECOND_HALF_AT]) {
    for (let at = start; at < start + HALF_BITS; at++) {
      const value = soft[at] ?? 0;
      total += Math.abs(value);
      agreed += expected[at] === 1 ? value : -value;
    }
  }
  return total > 0 && agreed >= CERTAIN_LIKENESS * total;
}

/** Whether two decoded headers are replicas of one frame. */
export const sameFrame = (a: Burst, b: Burst): boolean =>
  a.header.payloadBytes === b.header.payloadBytes &&
  a.header.codingRate === b.header.codingRate &&
  a.header.hopSequenceId === b.header.hopSequenceId &&
  near(payloadPlace(a), payloadPlace(b));

const payloadPlace = ({ plan }: Burst): HeaderPlace => ({
  timeNs: plan.payloadStartNs,
  carrierUnits: plan.fragments[0]?.carrierUnits ?? 0,
});

export const headerEndNs = ({ timeNs }: HeaderPlace): bigint =>
  timeNs + BigInt(HEADER_BITS) * BIT_NS;
