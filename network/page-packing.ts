import type { DuePage } from "../domain/packets/page-store.ts";
import {
  decodeTransmission,
  encodeInOrder,
  FRAMES,
  frameAt,
  type PocsagPage,
  SYMBOLS_PER_CODEWORD,
  WORDS_PER_BATCH,
  wordsUntilFrame,
} from "../protocol/air/pocsag.ts";

/** Six batches: 3.2 s at 1200 bit/s, so that an urgent page never waits long for one under way. */
export const WORDS_PER_TRANSMISSION_MAX = 6 * WORDS_PER_BATCH;
/** The last word of a transmission is idle, so that every message is closed. */
const LAST_WORD = WORDS_PER_TRANSMISSION_MAX - 1;

export interface Packed {
  /** In the order in which they go on the air. */
  readonly taken: readonly DuePage[];
  readonly words: Uint32Array;
}

interface Candidate {
  readonly page: DuePage;
  readonly pocsag: readonly PocsagPage[];
  readonly ric: number;
  /** Of its own words: the address and the message. */
  readonly size: number;
}

/**
 * As many pages as share one transmission. Those of the highest priority that waits take their places first, in the order
 * that leaves few words idle; every gap that the frames leave is given to the other page whose own frame comes next.
 */
export function packPages(waiting: readonly DuePage[]): Packed {
  const first = Math.max(...waiting.map(({ priority }) => priority));
  const all = waiting.map(candidateOf);
  const urgent = fullest(
    all.filter(({ page }) => page.priority === first).slice(0, CANDIDATES_MAX),
  );
  const others = all.filter(({ page }) => page.priority < first);
  const order = withGapsFilled(urgent, others);
  // a page longer than a transmission goes alone, which no page of ours is
  const taken = order.length > 0 ? order : all.slice(0, 1);
  return { taken: taken.map(({ page }) => page), words: encoded(taken) };
}

/** Of pages that one transmission holds already, or of some of them, in their order there: they fit. */
export const wordsOf = (taken: readonly DuePage[]): Uint32Array => encoded(taken.map(candidateOf));

const encoded = (taken: readonly Candidate[]): Uint32Array =>
  taken.length === 0 ? new Uint32Array() : encodeInOrder(taken.flatMap(({ pocsag }) => pocsag));

/** So many beginnings of a transmission are followed at once: a page that fits best now may leave a gap behind it. */
const FOLLOWED = 8;
/** Words after the soonest page's in which another may begin. */
const LATER_MAX = 2;
/** Idle words that it is worth to send a page of a frame for which one more waits: else those that share a frame are left over. */
const RELIEF_WORDS = 0.3;

interface Begun {
  readonly order: readonly Candidate[];
  /** Which of all they are, a bit each. */
  readonly set: number;
  readonly at: number;
  readonly words: number;
  /** How many wait for the frames of these, summed up. */
  readonly relief: number;
}

/** A beam search for the order of most words, those that wait longer first among equals. */
function fullest(candidates: readonly Candidate[]): readonly Candidate[] {
  const inFrame = countedByFrame(candidates);
  let best: Begun = { order: [], set: 0, at: 0, words: 0, relief: 0 };
  for (let begun = [best]; begun.length > 0; ) {
    const next = new Map<string, Begun>(); // the same pages in another order that end alike are followed once
    for (const one of begun) {
      for (const longer of longerBy(one, candidates, inFrame)) {
        const key = `${longer.at} ${longer.set}`;
        if (!next.has(key)) next.set(key, longer);
        if (longer.words > best.words) best = longer;
      }
    }
    begun = [...next.values()].sort((a, b) => cost(a) - cost(b) || a.set - b.set);
    begun.length = Math.min(begun.length, FOLLOWED);
  }
  return best.order;
}

const cost = ({ at, words, relief }: Begun): number =>
  at - Math.ceil(at / WORDS_PER_BATCH) - words - RELIEF_WORDS * relief;

