import fc from "fast-check";
import { expect, it } from "vitest";
import { addDays, addMonths, type Days, daysBetween, monthOf, nextMonth } from "./calendar.ts";
import type { InvoiceLine } from "./draft.ts";
import type { Settled } from "./fee-credits.ts";
import { shareOf, timesPrice } from "./money.ts";
import type { Plan, PlanSpec } from "./plan.ts";
import {
  endOn,
  moveTo,
  paidStretches,
  pauseFrom,
  resumeOn,
  type Subscription,
  subscribe,
} from "./subscription.ts";
import { contract, netOf, PLAN, planOf, told } from "./test-contract.ts";

const serviceLevel = {
  ...{ targetBasisPoints: 10_000, creditMax: null },
  steps: [
    { belowBasisPoints: 10_000, percent: 25 },
    { belowBasisPoints: 9_000, percent: 50 },
    { belowBasisPoints: 5_000, percent: 100 },
  ],
};
const promised = (fee: Partial<PlanSpec["fee"]> = {}): Plan =>
  planOf({
    serviceLevel,
    fee: { amount: "30.00", interval: "monthly", timing: "advance", anchor: "calendar", ...fee },
  });
const begin = (plan: Plan, startsOn: string) =>
  subscribe({ ...{ id: "s1", customerId: "c1", plan, addOns: [], startsOn }, address: 7 });
const leftOf = ({ billed, credited }: Settled): number =>
  billed.reduce((sum, one) => sum + one.amount + one.returned, 0) -
  credited.reduce((sum, { amount }) => sum + amount, 0);

it("gives no fee back that a service credit has given already, and the rest once that is rejected", () => {
  const plan = promised();
  const customer = contract([plan]);
  const car = begin(plan, "2026-03-01");
  customer.close("2026-03", [car]);
  expect(customer.credit("2026-03", car, 5)).toMatchObject([{ fee: 3_000, credit: 750 }]);
  const ended = endOn(car, "2026-03-01");
  expect(told(customer.close("2026-04", [ended]))).toEqual([
    "fee 2026-03-01..2026-04-01: -31 = -2250",
    "fee 2026-04-01..2026-05-01: -30 = -3000",
  ]);
  expect(customer.close("2026-05", [ended])).toEqual([]);
  customer.reject("2026-03");
  expect(netOf(customer.close("2026-06", [ended]))).toBe(-750);
  expect(leftOf(customer.settled())).toBe(0);
});

it("takes nothing of a credit back while the month is still paid, also under another plan", () => {
  const [plan, other] = [promised(), promised({ amount: "40.00" })];
  const customer = contract([plan, other]);
  const car = begin(plan, "2026-03-01");
  customer.close("2026-03", [car]);
  customer.credit("2026-03", car, 5);
  const shorter = endOn(car, "2026-03-11");
  expect(netOf(customer.close("2026-04", [shorter]))).toBe(-2_032 - 3_000);
  const moved = moveTo(car, "2026-03-01", { before: plan, after: other }, []);
  const [late] = [contract([plan, other])];
  late.close("2026-03", [car]);
  late.credit("2026-03", car, 5);
  late.close("2026-04", [moved]);
  expect(leftOf(late.settled())).toBe(3 * 4_000 - 750);
});

it("charges a credit to a fee that bears it once, also where a note gave a part of that fee back", () => {
  const [plan, other] = [promised(), promised({ amount: "40.00" })];
  const customer = contract([plan, other]);
  const car = begin(plan, "2026-03-01");
  customer.close("2026-03", [car]);
  customer.credit("2026-03", car, 5);
  const moved = moveTo(car, "2026-03-01", { before: plan, after: other }, []);
  const march = customer
    .close("2026-04", [moved])
    .find(({ planId, from }) => planId === other.id && from === "2026-03-01");
  if (march === undefined) throw new Error("no fee was billed");
  expect(customer.note(moved, march, 100)).toBe(100);
  expect(netOf(customer.close("2026-05", [moved]))).toBe(4_000);
  expect(leftOf(customer.settled())).toBe(4 * 4_000 - 750 - 100);
});

it("credits no fee that a note gave back, and a note gives back no credit", () => {
  const plan = promised();
  const customer = contract([plan]);
  const car = begin(plan, "2026-03-01");
  const [march, april] = customer.close("2026-03", [car]);
  if (march === undefined || april === undefined) throw new Error("no fee was billed");
  expect(customer.note(car, march, 2_500)).toBe(2_500);
  expect(customer.credit("2026-03", car, 20)).toMatchObject([{ fee: 3_000, credit: 500 }]);
  expect(customer.note(car, march, 1)).toBe(0);
  expect(customer.credit("2026-04", car, 20)).toMatchObject([{ credit: 1_500 }]);
  expect(customer.note(car, april, 3_000)).toBe(1_500);
  expect(netOf(customer.close("2026-05", [endOn(car, "2026-03-01")]))).toBe(0);
});

