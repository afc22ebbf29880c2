import type { Clock } from "../base/clock.ts";
import { transmissionNs } from "../protocol/air/pocsag.ts";
import type { PageRequest, PageResult } from "../protocol/messages.ts";
import type { PagedFrame, PageFrame } from "../protocol/modem/line-frame.ts";
import type { PageQueue } from "./page-queue.ts";
import type { Tokens } from "./tokens.ts";

/** How long after its last chance a page may stay unanswered. */
const ANSWER_WAIT_MS = 10_000;
const MODEM_WORDS_MIN = 17;

interface Held {
  readonly request: PageRequest;
  readonly giveUpAtMs: number;
}

/** The pages that one modem holds: never more than it said it takes. */
export class PageHand {
  readonly #queue: PageQueue;
  readonly #tokens: Tokens;
  readonly #held = new Map<number, Held>();

  constructor(queue: PageQueue, tokens: Tokens) {
    this.#queue = queue;
    this.#tokens = tokens;
  }

  /**
   * The next pages for the modem. Expiry is judged here, the last place that can, and goes along as the latest
   * start. `offsetNs` is how far a free-running modem's clock is ahead of ours.
   */
  fill(placesMax: number, clock: Clock, offsetNs: bigint): PageFrame[] {
    const frames: PageFrame[] = [];
    const nowMs = clock.now();
    while (this.#held.size < placesMax) {
      const request = this.#queue.take(nowMs);
      const token = request && this.#tokens.take();
      if (!request || token === undefined) break;
      const airMs = Number(transmissionNs(request.words.length, request.rate)) / 1e6;
      const latestInMs = Math.max(0, Number(request.expiresAtNs) / 1e6 - nowMs);
      const giveUpAtMs = clock.steadyMs() + latestInMs + airMs + ANSWER_WAIT_MS;
      this.#held.set(token, { request, giveUpAtMs });
      frames.push({
        name: "page",
        token,
        earliestNs: request.earliestAtNs === 0n ? 0n : wireTime(request.earliestAtNs + offsetNs),
        latestNs: wireTime(request.expiresAtNs + offsetNs),
        bitRate: request.rate,
        words: request.words,
      });
    }
    return frames;
  }

  paged({ token, status, firstPreambleBitAtNs }: PagedFrame): PageResult | undefined {
    return this.#finish(token, status, firstPreambleBitAtNs);
  }

  refused(token: number): PageResult | undefined {
    return this.#finish(token, "refused");
  }

  /** Pages that the modem should have answered; what became of them is unknown. */
  expire(steadyMs: number): { readonly token: number; readonly result: PageResult }[] {
    return [...this.#held].flatMap(([token, { giveUpAtMs }]) => {
      const result = steadyMs < giveUpAtMs ? undefined : this.#finish(token, "fault");
      return result ? [{ token, result }] : [];
    });
  }

  /** The line is gone: they may or may not have been sent. */
  abandon(): PageResult[] {
    return [...this.#held.keys()].flatMap((token) => this.#finish(token, "fault") ?? []);
  }

  #finish(token: number, status: PageResult["status"], startedAtNs = 0n): PageResult | undefined {
    const held = this.#held.get(token);
    if (!held) return undefined;
    this.#held.delete(token);
    this.#tokens.free(token);
    return this.#queue.finish(held.request.id, status, startedAtNs);
  }
}

const TIME_MAX_NS = (1n << 64n) - 1n;
const wireTime = (ns: bigint): bigint => (ns < 0n ? 0n : ns > TIME_MAX_NS ? TIME_MAX_NS : ns);

/** What the line can carry; anything else is answered "refused" before it is queued. */
export const fitsLine = ({ words }: PageRequest, syncWord: number): boolean =>
  words.length >= MODEM_WORDS_MIN && words[0] === syncWord;