/** By one page whose frame comes soon: what is idle for long is never made up for. */
function* longerBy(
  { order, set, at, words, relief }: Begun,
  candidates: readonly Candidate[],
  inFrame: readonly number[],
) {
  const gaps = Array.from({ length: FRAMES }, (_, frame) => wordsUntilFrame(frame, at));
  const left = candidates.flatMap((candidate, nth) => {
    const startsAt = at + (gaps[candidate.ric % FRAMES] ?? 0);
    const endsAt = endOf(startsAt, candidate.size);
    return has(set, nth) || endsAt > LAST_WORD ? [] : [{ candidate, nth, startsAt, endsAt }];
  });
  const soonest = Math.min(...left.map(({ startsAt }) => startsAt));
  for (const { candidate, nth, startsAt, endsAt } of left) {
    if (startsAt > soonest + LATER_MAX) continue;
    yield {
      order: [...order, candidate],
      set: set + 2 ** nth,
      at: endsAt,
      words: words + candidate.size,
      relief: relief + (inFrame[candidate.ric % FRAMES] ?? 0),
    };
  }
}

/** How many wait for each frame. */
function countedByFrame(candidates: readonly Candidate[]): readonly number[] {
  const counts = new Array<number>(FRAMES).fill(0);
  for (const { ric } of candidates) counts[ric % FRAMES] = (counts[ric % FRAMES] ?? 0) + 1;
  return counts;
}

const has = (set: number, nth: number): boolean => Math.floor(set / 2 ** nth) % 2 === 1;

/** Bits of a whole number. */
const CANDIDATES_MAX = 52;

function withGapsFilled(
  urgent: readonly Candidate[],
  others: readonly Candidate[],
): readonly Candidate[] {
  const order: Candidate[] = [];
  const left = [...others];
  let at = 0;
  for (const must of [...urgent, undefined]) {
    const startsAt = (): number =>
      must === undefined ? LAST_WORD : at + wordsUntilFrame(must.ric, at);
    for (let filler = nextOf(left, at, startsAt()); filler; filler = nextOf(left, at, startsAt())) {
      order.push(filler.candidate);
      left.splice(left.indexOf(filler.candidate), 1);
      at = filler.endsAt;
    }
    if (must === undefined) continue;
    order.push(must);
    at = endOf(startsAt(), must.size);
  }
  return order;
}

interface Place {
  readonly candidate: Candidate;
  readonly startsAt: number;
  readonly endsAt: number;
  /** How many could begin where this one ends. */
  readonly follow: number;
}

/** The page whose frame comes next and that is over by then; of several the one after which most others could begin. */
function nextOf(left: readonly Candidate[], at: number, until: number): Place | undefined {
  const inFrame = countedByFrame(left);
  let best: Place | undefined;
  for (const candidate of left) {
    const startsAt = at + wordsUntilFrame(candidate.ric, at);
    const endsAt = endOf(startsAt, candidate.size);
    if (endsAt > until) continue;
    const follow = inFrame[frameAt(endsAt)] ?? 0;
    const place = { candidate, startsAt, endsAt, follow };
    if (best === undefined || isBefore(place, best)) best = place;
  }
  return best;
}

function isBefore(a: Place, b: Place): boolean {
  if (a.startsAt !== b.startsAt) return a.startsAt < b.startsAt;
  const urgency = a.candidate.page.priority - b.candidate.page.priority;
  if (urgency !== 0) return urgency > 0;
  return a.follow !== b.follow ? a.follow > b.follow : a.candidate.size > b.candidate.size;
}

/** Sync words stand between. */
function endOf(startsAt: number, size: number): number {
  let at = startsAt;
  for (let left = size; left > 0; at++) if (at % WORDS_PER_BATCH !== 0) left--;
  return at;
}

function candidateOf(page: DuePage): Candidate {
  const pocsag = decodeTransmission(page.words).pages;
  const size = pocsag.reduce(
    (sum, { symbols }) => sum + 1 + Math.ceil(symbols.length / SYMBOLS_PER_CODEWORD),
    0,
  );
  return { page, pocsag, ric: pocsag[0]?.ric ?? 0, size };
}
