import { describe, expect, it } from "vitest";
import { startOfDayNs } from "./calendar.ts";
import type { Plan, PlanSpec } from "./plan.ts";
import {
  endOn,
  moveTo,
  pauseFrom,
  resumeOn,
  type Subscription,
  stateOn,
  subscribe,
  swapOn,
} from "./subscription.ts";
import { contract, NAME, netOf, planOf, reportsCharge, told } from "./test-contract.ts";
import { lateWindows, usageWindows } from "./usage.ts";

const begin = (plan: Plan, startsOn: string | null, address = 7) =>
  subscribe({ id: "s1", customerId: "c1", plan, addOns: [], startsOn, address });
const fee = (more: Partial<PlanSpec["fee"]>): PlanSpec["fee"] => ({
  ...{ amount: "30.00", interval: "monthly", timing: "advance", anchor: "calendar" },
  ...more,
});
const HOUR_NS = 3_600_000_000_000n;

describe("a fee in advance", () => {
  it("is paid for the days left of the first month, and for each month with the invoice before it", () => {
    const plan = planOf();
    const customer = contract([plan]);
    const car = begin(plan, "2026-01-20");
    expect(told(customer.close("2026-01", [car]))).toEqual([
      "fee 2026-01-01..2026-02-01: 12 = 1161", // 30.00 · 12/31
      "fee 2026-02-01..2026-03-01: 28 = 3000",
    ]);
    expect(told(customer.close("2026-02", [car]))).toEqual([
      "fee 2026-03-01..2026-04-01: 31 = 3000",
    ]);
  });

  it("comes back for the days after an end, and what is left of nothing is a credit note", () => {
    const plan = planOf({ fee: fee({ amount: "366.00", interval: "yearly", anchor: "start" }) });
    const customer = contract([plan]);
    const car = begin(plan, "2027-03-01");
    expect(netOf(customer.close("2027-03", [car]))).toBe(36_600);
    expect(customer.close("2027-04", [car])).toEqual([]);
    const ended = endOn(car, "2028-02-29"); // the year from 1 March 2027 on has a 29 February: 366 days
    expect(customer.outcome("2028-02", [ended])).toMatchObject({
      draft: { kind: "credit-note", gross: -100 },
    });
  });

  it("of a pause is taken back, and paid again from the day on which it ends", () => {
    const plan = planOf();
    const customer = contract([plan]);
    const car = begin(plan, "2026-01-01");
    expect(netOf(customer.close("2026-01", [car]))).toBe(6_000); // January and February
    const paused = pauseFrom(car, "2026-02-15");
    expect(told(customer.close("2026-02", [paused]))).toEqual([
      "fee 2026-02-01..2026-03-01: -14 = -1500",
    ]);
    expect(stateOn(paused, "2026-02-15")).toBe("suspended");
    const back = resumeOn(paused, "2026-03-17");
    expect(told(customer.close("2026-03", [back]))).toEqual([
      "fee 2026-03-01..2026-04-01: 15 = 1452",
      "fee 2026-04-01..2026-05-01: 30 = 3000",
    ]);
  });
});

describe("an add-on", () => {
  const GUARD = { code: "guard", name: NAME, fee: "10.00" };
  const plan = planOf({ addOns: [GUARD] });
  const chosen = (quantity: number) => [{ code: "guard", quantity }];
  const lineOf = (car: Subscription, month = "2026-01") =>
    contract([plan])
      .close(month, [car])
      .find(({ kind }) => kind === "add-on");

  it("that was chosen twice counts each day twice, and says how many there were at once", () => {
    const car = { ...begin(plan, "2026-01-17"), terms: [] };
    const two = { ...car, terms: [{ from: "2026-01-17", planId: plan.id, addOns: chosen(2) }] };
    expect(lineOf(two)).toMatchObject({ quantity: 30, pieces: 2, periodDays: 31, net: 968 });
  });

  it("of which more were chosen within the period does not say how many there were", () => {
    const car = { ...begin(plan, "2026-01-01"), terms: [] };
    const terms = [
      { from: "2026-01-01", planId: plan.id, addOns: chosen(1) },
      { from: "2026-01-22", planId: plan.id, addOns: chosen(3) },
    ];
    expect(lineOf({ ...car, terms })).toMatchObject({ quantity: 21 + 30 });
    expect(lineOf({ ...car, terms })).not.toHaveProperty("pieces");
  });
});

it("looks at what was billed a few times for each subscription, however many an account has", () => {
  const plan = planOf();
  const COUNT = 300;
  const cars = Array.from({ length: COUNT }, (_, at) => ({
    ...begin(plan, "2026-01-01", at + 1),
    id: `s${at}`,
  }));
  const customer = contract([plan]);
  customer.close("2026-01", cars);
  let looks = 0;
  const counting = cars.map((car) => ({
    ...car,
    get id() {
      looks += 1;
      return car.id;
    },
  }));
  expect(customer.close("2026-02", counting)).toHaveLength(COUNT);
  expect(looks).toBeLessThan(COUNT * 50);
});