it("takes a credit from what a note may give back of the fee that bears it, and of no other", () => {
  const [plan, other] = [promised(), planOf({ fee: { ...PLAN.fee, amount: "40.00" } })];
  const customer = contract([plan, other]);
  const car = moveTo(
    begin(plan, "2026-03-01"),
    ...(["2026-03-16", { before: plan, after: other }, []] as const),
  );
  const lines = customer.close("2026-03", [car]);
  const lineOf = (planId: string): InvoiceLine => {
    const line = lines.find((one) => one.planId === planId && one.from === "2026-03-01");
    if (line === undefined) throw new Error("no fee was billed");
    return line;
  };
  expect(customer.credit("2026-03", car, 5)).toMatchObject([{ fee: 1_452, credit: 363 }]);
  expect(customer.note(car, lineOf(plan.id), 3_000)).toBe(1_452 - 363);
  expect(customer.note(car, lineOf(other.id), 4_000)).toBe(2_065);
  expect(netOf(customer.close("2026-04", [car]))).toBe(4_000);
});

it("charges no credit before the fee that bears it is due", () => {
  const plan = promised({ interval: "quarterly", timing: "arrears" });
  const customer = contract([plan]);
  const car = begin(plan, "2026-01-01");
  expect(customer.close("2026-01", [car])).toEqual([]);
  expect(customer.credit("2026-01", car, 5)).toMatchObject([{ fee: 1_033, credit: 258 }]);
  expect(customer.close("2026-02", [car])).toEqual([]);
  expect(netOf(customer.close("2026-03", [car]))).toBe(3_000);
});

it("credits a fee of the start's own periods by each of them", () => {
  const plan = promised({ anchor: "start" });
  const customer = contract([plan]);
  const car = begin(plan, "2026-02-15");
  customer.close("2026-02", [car]);
  customer.close("2026-03", [car]);
  expect(customer.credit("2026-03", car, 20)).toMatchObject([
    { from: "2026-03-01", to: "2026-03-15", days: 14, fee: 1_500, credit: 750 },
    { from: "2026-03-15", to: "2026-04-01", days: 17, fee: 1_645, credit: 822 },
  ]);
  customer.close("2026-04", [endOn(car, "2026-03-01")]);
  expect(leftOf(customer.settled())).toBe(1_500); // the days of February, and nothing of March
});

