import { HEADER_GENERATORS, HEADER_INFORMATION_BITS, parity } from "./lr-fhss-coding.ts";

/*
 * Tail-biting solved exactly: one run for each of the 16 start states with the end state forced equal.
 * Two runs share the words of one pass in lanes of 15 bits plus a bit to compare by; 40 steps of at
 * most BRANCH_MAX and the lead of the start state fit without normalising.
 */

const STATES = 16;
const STEPS = HEADER_INFORMATION_BITS;
const SOFT_MAX = 127;
const BRANCH_MAX = 4 * SOFT_MAX;
const BOTH_LANES = 0x0001_0001;
const COMPARE = 0x8000_8000 | 0;
const START_LEAD = 4 * BRANCH_MAX + 1;

/** Generator outputs of butterflies 0..7 for input bit 0. */
const PATTERNS = Uint8Array.from({ length: 8 }, (_, i) =>
  HEADER_GENERATORS.reduce((pattern, generator) => (pattern << 1) | parity((2 * i) & generator), 0),
);

const branches = new Int32Array(4 * STEPS);
const metricsA = new Int32Array(STATES);
const metricsB = new Int32Array(STATES);
/** By pair of runs and step: bit 15 − n (low lane) and 31 − n (high lane) tell where state n came from. */
const decisions = new Int32Array((STATES / 2) * STEPS);
const finalMetrics = new Int32Array(STATES);
const order = new Uint8Array(STATES);
const bits = new Uint8Array(STEPS);

/**
 * Offers the 16 candidates for the 80 soft values in coded order (−127..127), best metric first,
 * until `accepts` takes one. The bits it is shown are overwritten by the next candidate.
 */
export function searchHeader(soft: Int8Array, accepts: (bits: Uint8Array) => boolean): boolean {
  loadBranches(soft);
  for (let pair = 0; pair < STATES / 2; pair++) run(pair);
  for (let state = 0; state < STATES; state++) order[state] = state;
  order.sort((a, b) => finalMetrics[b]! - finalMetrics[a]!);
  for (const state of order) {
    traceBack(state);
    if (accepts(bits)) return true;
  }
  return false;
}

function loadBranches(soft: Int8Array): void {
  for (let step = 0; step < STEPS; step++) {
    const first = soft[2 * step]!;
    const second = soft[2 * step + 1]!;
    const sum = first + second;
    const difference = first - second;
    branches[4 * step] = (BRANCH_MAX / 2 - sum) * BOTH_LANES;
    branches[4 * step + 1] = (BRANCH_MAX / 2 - difference) * BOTH_LANES;
    branches[4 * step + 2] = (BRANCH_MAX / 2 + difference) * BOTH_LANES;
    branches[4 * step + 3] = (BRANCH_MAX / 2 + sum) * BOTH_LANES;
  }
}

/** Runs from start states 2·pair (low lane) and 2·pair + 1 (high lane). */
function run(pair: number): void {
  metricsA.fill(0);
  metricsA[2 * pair] = START_LEAD;
  metricsA[2 * pair + 1] = START_LEAD << 16;
  for (let step = 0; step < STEPS; step += 2) {
    advance(metricsA, metricsB, pair, step);
    advance(metricsB, metricsA, pair, step + 1);
  }
  finalMetrics[2 * pair] = metricsA[2 * pair]! & 0x7fff;
  finalMetrics[2 * pair + 1] = metricsA[2 * pair + 1]! >>> 16;
}

function advance(from: Int32Array, to: Int32Array, pair: number, step: number): void {
  let won = 0;
  for (let i = 0; i < STATES / 2; i++) {
    const pattern = PATTERNS[i]!;
    const branch = branches[4 * step + pattern]!;
    const complement = branches[4 * step + 3 - pattern]!;
    const y = from[i + STATES / 2]!;
    const lead = ((from[i]! | COMPARE) - y) | 0;
    const evenLead = (lead + branch - complement) | 0;
    const evenWins = (evenLead & COMPARE) >>> 15;
    to[2 * i] = (y + complement + (evenLead & ((evenLead & COMPARE) - evenWins))) | 0;
    const oddLead = (lead + complement - branch) | 0;
    const oddWins = (oddLead & COMPARE) >>> 15;
    to[2 * i + 1] = (y + branch + (oddLead & ((oddLead & COMPARE) - oddWins))) | 0;
    won = (won << 2) | (evenWins << 1) | oddWins;
  }
  decisions[pair * STEPS + step] = won;
}

function traceBack(endState: number): void {
  const lane = 16 * (endState & 1);
  const pair = endState >> 1;
  let state = endState;
  for (let step = STEPS - 1; step >= 0; step--) {
    bits[step] = state & 1;
    const word = decisions[pair * STEPS + step]!;
    const lowWon = (word >>> (15 + lane - state)) & 1;
    state = (state >> 1) + (lowWon === 1 ? 0 : STATES / 2);
  }
}
