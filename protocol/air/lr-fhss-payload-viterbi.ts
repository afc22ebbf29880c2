import assert from "node:assert/strict";
import { informationBits } from "./lr-fhss.ts";

/*
 * 64 states, rate 1/3, from state 0 to state 0, written for speed. Two path metrics share one 32-bit
 * word in lanes of 15 bits plus a bit to compare by: word s holds state s (low lane) and state 63 − s
 * (high lane). A state and its complement pass through the trellis together: butterfly i leads
 * (i, i + 32) to (2i, 2i + 1) while butterfly 31 − i leads their complements, with complementary outputs,
 * so the words of one butterfly are word i and word 31 − i with its lanes swapped, and 16 butterflies
 * of two lanes are a step. All three generators tap the newest and the oldest bit, so the
 * two branches into a state, too, carry complementary outputs and metrics m and M − m.
 * Of the 16 butterflies four each have the outputs of butterflies 0, 1, 4 and 5 or their complements.
 */

const STEPS_MAX = informationBits(255);
const SOFT_MAX = 127;
/** Branch metrics run from 0 to this. */
const BRANCH_MAX = 6 * SOFT_MAX;
const BOTH_LANES = 0x0001_0001;
const COMPARE = 0x8000_8000 | 0;
/** More than six branches can make up, so that no path from another state than 0 survives. */
const START_LEAD = 6 * BRANCH_MAX + 1;
/** Metrics spread by at most START_LEAD and grow by BRANCH_MAX a step: both must fit 15 bits. */
const STEPS_PER_NORMALISATION = 32;
assert(START_LEAD + STEPS_PER_NORMALISATION * BRANCH_MAX < 0x8000);

const STATES = 64;
const WORDS = STATES / 2;
const GROUPS = 4;
/** Butterflies of a group, from its first one, in the order in which they are worked out. */
const TURNS = [0, 2, 12, 14] as const;
const firstOf = (group: number): number => group + (group & 2);

const metricsA = new Int32Array(WORDS);
const metricsB = new Int32Array(WORDS);
/** By group the metric of input bit 0 from the first state of its first butterfly. */
const branches = new Int32Array(GROUPS);
/** A word a group and step: for each state one bit that tells where the better path came from. */
const decisions = new Int32Array(GROUPS * (STEPS_MAX + 1));
/** By state, where in its step's decisions its bit stands. */
const groupOf = new Uint8Array(STATES);
const shiftOf = new Uint8Array(STATES);
for (let group = 0; group < GROUPS; group++) {
  TURNS.forEach((turn, k) => {
    const even = 2 * (firstOf(group) ^ turn);
    const shift = 2 * (TURNS.length - 1 - k);
    groupOf.set([group, group], even);
    shiftOf.set([shift + 1, shift], even);
    groupOf.set([group, group], STATES - 2 - even);
    shiftOf.set([shift + 16, shift + 17], STATES - 2 - even);
  });
}

/**
 * Most likely information bits for the soft values of the mother code, three a bit, −127..127 and
 * 0 where nothing is known. The six zeros that end the trellis are among the bits.
 */
export function decodePayloadTrellis(soft: Int8Array, bits: Uint8Array): void {
  const steps = bits.length;
  assert(soft.length === 3 * steps && steps <= STEPS_MAX && steps % 2 === 0);
  metricsA.fill(0);
  metricsA[0] = START_LEAD;
  for (let step = 0; step < steps; step += 2) {
    if (step % STEPS_PER_NORMALISATION === 0 && step > 0) normalise(metricsA);
    loadBranches(soft, step);
    advance(metricsA, metricsB, step);
    loadBranches(soft, step + 1);
    advance(metricsB, metricsA, step + 1);
  }
  traceBack(bits);
}

/** Outputs of butterflies 0, 1, 4 and 5 for input bit 0: 000, 011, 110 and 101. */
function loadBranches(soft: Int8Array, step: number): void {
  const first = soft[3 * step]!;
  const second = soft[3 * step + 1]!;
  const third = soft[3 * step + 2]!;
  branches[0] = withComplement(-first - second - third);
  branches[1] = withComplement(second + third - first);
  branches[2] = withComplement(first + second - third);
  branches[3] = withComplement(first + third - second);
}

const withComplement = (sum: number): number =>
  (BRANCH_MAX / 2 + sum) | ((BRANCH_MAX / 2 - sum) << 16);

function advance(from: Int32Array, to: Int32Array, step: number): void {
  for (let group = 0; group < GROUPS; group++) {
    const i = group + (group & 2);
    const branch = branches[group]!;
    const complement = BRANCH_MAX * BOTH_LANES - branch;
    // TURNS written out, so that each call is inlined.
    let won = butterfly(from, to, i, branch);
    won = (won << 2) | butterfly(from, to, i ^ 2, complement);
    won = (won << 2) | butterfly(from, to, i ^ 12, complement);
    won = (won << 2) | butterfly(from, to, i ^ 14, branch);
    decisions[GROUPS * step + group] = won;
  }
}

/** No branches on data: which path wins is a coin toss that no processor predicts. */
function butterfly(from: Int32Array, to: Int32Array, i: number, branch: number): number {
  const complement = (BRANCH_MAX * BOTH_LANES - branch) | 0;
  const other = from[31 - i]!;
  const y = (other << 16) | (other >>> 16);
  const lead = ((from[i]! | COMPARE) - y) | 0;
  const difference = (branch - complement) | 0;
  const evenLead = (lead + difference) | 0;
  const evenWins = (evenLead & COMPARE) >>> 15;
  to[2 * i] = (y + complement + (evenLead & ((evenLead & COMPARE) - evenWins))) | 0;
  const oddLead = (lead - difference) | 0;
  const oddWins = (oddLead & COMPARE) >>> 15;
  to[2 * i + 1] = (y + branch + (oddLead & ((oddLead & COMPARE) - oddWins))) | 0;
  return (evenWins << 1) | oddWins;
}

function normalise(metrics: Int32Array): void {
  let least = 0x7fff;
  for (let i = 0; i < WORDS; i++) {
    const word = metrics[i]!;
    least = Math.min(least, word & 0x7fff, word >>> 16);
  }
  for (let i = 0; i < WORDS; i++) metrics[i] = (metrics[i]! - least * BOTH_LANES) | 0;
}

/** A set bit means: from the state of the lane's own word, which is the lower one in the low lane. */
function traceBack(bits: Uint8Array): void {
  let state = 0;
  for (let step = bits.length - 1; step >= 0; step--) {
    bits[step] = state & 1;
    const won = decisions[GROUPS * step + groupOf[state]!]! >>> shiftOf[state]!;
    state = (state >> 1) + 32 * ((won & 1) ^ (state >> 5) ^ 1);
  }
}
