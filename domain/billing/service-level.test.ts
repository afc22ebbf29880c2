import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CreditFacts, creditParts } from "./credit-parts.ts";
import { requirePlan } from "./plan.ts";
import { creditFor, type ServiceLevel } from "./service-level.ts";
import { NOTHING_PROVED } from "./service-proof.ts";
import { endOn, moveTo, pauseFrom, resumeOn, subscribe, swapOn } from "./subscription.ts";
import { PLAN, planOf } from "./test-contract.ts";

const LEVEL: ServiceLevel = {
  targetBasisPoints: 9_900,
  steps: [
    { belowBasisPoints: 9_900, percent: 10 },
    { belowBasisPoints: 9_500, percent: 25 },
    { belowBasisPoints: 9_000, percent: 50 },
  ],
  creditMax: "12.00",
};
const saved = (more: Partial<ServiceLevel>) => () =>
  requirePlan({ ...PLAN, serviceLevel: { ...LEVEL, ...more } });

it("gives back by the lowest step that was fallen below, and not more than its bound", () => {
  const percents = [9_900, 9_899, 9_500, 9_499, 8_999, 0].map(
    (availability) => creditFor("CNY", LEVEL, availability, 2_000).percent,
  );
  expect(percents).toEqual([0, 10, 10, 25, 50, 50]);
  expect(creditFor("CNY", LEVEL, 0, 2_001).credit).toBe(1_000); // 1000.5, half-even
  expect(creditFor("CNY", LEVEL, 0, 9_000).credit).toBe(1_200);
  expect(creditFor("CNY", { ...LEVEL, creditMax: null }, 0, 9_000).credit).toBe(4_500);
});

it("never gives back more than the fee", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(1_000_000), (availability, fee) => {
      const { credit } = creditFor("CNY", LEVEL, availability, fee);
      expect(credit).toBeGreaterThanOrEqual(0);
      expect(credit).toBeLessThanOrEqual(fee);
    }),
  );
});

it("names the field of a plan whose promise cannot be", () => {
  expect(saved({})()).toMatchObject({ serviceLevel: LEVEL });
  expect(saved({ targetBasisPoints: 10_001 })).toThrow("serviceLevel.targetBasisPoints");
  expect(saved({ steps: [] })).toThrow("serviceLevel.steps must");
  const [first, second] = LEVEL.steps;
  const swapped = [second, first].flatMap((step) => step ?? []);
  expect(saved({ steps: swapped })).toThrow("serviceLevel.steps.1.belowBasisPoints");
  const above = [{ belowBasisPoints: 9_901, percent: 10 }];
  expect(saved({ steps: above })).toThrow("serviceLevel.steps.0.belowBasisPoints");
  expect(saved({ steps: [{ belowBasisPoints: 9_000, percent: 101 }] })).toThrow("steps.0.percent");
  expect(saved({ creditMax: "1.005" })).toThrow("at most 2 decimals");
  expect(() => requirePlan({ ...PLAN, scope: "account", serviceLevel: LEVEL })).toThrow(
    "a promise is made to a terminal",
  );
});

describe("what a subscription gets back", () => {
  const plan = planOf({ serviceLevel: LEVEL });
  const bare = planOf();
  const plans = new Map([plan, bare].map((one) => [one.id, one]));
  const car = subscribe({
    ...{ id: "s1", customerId: "c1", plan, addOns: [], startsOn: "2026-03-01", address: 7 },
  });
  const lost = { ...NOTHING_PROVED.missing, "backhaul-down": 8 };
  /** Each day has lost 8 of 100 reports by us. */
  const factsOf = (looked: string[] = []): CreditFacts => ({
    ...{ month: "2026-03", billed: [], credited: [] },
    planOf: (id) => plans.get(id) ?? plan,
    provedOn: (address, { from, to }) => {
      looked.push(`${address} ${from}..${to}`);
      return [{ ...NOTHING_PROVED, expected: 100, received: 92, missing: lost }];
    },
  });

  it("is a share of the fee of the month", () => {
    expect(creditParts(car, factsOf())).toEqual([
      {
        ...{ planId: plan.id, from: "2026-03-01", to: "2026-04-01", days: 31, expected: 100 },
        ...{ lost: 8, availability: 9_200, target: 9_900, percent: 25, fee: 3_000, credit: 750 },
      },
    ]);
  });

  it("is for the days that are paid for, of the terminals that it had then", () => {
    const looked: string[] = [];
    const paused = resumeOn(pauseFrom(car, "2026-03-11"), "2026-03-21");
    const swapped = swapOn(paused, "2026-03-26", 8);
    const [part] = creditParts(endOn(swapped, "2026-03-31"), factsOf(looked));
    expect(part).toMatchObject({ days: 20, fee: 1_935 }); // 30.00 · 20/31
    expect(looked).toEqual([
      "7 2026-03-01..2026-03-11",
      "7 2026-03-21..2026-03-26",
      "8 2026-03-26..2026-03-31",
    ]);
  });

  it("is bounded for the month as a whole, also where it had two plans", () => {
    const serviceLevel = { ...LEVEL, creditMax: "5.00" };
    const before = planOf({ serviceLevel });
    const after = planOf({ serviceLevel });
    plans.set(before.id, before).set(after.id, after);
    const sold = subscribe({
      ...{ id: "s2", customerId: "c1", plan: before, addOns: [], startsOn: "2026-03-01" },
      address: 7,
    });
    const moved = moveTo(sold, "2026-03-21", { before, after }, []);
    // 30.00 · 20/31 · 25 % = 4.84, then 2.66, of which 0.16 is left of 5.00
    expect(creditParts(moved, factsOf()).map(({ credit }) => credit)).toEqual([484, 16]);
  });

  it("is nothing under a plan that promises nothing", () => {
    const moved = moveTo(car, "2026-03-01", { before: plan, after: bare }, []);
    expect(creditParts(moved, factsOf())).toEqual([]);
  });
});
