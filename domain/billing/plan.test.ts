import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../base/errors.ts";
import type { Tier } from "./charge-models.ts";
import { type PlanSpec, requirePlan } from "./plan.ts";
import { priceCurve } from "./preview.ts";
import { NAME, PLAN, reportsCharge } from "./test-contract.ts";

function fieldOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.details["field"];
    throw error;
  }
  return undefined;
}

const tier = (upTo: number | null, price = "1"): Tier => ({ upTo, price, flat: "0" });
const tiered = (...tiers: readonly Tier[]): Partial<PlanSpec> => ({
  charges: [reportsCharge({ kind: "graduated", tiers })],
});
const addOn = { code: "track", name: NAME, fee: "1.00" };

describe("a bad plan is refused by the name of its field", () => {
  it.each<[string, Partial<PlanSpec>, string]>([
    ["overlapping tiers", tiered(tier(100), tier(50), tier(null)), "charges.0.model.tiers.1.upTo"],
    ["tiers that end", tiered(tier(100)), "charges.0.model.tiers.0.upTo"],
    [
      "a tier behind one without end",
      tiered(tier(null), tier(null)),
      "charges.0.model.tiers.0.upTo",
    ],
    ["no tier", tiered(), "charges.0.model.tiers"],
    ["a negative price in a tier", tiered(tier(null, "-1")), "charges.0.model.tiers.0.price"],
    ["a negative fee", { fee: { ...PLAN.fee, amount: "-5.00" } }, "fee.amount"],
    ["a fee of tenths of a fen", { fee: { ...PLAN.fee, amount: "5.001" } }, "fee.amount"],
    ["yen with decimals", { currency: "JPY" }, ""],
    ["a currency that is none", { currency: "XYZ" }, "currency"],
    ["an add-on twice", { addOns: [addOn, addOn] }, "addOns.1.code"],
    ["no Chinese name", { name: { en: "x", "zh-CN": " " } }, "name.zh-CN"],
    ["days of trial below nothing", { trialDays: -1 }, "trialDays"],
    [
      "messages of one terminal",
      { charges: [{ ...reportsCharge({ kind: "per-unit", price: "1" }), metric: "sms" }] },
      "charges.0.metric",
    ],
    [
      "a package of nothing",
      { charges: [reportsCharge({ kind: "package", size: 0, price: "1" })] },
      "charges.0.model.size",
    ],
  ])("%s", (_name, spec, field) => {
    expect(fieldOf(() => requirePlan({ ...PLAN, ...spec }))).toBe(field || undefined);
  });

  it("and an amount in yen has no decimals", () => {
    const spec = { ...PLAN, currency: "JPY", fee: { ...PLAN.fee, amount: "30.50" } };
    expect(fieldOf(() => requirePlan(spec))).toBe("fee.amount");
  });
});

it("draws what the use of a month costs, without its fees", () => {
  const spec: PlanSpec = {
    ...PLAN,
    minimum: "2.00",
    trialDays: 14,
    charges: [reportsCharge({ kind: "graduated", tiers: [tier(4, "1"), tier(null, "0.5")] }, 2)],
  };
  const points = priceCurve(spec, { metric: "reports", most: 10, startsOn: "2026-02-20" });
  expect(points.map(({ units, net }) => [units, net])).toEqual([
    ...[0, 1, 2, 3, 4].map((units) => [units, 200]), // the minimum
    [5, 300],
    [6, 400],
    ...[7, 8, 9, 10].map((units) => [units, 400 + (units - 6) * 50]),
  ]);
});
