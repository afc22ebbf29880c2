import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate, type Tier } from "./charge-models.ts";
import { basisPointsOf, formatAmount, parseAmount, shareOf, timesPrice } from "./money.ts";

const amount = fc.integer({ min: -1e12, max: 1e12 });

describe("money", () => {
  it.each([
    [5, 1, 2, 2],
    [7, 1, 2, 4],
    [-5, 1, 2, -2],
    [-7, 1, 2, -4],
    [3000, 12, 31, 1161],
  ])("%i · %i/%i is %i, a half going to the even side", (whole, parts, of, result) => {
    expect(shareOf(whole, parts, of)).toBe(result);
  });

  it("tax of a line is half-even, of credits as of charges", () => {
    expect(basisPointsOf("CNY", 250, 100)).toBe(2); // 2.5
    expect(basisPointsOf("CNY", 350, 100)).toBe(4); // 3.5
    expect(basisPointsOf("CNY", -250, 100)).toBe(-2);
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 3_000 }), (net, basisPoints) => {
        expect(basisPointsOf("CNY", net, basisPoints)).toBe(shareOf(net, basisPoints, 10_000));
        expect(
          basisPointsOf("CNY", -net, basisPoints) + basisPointsOf("CNY", net, basisPoints),
        ).toBe(0);
      }),
    );
  });

  it("a price of millionths is rounded once and not by the unit", () => {
    expect(timesPrice("CNY", "0.000123", 1_000_000)).toBe(12_300);
    expect(timesPrice("JPY", "0.5", 3)).toBe(2); // 1.5
    expect(timesPrice("KWD", "1.2345", 2)).toBe(2_469);
  });

  it("amounts are written and read back", () => {
    fc.assert(
      fc.property(amount, fc.constantFrom("CNY", "JPY", "KWD"), (value, currency) => {
        expect(parseAmount(currency, formatAmount(currency, value))).toBe(value);
      }),
    );
    expect(parseAmount("CNY", "1.234")).toBeUndefined();
    expect(parseAmount("CNY", "1,000")).toBeUndefined();
  });
});

describe("charge models", () => {
  const tiers: readonly Tier[] = [
    { upTo: 100, price: "0.10", flat: "0" },
    { upTo: 1_000, price: "0.05", flat: "2.00" },
    { upTo: null, price: "0.01", flat: "0" },
  ];
  const rated = (units: number) => ({
    ...{ currency: "CNY", units },
    fee: { amount: "120.00", months: 12 },
  });
  const units = fc.integer({ min: 0, max: 1e7 });

  it.each([
    [{ kind: "flat", amount: "5.00" }, 1, 500],
    [{ kind: "per-unit", price: "0.015" }, 3, 4], // 4.5
    [{ kind: "graduated", tiers }, 1_100, 1_000 + 4_500 + 200 + 100],
    [{ kind: "volume", tiers }, 1_100, 1_100],
    [{ kind: "volume", tiers }, 1_000, 5_200],
    [{ kind: "package", size: 50, price: "3.00" }, 51, 600],
    [{ kind: "percentage", basisPoints: 150 }, 2, 30], // of 10.00 a month
  ] as const)("%j of %i units is %i", (model, count, net) => {
    expect(rate(model, rated(count))).toBe(net);
    expect(rate(model, rated(0))).toBe(0);
  });

  it("graduated never costs less for more", () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const model = { kind: "graduated", tiers } as const;
        expect(rate(model, rated(a + b))).toBeGreaterThanOrEqual(rate(model, rated(a)));
      }),
    );
  });
});
