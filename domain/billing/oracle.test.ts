import fc from "fast-check";
import { expect, it } from "vitest";
import { halfEven, oracleFees, oracleNet } from "../../tests/billing-oracle.ts";
import { addDays, daysBetween, type Interval, MONTHS_OF } from "./calendar.ts";
import type { ChargeModel } from "./charge-models.ts";
import type { InvoiceLine } from "./draft.ts";
import { endOn, moveTo, pauseFrom, resumeOn, subscribe } from "./subscription.ts";
import { contract, planOf, reportsCharge } from "./test-contract.ts";

const price = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(6, "0")}`);
const amount = fc.integer({ min: 0, max: 99_999 }).map((fen) => (fen / 100).toFixed(2));
const tiers = fc
  .uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 0, maxLength: 4 })
  .chain((bounds) =>
    fc.tuple(
      ...[...bounds.sort((a, b) => a - b), null].map((upTo) =>
        fc.record({ upTo: fc.constant(upTo), price, flat: amount }),
      ),
    ),
  );
const model: fc.Arbitrary<ChargeModel> = fc.oneof(
  fc.record({ kind: fc.constant("flat" as const), amount }),
  fc.record({ kind: fc.constant("per-unit" as const), price }),
  fc.record({ kind: fc.constant("graduated" as const), tiers }),
  fc.record({ kind: fc.constant("volume" as const), tiers }),
  fc.record({
    kind: fc.constant("package" as const),
    size: fc.integer({ min: 1, max: 100 }),
    price: amount,
  }),
  fc.record({
    kind: fc.constant("percentage" as const),
    basisPoints: fc.integer({ min: 1, max: 500 }),
  }),
);
const interval = fc.constantFrom<Interval>("monthly", "quarterly", "half-yearly", "yearly");

it("an oracle of its own comes to the same for 1,000 random metered lines and their tax", () => {
  const usage = fc.record({
    model,
    included: fc.integer({ min: 0, max: 60 }),
    quantity: fc.integer({ min: 1, max: 600 }),
    late: fc.integer({ min: 0, max: 50 }),
    startDay: fc.integer({ min: 1, max: 28 }),
    basisPoints: fc.integer({ min: 0, max: 2_000 }),
    fee: amount,
    interval,
  });
  fc.assert(
    fc.property(usage, (given) => {
      const plan = planOf({
        fee: { amount: given.fee, interval: given.interval, timing: "arrears", anchor: "calendar" },
        charges: [reportsCharge(given.model, given.included)],
      });
      const startsOn = `2026-05-${String(given.startDay).padStart(2, "0")}`;
      const car = subscribe({
        ...{ id: "s1", customerId: "c1", plan, addOns: [], startsOn, address: 7 },
      });
      const lines = contract([plan], given).close(
        "2026-05",
        [car],
        [{ subscriptionId: "s1", planId: plan.id, metric: "reports", ...given }],
      );
      const line = lines.find(({ kind }) => kind === "usage");
      const days = 31 - given.startDay + 1;
      const included = Number(halfEven(BigInt(given.included) * BigInt(days), 31n));
      const months = { monthly: 1, quarterly: 3, "half-yearly": 6, yearly: 12 }[given.interval];
      const net = oracleNet(given.model, given.quantity + given.late - included, {
        ...{ amount: given.fee, months },
      });
      expect(BigInt(line?.net ?? 0)).toBe(net);
      expect(BigInt(line?.tax ?? 0)).toBe(halfEven(net * BigInt(given.basisPoints), 10_000n));
    }),
    { numRuns: 1_000 },
  );
});

it("whatever was changed and whenever it was billed, all invoices together come to what was owed for each day", () => {
  const steps = fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 70 }),
      kind: fc.constantFrom("move" as const, "pause" as const, "resume" as const),
      plan: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 8 },
  );
  const plans = fc.tuple(
    ...Array.from({ length: 3 }, () =>
      fc.record({
        amount,
        interval,
        timing: fc.constantFrom("advance" as const, "arrears" as const),
      }),
    ),
  );
  const start = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(plans, steps, start, fc.integer({ min: 1, max: 60 }), (fees, deeds, at, rest) => {
      const versions = fees.map((fee) => planOf({ fee: { ...fee, anchor: "calendar" } }));
      const [first = planOf()] = versions;
      const startsOn = addDays("2027-01-15", at);
      let car = subscribe({
        ...{ id: "s1", customerId: "c1", plan: first, addOns: [], startsOn, address: 7 },
      });
      const customer = contract(versions);
      const lines: InvoiceLine[] = [];
      let day = startsOn;
      let now = first;
      for (const deed of deeds) {
        const from = addDays(day, deed.after);
        // every month that passes is closed with what is known by then
        for (
          let at = day;
          at.slice(0, 7) < from.slice(0, 7);
          at = addDays(`${at.slice(0, 7)}-28`, 4)
        )
          lines.push(...customer.close(at.slice(0, 7), [car]));
        day = from;
        const isPaused = car.pauses.at(-1)?.to === null;
        const plan = versions[deed.plan] ?? first;
        if (deed.kind === "move") {
          car = moveTo(car, day, { before: now, after: plan }, []);
          now = plan;
        } else if (deed.kind === "pause" && !isPaused) car = pauseFrom(car, day);
        else if (deed.kind === "resume" && isPaused) car = resumeOn(car, day);
      }
      const end = addDays(day, rest);
      car = endOn(car, end);
      for (
        let at = day;
        at.slice(0, 7) <= addDays(end, 370).slice(0, 7);
        at = addDays(`${at.slice(0, 7)}-28`, 4)
      )
        lines.push(...customer.close(at.slice(0, 7), [car]));
      const owed = oracleFees({
        ...{ from: startsOn, to: end },
        terms: car.terms.map((term) => {
          const { fee } = (versions.find(({ id }) => id === term.planId) ?? first).spec;
          return {
            from: term.from,
            plan: term.planId,
            fee: fee.amount,
            months: MONTHS_OF[fee.interval],
          };
        }),
        pauses: car.pauses.map(({ from, to }) => ({ from, to: to ?? end })),
      });
      expect(BigInt(lines.reduce((sum, { net }) => sum + net, 0))).toBe(owed);
      expect(daysBetween(startsOn, end)).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});
