import fc from "fast-check";
import { expect, it } from "vitest";
import { pace } from "./rate-limit.ts";

it("lets a burst through and then the even rate", () => {
  let state = { dueMs: 0 };
  const waits = Array.from({ length: 6 }, () => {
    const step = pace({ perSecond: 10, burst: 3 }, state, 1000);
    state = step.pace;
    return Math.round(step.wait);
  });
  expect(waits).toEqual([0, 0, 0, 100, 200, 300]);
});

it("never lets more than burst + rate × time through in any span", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { minLength: 2, maxLength: 60 }), (gaps) => {
      let state = { dueMs: 0 };
      let now = 0;
      const sent = gaps.map((gap) => {
        now += gap;
        const step = pace({ perSecond: 10, burst: 3 }, state, now);
        state = step.pace;
        return now + step.wait;
      });
      sent.forEach((from, i) => {
        const count = sent.filter((at, j) => j >= i && at < from + 1000).length;
        expect(count).toBeLessThanOrEqual(3 + 10 + 1);
      });
    }),
  );
});
