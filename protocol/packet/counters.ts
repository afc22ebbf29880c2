import assert from "node:assert/strict";

const TURN = 0x1_0000; // the air carries the low 16 bits
const COUNTER_END = 0x1_0000_0000;

/** Uplink: the packet log knows each counter; below the window a packet triggers nothing. */
export const UPLINK_WINDOW = 64;
/** Downlink: what a terminal remembers, groups too. */
export const DOWNLINK_WINDOW = 16;

export interface PossibleCounters {
  readonly nearestAbove: number | undefined;
  readonly atOrBelow: number | undefined;
}

/** The 32-bit counters that 16 bits on the air may mean; the tag proves which one it is. */
export function possibleCounters(highest: number, low16: number): PossibleCounters {
  const above = highest + 1 + modulo(low16 - highest - 1);
  const below = highest - modulo(highest - low16);
  return {
    nearestAbove: above < COUNTER_END ? above : undefined,
    atOrBelow: below >= 0 ? below : undefined,
  };
}

/** In the order to try; `windowSize` leaves out what lies below the window. */
export function counterCandidates(
  highest: number,
  low16: number,
  windowSize = Number.POSITIVE_INFINITY,
): readonly number[] {
  const { nearestAbove, atOrBelow } = possibleCounters(highest, low16);
  const candidates: number[] = [];
  if (nearestAbove !== undefined) candidates.push(nearestAbove);
  if (atOrBelow !== undefined && highest - atOrBelow < windowSize) candidates.push(atOrBelow);
  return candidates;
}

/** A terminal's memory of what it accepted: bit i of `seen` stands for `highest - i`. */
export interface CounterWindow {
  /** -1 before the first page. */
  readonly highest: number;
  readonly seen: number;
}

const ALL_SEEN = 2 ** DOWNLINK_WINDOW - 1;

/** Nobody knows which were used (power loss, a new group key), so all of them count as used. */
export function usedUpTo(highest: number): CounterWindow {
  return { highest, seen: ALL_SEEN };
}

/** True for what was accepted before, and for all below the window. */
export function isUsed({ highest, seen }: CounterWindow, counter: number): boolean {
  if (counter > highest) return false;
  const back = highest - counter;
  return back >= DOWNLINK_WINDOW || ((seen >> back) & 1) === 1;
}

export function acceptCounter(window: CounterWindow, counter: number): CounterWindow {
  assert(!isUsed(window, counter), "a counter is accepted once");
  const ahead = counter - window.highest;
  if (ahead <= 0) return { ...window, seen: window.seen | (1 << -ahead) };
  const kept = ahead < DOWNLINK_WINDOW ? window.seen << ahead : 0;
  return { highest: counter, seen: (kept | 1) & ALL_SEEN };
}

function modulo(value: number): number {
  return ((value % TURN) + TURN) % TURN;
}
