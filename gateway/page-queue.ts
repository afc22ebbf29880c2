import type { PageRequest, PageResult, PageResultStatus } from "../protocol/messages.ts";

export const PAGES_MAX = 1000;
/** A page is handed over so long before it may start; earlier it would hold the modem's place. */
export const HAND_OVER_MS = 3000;
const RESULTS_KEPT_MAX = 2000;

/** Pages that wait for a modem, the most urgent first. */
export class PageQueue {
  #waiting: PageRequest[] = [];
  /** Ids on the way and their results once known: MQTT may bring a request twice. */
  readonly #known = new Map<string, PageResult | undefined>();

  get length(): number {
    return this.#waiting.length;
  }

  /** A result at once, when there is one already or there can be none. */
  offer(request: PageRequest, nowMs: number): PageResult | undefined {
    if (this.#known.has(request.id)) return this.#known.get(request.id);
    if (isExpired(request, nowMs)) return this.finish(request.id, "expired");
    if (this.#waiting.length >= PAGES_MAX)
      return { id: request.id, status: "busy", startedAtNs: 0n };
    this.#remember(request.id, undefined);
    const at = this.#waiting.findIndex((other) => isBefore(request, other));
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, request);
    return undefined;
  }

  /** The page to hand over now; it is no longer in the queue. */
  take(nowMs: number): PageRequest | undefined {
    const at = this.#waiting.findIndex(
      (request) => !isExpired(request, nowMs) && isDue(request, nowMs),
    );
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  expire(nowMs: number): PageResult[] {
    const expired = this.#waiting.filter((request) => isExpired(request, nowMs));
    if (expired.length === 0) return [];
    this.#waiting = this.#waiting.filter((request) => !isExpired(request, nowMs));
    return expired.map(({ id }) => this.finish(id, "expired"));
  }

  finish(id: string, status: PageResultStatus, startedAtNs = 0n): PageResult {
    const result = { id, status, startedAtNs };
    this.#remember(id, result);
    return result;
  }

  #remember(id: string, result: PageResult | undefined): void {
    this.#known.delete(id);
    this.#known.set(id, result);
    for (const [oldest, known] of this.#known) {
      if (this.#known.size <= RESULTS_KEPT_MAX) return;
      if (known) this.#known.delete(oldest);
    }
  }
}

const toNs = (ms: number): bigint => BigInt(Math.floor(ms * 1000)) * 1000n;
export const isExpired = (request: PageRequest, nowMs: number): boolean =>
  request.expiresAtNs < toNs(nowMs);
const isDue = (request: PageRequest, nowMs: number): boolean =>
  request.earliestAtNs <= toNs(nowMs + HAND_OVER_MS);
const isBefore = (a: PageRequest, b: PageRequest): boolean =>
  a.priority === b.priority ? a.earliestAtNs < b.earliestAtNs : a.priority > b.priority;
