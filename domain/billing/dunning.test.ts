import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween } from "./calendar.ts";
import { type CreditFigures, GRADES, gradeOf } from "./credit-grade.ts";
import {
  CUTS,
  cutAt,
  DUNNING_DEFAULT,
  type DunningFacts,
  type DunningPolicy,
  type DunningState,
  decideDunning,
  NOT_DUNNED,
  outlook,
  policyIn,
  requirePolicy,
} from "./dunning.ts";
import { SERVICE_CLASSES } from "./plan.ts";

const DUE = "2026-01-31";
const depth = (cut: (typeof CUTS)[number]): number => CUTS.indexOf(cut);

const policies: fc.Arbitrary<DunningPolicy> = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), a: fc.nat(3), b: fc.nat(3) }), {
    ...{ minLength: 1, maxLength: 8 },
  })
  .chain((rows) =>
    fc
      .record({
        least: fc.integer({ min: 0, max: 50 }),
        grace: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20)),
      })
      .map(({ least, grace }): DunningPolicy => {
        let afterDays = 0;
        let convenience = 0;
        let security = 0;
        const steps = rows.map(({ gap, a, b }, at) => {
          afterDays += gap;
          if (at > 0) convenience = Math.max(convenience, a);
          if (at > 0) security = Math.max(security, Math.min(b, convenience));
          const cuts = {
            convenience: CUTS[convenience] ?? "nothing",
            security: CUTS[security] ?? "nothing",
          };
          return { afterDays, fee: 0, cuts };
        });
        const byGrade = Object.fromEntries(GRADES.map((grade, at) => [grade, grace[at] ?? 0]));
        return {
          ...{ currency: "CNY", steps, least, depositMonths: DUNNING_DEFAULT.depositMonths },
          graceDays: { A: 0, B: 0, C: 0, D: 0, ...byGrade },
        };
      }),
  );

interface Deed {
  readonly days: number;
  readonly paid: "nothing" | "all" | "oldest";
}
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    days: fc.integer({ min: 1, max: 40 }),
    paid: fc.constantFrom("nothing", "nothing", "nothing", "all", "oldest"),
  }),
  { maxLength: 30 },
);

/** A history as the daily round makes it; answers each step with its day. */
function live(policy: DunningPolicy, history: readonly Deed[], isReachable = true) {
  let state: DunningState = NOT_DUNNED;
  let today = DUE;
  let debt: DunningFacts["debt"] = { dueOn: DUE, amount: 100 };
  const told: { state: DunningState; today: string; kind: string; isPaid: boolean }[] = [];
  for (const { days, paid } of history) {
    for (let day = 0; day < days; day++) {
      today = addDays(today, 1);
      if (day === 0 && paid === "all") debt = undefined;
      if (day === 0 && paid === "oldest") debt = { dueOn: today, amount: 60 };
      const facts: DunningFacts = { policy, grade: "C", debt, today, isReachable };
      const outcome = decideDunning(state, facts);
      if (outcome.kind === "step") state = { ...state, step: outcome.step, steppedOn: today };
      if (outcome.kind === "relax") state = { ...state, step: outcome.step };
      told.push({ state, today, kind: outcome.kind, isPaid: debt === undefined });
    }
    if (debt === undefined) debt = { dueOn: today, amount: 100 };
  }
  return told;
}

