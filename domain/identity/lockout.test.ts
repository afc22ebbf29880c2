import fc from "fast-check";
import { expect, it } from "vitest";
import {
  afterFailure,
  FREE_TRIES,
  isLocked,
  LOCK_MS_MAX,
  NO_TRIES,
  type Tries,
} from "./lockout.ts";

/** The waits that so many wrong tries in a row earn, each made when the one before is over. */
function waits(count: number): number[] {
  let tries: Tries = NO_TRIES;
  let nowMs = 0;
  return Array.from({ length: count }, () => {
    tries = afterFailure(tries, nowMs);
    const waitMs = (tries.lockedUntilMs ?? nowMs) - nowMs;
    nowMs += waitMs;
    return waitMs;
  });
}

it("costs nothing to mistype, then half a minute, doubling up to a quarter of an hour", () => {
  const s = 1_000;
  expect(waits(12)).toEqual([
    0,
    0,
    0,
    0,
    30 * s,
    60 * s,
    120 * s,
    240 * s,
    480 * s,
    900 * s,
    900 * s,
    900 * s,
  ]);
});

it("never keeps anybody out for longer, nor counts what is tried while locked", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 * LOCK_MS_MAX), { maxLength: 60 }), (pauses) => {
      let tries: Tries = NO_TRIES;
      let nowMs = 0;
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        const before = tries;
        tries = afterFailure(before, nowMs);
        if (isLocked(before, nowMs)) expect(tries).toEqual(before);
        else expect(tries.failedAttempts).toBe(before.failedAttempts + 1);
        expect((tries.lockedUntilMs ?? nowMs) - nowMs).toBeLessThanOrEqual(LOCK_MS_MAX);
        expect(isLocked(tries, nowMs)).toBe(tries.failedAttempts >= FREE_TRIES);
      }
    }),
  );
});