describe("a change of plan", () => {
  it("upgrade: the old fee comes back by the day and the new one is paid by the day", () => {
    const small = planOf();
    const large = planOf({ code: "vehicle-plus", fee: fee({ amount: "60.00" }) });
    const customer = contract([small, large]);
    const car = begin(small, "2026-03-01");
    customer.close("2026-03", [car]); // April is paid
    const moved = moveTo(car, "2026-04-16", { before: small, after: large }, []);
    expect(told(customer.close("2026-04", [moved]))).toEqual([
      "fee 2026-04-01..2026-05-01: -15 = -1500",
      "fee 2026-04-01..2026-05-01: 15 = 3000",
      "fee 2026-05-01..2026-06-01: 31 = 6000",
    ]);
  });

  it("downgrade agreed after the month was billed: the next invoice takes the difference back", () => {
    const large = planOf({ fee: fee({ amount: "60.00" }) });
    const small = planOf({ fee: fee({ amount: "30.00" }) });
    const customer = contract([small, large]);
    const car = begin(large, "2026-06-01");
    customer.close("2026-06", [car]); // June and July
    const moved = moveTo(car, "2026-07-01", { before: large, after: small }, []);
    expect(netOf(customer.close("2026-07", [moved]))).toBe(-6_000 + 3_000 + 3_000);
  });

  it("back to the plan before within a period: its days count together and are rounded once", () => {
    const car = planOf({ fee: fee({ amount: "44.10" }) });
    const free = planOf({ fee: fee({ amount: "0.00" }) });
    const there = moveTo(begin(car, "2026-03-10"), "2026-03-11", { before: car, after: free }, []);
    const back = moveTo(there, "2026-03-12", { before: free, after: car }, []);
    expect(told(contract([car, free]).close("2026-03", [endOn(back, "2026-03-13")]))).toEqual([
      "fee 2026-03-01..2026-04-01: 2 = 285", // 44.10 · 2/31, where twice 1/31 would be 284
    ]);
  });

  it("is never from one currency into another, nor from a terminal to an account", () => {
    const plan = planOf();
    const car = begin(plan, "2026-01-01");
    const to = (spec: Partial<PlanSpec>) => () =>
      moveTo(car, "2026-02-01", { before: plan, after: planOf(spec) }, []);
    expect(to({ currency: "EUR" })).toThrow("nothing is converted");
    expect(to({ scope: "account" })).toThrow("for accounts");
  });
});

describe("periods over years", () => {
  it("counted from 31 January end on the last day of a shorter month and come back to the 31st", () => {
    const plan = planOf({ fee: fee({ anchor: "start", timing: "arrears" }) });
    const customer = contract([plan]);
    const car = begin(plan, "2028-01-31");
    const lines = ["2028-01", "2028-02", "2028-03", "2028-04"].flatMap((month) =>
      told(customer.close(month, [car])),
    );
    expect(lines).toEqual([
      "fee 2028-01-31..2028-02-29: 29 = 3000",
      "fee 2028-02-29..2028-03-31: 31 = 3000",
      "fee 2028-03-31..2028-04-30: 30 = 3000",
    ]);
  });

  it("a yearly fee from 29 February on is one fee a year for five years", () => {
    const plan = planOf({ fee: fee({ amount: "100.00", interval: "yearly", anchor: "start" }) });
    const car = endOn(begin(plan, "2024-02-29"), "2029-02-28");
    expect(contract([plan]).closeAll("2024-02", "2029-03", [car])).toBe(5 * 10_000);
  });

  it("quarters, halves and years in arrears are paid once they are over", () => {
    for (const [interval, months] of [
      ["quarterly", 3],
      ["half-yearly", 6],
      ["yearly", 12],
    ] as const) {
      const plan = planOf({ fee: fee({ interval, timing: "arrears" }) });
      const customer = contract([plan]);
      const car = begin(plan, "2026-01-01");
      const netEach = Array.from({ length: 12 }, (_, at) =>
        netOf(customer.close(`2026-${String(at + 1).padStart(2, "0")}`, [car])),
      );
      expect(netEach).toEqual(
        Array.from({ length: 12 }, (_, at) => ((at + 1) % months === 0 ? 3_000 : 0)),
      );
    }
  });

  it("the days on which the clocks change have 23 and 25 hours and are a day each", () => {
    const zone = "Europe/Berlin";
    const length = (day: string, after: string) =>
      (startOfDayNs(after, zone) - startOfDayNs(day, zone)) / HOUR_NS;
    expect(length("2026-03-29", "2026-03-30")).toBe(23n);
    expect(length("2026-10-25", "2026-10-26")).toBe(25n);
    const plan = planOf();
    const car = endOn(begin(plan, "2026-03-29"), "2026-03-30");
    expect(told(contract([plan]).close("2026-03", [car]))).toEqual([
      "fee 2026-03-01..2026-04-01: 1 = 97", // one day of 31
    ]);
    const [window] = usageWindows(car, "2026-03", zone);
    expect((window?.toNs ?? 0n) - (window?.fromNs ?? 0n)).toBe(23n * HOUR_NS);
  });
});