const FEES: readonly Partial<PlanSpec["fee"]>[] = [
  ...([{}, { amount: "50.01" }, { timing: "arrears" }, { anchor: "start" }] as const),
  ...([
    { interval: "yearly", amount: "365.43" },
    { interval: "quarterly", anchor: "start" },
  ] as const),
  { interval: "yearly", timing: "arrears", anchor: "start" },
];
const day = fc.nat(5 * 30).map((days) => addDays("2026-01-01", days));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("close" as const) }) },
  fc.record({
    what: fc.constant("credit" as const),
    lost: fc.constantFrom(1, 20, 80),
    back: fc.nat(2),
  }),
  fc.record({ what: fc.constant("reject" as const), back: fc.nat(2) }),
  fc.record({ what: fc.constant("note" as const), line: fc.nat(), most: fc.nat(6_000) }),
  fc.record({ what: fc.constant("void" as const) }),
  fc.record({ what: fc.constantFrom("pause", "resume", "end", "go-on" as const), day }),
  fc.record({ what: fc.constant("move" as const), day, to: fc.nat(1) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function changed(car: Subscription, at: Step, plans: readonly Plan[]): Subscription {
  try {
    if (at.what === "pause") return pauseFrom(car, at.day);
    if (at.what === "resume") return resumeOn(car, at.day);
    if (at.what === "end") return endOn(car, at.day);
    if (at.what === "go-on") return { ...car, endsOn: null };
    const [before] = plans;
    const after = at.what === "move" ? plans[at.to] : undefined;
    if (at.what === "move" && before !== undefined && after !== undefined)
      return moveTo(car, at.day, { before, after }, []);
  } catch {
    return car; // what nobody could have entered
  }
  return car;
}

interface Facts extends Settled {
  readonly car: Subscription;
  readonly plans: readonly Plan[];
}

interface Life {
  readonly fees: readonly Partial<PlanSpec["fee"]>[];
  readonly steps: readonly Step[];
  /** Looked at after each close: then all that was owed is billed. */
  readonly look: (facts: Facts) => void;
}

/** Closes after it would no longer look at the first months, in which things still change. */
const LAST_CHANGED = "2027-01";

/** Months follow each other as they are closed, and anything happens in between, much of it late. */
function live({ fees, steps, look }: Life): Facts {
  const plans = fees.map((fee) => promised(fee));
  const customer = contract(plans);
  const [first] = plans;
  if (first === undefined) throw new Error("no plan");
  let car = begin(first, "2026-01-10");
  let month = "2026-01";
  let lines: readonly InvoiceLine[] = [];
  const close = (): void => {
    lines = [...lines, ...customer.close(month, [car])];
    month = nextMonth(month);
    look({ ...customer.settled(), car, plans });
  };
  for (const at of steps) {
    const back = "back" in at ? monthOf(addMonths(`${month}-01`, -1 - at.back)) : "";
    if (at.what === "close") {
      if (month <= LAST_CHANGED) close();
    } else if (at.what === "reject") customer.reject(back);
    else if (at.what === "credit") {
      const isJudged = customer.settled().credited.some(({ from }) => monthOf(from) === back);
      if (back >= "2026-01" && !isJudged) customer.credit(back, car, at.lost);
    } else if (at.what === "note" || at.what === "void") {
      const chosen =
        at.what === "void" ? lines : lines.slice(at.line % (lines.length + 1)).slice(0, 1);
      for (const line of chosen) customer.note(car, line, at.what === "void" ? line.net : at.most);
    } else car = changed(car, at, plans);
  }
  car = car.endsOn === null ? endOn(car, "2027-06-01") : car;
  while (month < "2027-07") close();
  return { ...customer.settled(), car, plans };
}

interface Paid extends Days {
  readonly car: Subscription;
  readonly plan: Plan;
}

/** What the days of a period cost that are paid for by a plan. */
function costOf({ car, plan, ...period }: Paid): number {
  const days = paidStretches(car, period)
    .filter(({ term }) => term.planId === plan.id)
    .reduce((sum, { from, to }) => sum + daysBetween(from, to), 0);
  const whole = timesPrice("CNY", plan.spec.fee.amount, 1);
  return shareOf(whole, days, daysBetween(period.from, period.to));
}

/** What notes have left of what these periods cost; more than it costs, they cannot give back. */
function notedCost({ car, plans, billed }: Facts): number {
  const periods = Map.groupBy(billed, ({ planId, from, to }) => `${planId} ${from} ${to}`);
  return [...periods.values()].reduce((sum, own) => {
    const plan = plans.find(({ id }) => id === own[0]?.planId);
    if (plan === undefined || own[0] === undefined) throw new Error("no such plan");
    const returned = own.reduce((all, one) => all + one.returned, 0);
    return sum + Math.max(0, costOf({ car, plan, from: own[0].from, to: own[0].to }) + returned);
  }, 0);
}

const creditsOf = ({ credited }: Settled): number =>
  credited.reduce((sum, { amount }) => sum + amount, 0);

it("charges what was owed, less notes and at most the credits, whatever is changed and in which order", () => {
  const isAdvance = (fees: Life["fees"]) => fees.every(({ timing }) => timing !== "arrears");
  const fees = fc.array(fc.constantFrom(...FEES), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fees, fc.array(step, { maxLength: 25 }), (given, steps) => {
      const look = (settled: Settled): void => {
        if (isAdvance(given)) expect(leftOf(settled)).toBeGreaterThanOrEqual(0);
      };
      const ended = live({ fees: given, steps, look });
      const owed = notedCost(ended);
      expect(leftOf(ended)).toBeLessThanOrEqual(owed);
      expect(leftOf(ended)).toBeGreaterThanOrEqual(Math.max(0, owed - creditsOf(ended)));
    }),
  );
});

it("charges for each month what was owed, less notes and credits, down to nothing", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const look = (facts: Facts): void => {
        for (const month of new Set(facts.billed.map(({ from }) => monthOf(from)))) {
          const within = ({ from }: Days): boolean => monthOf(from) === month;
          const billed = facts.billed.filter(within);
          const own = { ...facts, billed, credited: facts.credited.filter(within) };
          expect(leftOf(own), month).toBe(Math.max(0, notedCost(own) - creditsOf(own)));
        }
      };
      live({ fees: [{}, { amount: "50.01" }], steps, look });
    }),
  );
});