describe("dunning", () => {
  it("never cuts what protects lives, and never security more than convenience", () => {
    fc.assert(
      fc.property(policies, fc.nat(12), (policy, step) => {
        requirePolicy(policy);
        expect(cutAt(policy, step, "life-safety")).toBe("nothing");
        expect(depth(cutAt(policy, step, "security"))).toBeLessThanOrEqual(
          depth(cutAt(policy, step, "convenience")),
        );
      }),
    );
  });

  it("takes one step at a time with the days between that the policy says, and none once it is paid", () => {
    fc.assert(
      fc.property(policies, deeds, (policy, history) => {
        let before: DunningState = NOT_DUNNED;
        for (const { state, today, kind, isPaid } of live(policy, history)) {
          if (kind === "step") {
            expect(state.step).toBe(before.step + 1);
            const gap =
              (policy.steps[state.step - 1]?.afterDays ?? 0) -
              (policy.steps[before.step - 1]?.afterDays ?? 0);
            if (before.step > 0 && before.steppedOn !== null)
              expect(daysBetween(before.steppedOn, today)).toBeGreaterThanOrEqual(gap);
          }
          if (isPaid)
            for (const of of SERVICE_CLASSES) expect(cutAt(policy, state.step, of)).toBe("nothing");
          before = state;
        }
      }),
    );
  });

  it("cuts nobody whom it cannot tell", () => {
    fc.assert(
      fc.property(policies, deeds, (policy, history) => {
        for (const { state } of live(policy, history, false))
          for (const of of SERVICE_CLASSES) expect(cutAt(policy, state.step, of)).toBe("nothing");
      }),
    );
  });

  it("says beforehand on which day each step comes", () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...GRADES), (policy, grade) => {
        const debt = { dueOn: DUE, amount: 100 };
        const facts = { policy, grade, debt, isReachable: true };
        const said = outlook(NOT_DUNNED, { ...facts, today: DUE });
        let state: DunningState = NOT_DUNNED;
        const came: string[] = [];
        for (let n = 1; n < 400 && state.step < policy.steps.length; n++) {
          const today = addDays(DUE, n);
          const outcome = decideDunning(state, { ...facts, today });
          if (outcome.kind !== "step") continue;
          state = { ...state, step: outcome.step, steppedOn: today };
          came.push(today);
        }
        expect(came).toEqual(said.map(({ on }) => on));
      }),
    );
  });

  it("waits while a person holds it, and lets a small sum be", () => {
    const facts: DunningFacts = {
      ...{ policy: DUNNING_DEFAULT, grade: "D", isReachable: true, today: "2026-02-10" },
      debt: { dueOn: DUE, amount: 100 },
    };
    expect(decideDunning(NOT_DUNNED, facts)).toEqual({ kind: "step", step: 1 });
    const held = { ...NOT_DUNNED, heldUntil: "2026-02-11" };
    expect(decideDunning(held, facts)).toEqual({ kind: "stay" });
    expect(outlook(held, facts)[0]?.on).toBe("2026-02-11");
    const policy = { ...DUNNING_DEFAULT, least: 101 };
    expect(decideDunning(NOT_DUNNED, { ...facts, policy })).toEqual({ kind: "stay" });
  });

  it("asks for fees and lets small sums be in its own currency alone", () => {
    const steps = DUNNING_DEFAULT.steps.map((step) => ({ ...step, fee: 500 }));
    const policy = requirePolicy({ ...DUNNING_DEFAULT, currency: "CNY", least: 101, steps });
    expect(policyIn("CNY", policy)).toBe(policy);
    expect(policyIn("JPY", policy)).toEqual({ ...DUNNING_DEFAULT, currency: "CNY" });
    expect(() => requirePolicy({ ...policy, currency: null })).toThrow("currency");
    expect(() => requirePolicy({ ...policy, currency: "YUAN" })).toThrow("currency");
  });

  it.each([
    ["steps.1.afterDays", { afterDays: 3 }],
    ["steps.1.cuts.security", { cuts: { security: "reports", convenience: "nothing" } }],
    ["steps.1.fee", { fee: -1 }],
  ] as const)("refuses a policy that is wrong at %s", (field, wrong) => {
    const [first, second, ...more] = DUNNING_DEFAULT.steps;
    if (first === undefined || second === undefined) throw new Error("there are no steps");
    const steps = [first, { ...second, ...wrong }, ...more];
    expect(() => requirePolicy({ ...DUNNING_DEFAULT, steps })).toThrow(field);
  });
});

describe("the credit grade", () => {
  it.each<[ReturnType<typeof gradeOf>, CreditFigures]>([
    ["A", { invoiced: 1_000, collected: 900, days: 45 }],
    ["B", { invoiced: 1_000, collected: 899, days: 10 }],
    ["B", { invoiced: 1_000, collected: 1_000, days: 46 }],
    ["C", { invoiced: 1_000, collected: 600, days: 105 }],
    ["D", { invoiced: 1_000, collected: 599, days: 1 }],
    ["D", { invoiced: 1_000, collected: 1_000, days: 106 }],
    [null, { invoiced: 0, collected: 0, days: 0 }],
  ])("is %s", (grade, figures) => {
    expect(gradeOf(figures)).toBe(grade);
  });
});
