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
 * As many pages as share one transmission. Those of the highest priority that waits take their places first; every gap
 * that the frames leave is given to the page whose own frame comes next, so that few words stay idle.
 */
export function packPages(waiting: readonly DuePage[]): Packed {
  const first = Math.max(...waiting.map(({ priority }) => priority));
  const all = waiting.map(candidateOf);
  const order = placed(
    all.filter(({ page }) => page.priority === first),
    all.filter(({ page }) => page.priority < first),
  );
  // a page longer than a transmission goes alone, which no page of ours is
  const taken = order.length > 0 ? order : all.slice(0, 1);
  return { taken: taken.map(({ page }) => page), words: encoded(taken) };
}

/** Of pages that one transmission holds already, or of some of them, in their order there: they fit. */
export const wordsOf = (taken: readonly DuePage[]): Uint32Array => encoded(taken.map(candidateOf));

const encoded = (taken: readonly Candidate[]): Uint32Array =>
  taken.length === 0 ? new Uint32Array() : encodeInOrder(taken.flatMap(({ pocsag }) => pocsag));

function placed(urgent: readonly Candidate[], others: readonly Candidate[]): Candidate[] {
  const order: Candidate[] = [];
  const left = { urgent: [...urgent], others: [...others] };
  for (let at = 0; ; ) {
    const must = nextOf(left.urgent, at, LAST_WORD);
    const filler = nextOf(left.others, at, must?.startsAt ?? LAST_WORD);
    const next = filler ?? must;
    if (next === undefined) return order;
    order.push(next.candidate);
    at = next.endsAt;
    const from = filler === undefined ? left.urgent : left.others;
    from.splice(from.indexOf(next.candidate), 1);
  }
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
  const inFrame = new Array<number>(FRAMES).fill(0);
  for (const { ric } of left) inFrame[ric % FRAMES] = (inFrame[ric % FRAMES] ?? 0) + 1;
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
