import { beforeEach, describe, expect, it } from "vitest";
import { type FakeClock, fakeClock } from "../base/clock.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import type { PageRequest } from "../protocol/messages.ts";
import { PageHand } from "./page-hand.ts";
import { HAND_OVER_MS, PAGES_MAX, PageQueue } from "./page-queue.ts";
import { Tokens } from "./tokens.ts";

const NOW_MS = 1_735_689_600_000;
const ns = (ms: number) => BigInt(ms) * 1_000_000n;
const words = encodeTransmission([{ ric: 8, function: 0, symbols: Uint8Array.of(1, 2) }]);
const request = (id: string, changes: Partial<PageRequest> = {}): PageRequest => ({
  id,
  ...{ rate: 1200, words, earliestAtNs: 0n, expiresAtNs: ns(NOW_MS + 60_000), priority: 0 },
  ...changes,
});

let queue: PageQueue;
let hand: PageHand;
let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock(NOW_MS);
  queue = new PageQueue();
  hand = new PageHand(queue, new Tokens());
});
const idsTaken = (nowMs: number) => {
  const ids: string[] = [];
  for (let page = queue.take(nowMs); page; page = queue.take(nowMs)) ids.push(page.id);
  return ids;
};

describe("the queue", () => {
  it("gives the most urgent first, then the earliest, then the first that came", () => {
    queue.offer(request("later", { earliestAtNs: ns(NOW_MS + 1000) }), NOW_MS);
    queue.offer(request("a"), NOW_MS);
    queue.offer(request("b"), NOW_MS);
    queue.offer(request("urgent", { priority: 9 }), NOW_MS);
    expect(idsTaken(NOW_MS)).toEqual(["urgent", "a", "b", "later"]);
  });

  it("keeps a page back until shortly before it may start, and lets others past", () => {
    const earliestAtNs = ns(NOW_MS + 10_000);
    queue.offer(request("timed", { earliestAtNs, priority: 9 }), NOW_MS);
    queue.offer(request("now"), NOW_MS);
    expect(idsTaken(NOW_MS)).toEqual(["now"]);
    expect(idsTaken(NOW_MS + 10_000 - HAND_OVER_MS)).toEqual(["timed"]);
  });

  it("answers what has expired, whether it comes so or waits too long", () => {
    const expired = { id: "old", status: "expired", startedAtNs: 0n };
    expect(queue.offer(request("old", { expiresAtNs: ns(NOW_MS - 1) }), NOW_MS)).toEqual(expired);
    queue.offer(request("waits", { expiresAtNs: ns(NOW_MS + 5) }), NOW_MS);
    expect(queue.expire(NOW_MS + 5)).toEqual([]);
    expect(queue.take(NOW_MS + 6)).toBeUndefined();
    expect(queue.expire(NOW_MS + 6)).toMatchObject([{ id: "waits", status: "expired" }]);
    expect(queue.length).toBe(0);
  });

  it("takes a request once, and repeats its result", () => {
    expect(queue.offer(request("x"), NOW_MS)).toBeUndefined();
    expect(queue.offer(request("x"), NOW_MS)).toBeUndefined();
    expect(idsTaken(NOW_MS)).toEqual(["x"]);
    const result = queue.finish("x", "sent", 7n);
    expect(queue.offer(request("x"), NOW_MS)).toEqual(result);
    expect(idsTaken(NOW_MS)).toEqual([]);
  });

  it("is bounded and says so", () => {
    for (let i = 0; i < PAGES_MAX; i++) queue.offer(request(String(i)), NOW_MS);
    expect(queue.offer(request("more"), NOW_MS)).toMatchObject({ id: "more", status: "busy" });
    queue.take(NOW_MS);
    expect(queue.offer(request("more"), NOW_MS)).toBeUndefined();
  });
});

describe("the hand", () => {
  it("holds as many as the modem takes, and passes its answers on", () => {
    for (const id of ["a", "b", "c"]) queue.offer(request(id), NOW_MS);
    const [first, ...none] = hand.fill(1, clock, 0n);
    expect(none).toEqual([]);
    expect(first).toMatchObject({ earliestNs: 0n, latestNs: ns(NOW_MS + 60_000), bitRate: 1200 });
    expect(hand.fill(1, clock, 0n)).toEqual([]);
    const token = first?.token ?? 0;
    const paged = { name: "paged", token, status: "sent", firstPreambleBitAtNs: 99n } as const;
    expect(hand.paged(paged)).toEqual({ id: "a", status: "sent", startedAtNs: 99n });
    expect(hand.paged(paged)).toBeUndefined();
    expect(hand.fill(2, clock, 0n)).toHaveLength(2);
  });

  it("speaks of a free-running modem's time", () => {
    queue.offer(request("x", { earliestAtNs: ns(NOW_MS + 10) }), NOW_MS);
    const [frame] = hand.fill(1, clock, -ns(NOW_MS));
    expect(frame).toMatchObject({ earliestNs: ns(10), latestNs: ns(60_000) });
  });

  it("gives up on a modem that never answers, whatever its own clock is set to", () => {
    queue.offer(request("x"), NOW_MS);
    const [frame] = hand.fill(1, clock, 0n);
    clock.set(NOW_MS - 3_600_000);
    expect(hand.expire(clock.steadyMs() + 70_000)).toEqual([]);
    const [given] = hand.expire(clock.steadyMs() + 72_000);
    expect(given).toMatchObject({ token: frame?.token, result: { id: "x", status: "fault" } });
  });

  it("says of a refusal and of a broken line what is known", () => {
    for (const id of ["a", "b"]) queue.offer(request(id), NOW_MS);
    const [first] = hand.fill(2, clock, 0n);
    expect(hand.refused(first?.token ?? 0)).toMatchObject({ id: "a", status: "refused" });
    expect(hand.abandon()).toMatchObject([{ id: "b", status: "fault" }]);
  });
});