describe("a start", () => {
  it("on acceptance: until then nothing is paid", () => {
    const plan = planOf();
    const car = begin(plan, null);
    expect(stateOn(car, "2026-05-01")).toBe("waiting");
    expect(contract([plan]).close("2026-05", [car])).toEqual([]);
  });

  it("with a trial costs nothing for so many days, and the activation is paid behind it", () => {
    const plan = planOf({ trialDays: 30, activationFee: "99.00" });
    const customer = contract([plan]);
    const car = begin(plan, "2026-01-10");
    expect(stateOn(car, "2026-02-08")).toBe("trial");
    expect(told(customer.close("2026-01", [car]))).toEqual([
      "fee 2026-02-01..2026-03-01: 20 = 2143",
    ]);
    expect(usageWindows(car, "2026-01", "UTC")).toEqual([]);
    expect(told(customer.close("2026-02", [car]))).toEqual([
      "activation 2026-02-09..2026-02-09: 0 = 9900",
      "fee 2026-03-01..2026-04-01: 31 = 3000",
    ]);
    expect(netOf(customer.close("2026-03", [car]))).toBe(3_000); // and never again
  });
});

describe("usage", () => {
  const plan = planOf({
    charges: [reportsCharge({ kind: "per-unit", price: "0.10" }, 31)],
    fee: fee({ amount: "0" }),
  });
  const used = (quantity: number, late = 0, planId = plan.id) => [
    { subscriptionId: "s1", planId, metric: "reports", quantity, late } as const,
  ];

  it("beyond the included units is charged, and a part of a month includes a part of them", () => {
    const car = begin(plan, "2026-01-22");
    expect(contract([plan]).close("2026-01", [car], used(15))).toMatchObject([
      { quantity: 15, included: 10, net: 50 },
    ]);
  });

  it("that comes after its month was closed is charged in the open one, and the line says how much it was", () => {
    const car = begin(plan, "2025-06-01");
    expect(contract([plan]).close("2026-01", [car], used(40, 5))).toMatchObject([
      { from: "2026-01-01", quantity: 40, late: 5, net: 140 },
    ]);
  });

  it("that comes after the end is charged, too", () => {
    const car = endOn(begin(plan, "2025-06-01"), "2025-12-31");
    expect(lateWindows(car, "2026-01", "UTC")).toMatchObject([
      { from: "2025-06-01", to: "2025-12-31", address: 7 },
    ]);
    expect(contract([plan]).close("2026-01", [car], used(0, 5))).toMatchObject([
      { late: 5, included: 0, net: 50 },
    ]);
  });

  it("of a pause is in no window, and after a swap the other terminal's is", () => {
    const car = swapOn(
      resumeOn(pauseFrom(begin(plan, "2026-01-01"), "2026-01-10"), "2026-01-20"),
      "2026-01-25",
      8,
    );
    expect(
      usageWindows(car, "2026-01", "Asia/Shanghai").map(
        ({ from, to, address }) => `${address}: ${from}..${to}`,
      ),
    ).toEqual([
      "7: 2026-01-01..2026-01-10",
      "7: 2026-01-20..2026-01-25",
      "8: 2026-01-25..2026-02-01",
    ]);
  });

  it("below the minimum is filled up to it, by the day", () => {
    const least = planOf({ ...plan.spec, minimum: "31.00" });
    const car = begin(least, "2026-01-22");
    expect(told(contract([least]).close("2026-01", [car], used(15, 0, least.id)))).toEqual([
      "usage reports 2026-01-22..2026-02-01: 15 = 50",
      "minimum 2026-01-22..2026-02-01: 0 = 950",
    ]);
  });
});

describe("a close", () => {
  it("is the same byte for byte, however often and in whichever order its facts come", () => {
    const plan = planOf();
    const customer = contract([plan], { basisPoints: 600 });
    const cars = ["a", "b", "c"].map((id) => ({ ...begin(plan, "2026-01-05"), id }));
    const once = JSON.stringify(customer.outcome("2026-01", cars));
    expect(JSON.stringify(customer.outcome("2026-01", cars.toReversed()))).toBe(once);
  });

  it("parks what a person must look at, and says why", () => {
    const plan = planOf({ fee: fee({ amount: "900000.00" }) });
    const parkedFor = (spec: Partial<PlanSpec>) => {
      const one = planOf({ ...plan.spec, ...spec });
      const result = contract([one]).outcome("2026-01", [begin(one, "2026-01-01")]);
      return result.state === "parked" ? result.parked.reason : result.state;
    };
    expect(parkedFor({})).toBe("too-high");
    expect(parkedFor({ currency: "EUR" })).toBe("currency");
    expect(parkedFor({ taxClass: "unheard-of" })).toBe("tax-rate");
  });
});
