import fc from "fast-check";
import { expect, it } from "vitest";
import { type HeardBy, judgeWalkTest } from "./walk-test.ts";

const heard = (gatewayId: string, ...snrs: readonly number[]): readonly HeardBy[] =>
  snrs.map((snrDb, i) => ({ gatewayId, receivedAtMs: i, rssiDbm: -110 + snrDb, snrDb }));

it.each([
  ["not heard at all", [], 900, "fail", "not-heard"],
  ["heard, but no answer came through", heard("a", 20), undefined, "fail", "no-answer"],
  ["a thin margin", heard("a", 3, 2, 4), 900, "weak", "thin-margin"],
  ["one gateway alone, not strong", heard("a", 8), 900, "weak", "one-gateway"],
  ["one gateway alone, strong", heard("a", 12), 900, "pass", "good"],
  ["two gateways", [...heard("a", 7), ...heard("b", 1)], 900, "pass", "good"],
] as const)("%s", (...[, receptions, twoWayMs, verdict, because]) => {
  expect(judgeWalkTest(receptions, 1, twoWayMs)).toMatchObject({ verdict, because });
});

it("shows the best gateway first, with its median margin", () => {
  const { gateways } = judgeWalkTest([...heard("a", 1, 9, 2), ...heard("b", 5, 5, 30)], 3, 800);
  expect(gateways).toMatchObject([
    { gatewayId: "b", marginDb: 5, bestSnrDb: 30, lastSnrDb: 30, packets: 3 },
    { gatewayId: "a", marginDb: 2, bestSnrDb: 9, lastSnrDb: 2, packets: 3 },
  ]);
});

it("never gets worse by one more gateway", () => {
  const rank = { fail: 0, weak: 1, pass: 2 };
  const anyHeard = fc.array(fc.integer({ min: -10, max: 30 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(anyHeard, { maxLength: 4 }), anyHeard, (others, one) => {
      const before = others.flatMap((snrs, i) => heard(`g${i}`, ...snrs));
      const after = [...before, ...heard("more", ...one)];
      expect(rank[judgeWalkTest(after, 1, 900).verdict]).toBeGreaterThanOrEqual(
        rank[judgeWalkTest(before, 1, 900).verdict],
      );
    }),
  );
});
