import { InvalidInputError } from "../../base/errors.ts";
import { basisPointsOf, type Minor, requirePrice, shareOf, timesPrice } from "./money.ts";

/** `upTo` counts units of the month, this one included; null, of the last tier alone, is without end. */
export interface Tier {
  readonly upTo: number | null;
  /** Of one unit. */
  readonly price: string;
  /** Once, as soon as a unit falls into the tier. */
  readonly flat: string;
}

/** How units beyond the included ones are charged in a month. */
export type ChargeModel =
  /** Once in a month with any. */
  | { readonly kind: "flat"; readonly amount: string }
  | { readonly kind: "per-unit"; readonly price: string }
  /** Each unit at the price of the tier it falls into. */
  | { readonly kind: "graduated"; readonly tiers: readonly Tier[] }
  /** All units at the price of the tier that the last one falls into. */
  | { readonly kind: "volume"; readonly tiers: readonly Tier[] }
  /** Each package that was begun. */
  | { readonly kind: "package"; readonly size: number; readonly price: string }
  /** Of the plan's recurring fee for a month, for each unit; in hundredths of a per cent. */
  | { readonly kind: "percentage"; readonly basisPoints: number };

const TIERS_MAX = 20;
const UNITS_MAX = 1e12;
const BASIS_POINTS_MAX = 1_000_000;

/** Throws an InvalidInputError that names the field at fault below `field`. */
export function requireModel(field: string, model: ChargeModel, decimals: number): void {
  switch (model.kind) {
    case "flat":
      requirePrice(`${field}.amount`, model.amount, decimals);
      return;
    case "per-unit":
      requirePrice(`${field}.price`, model.price);
      return;
    case "graduated":
    case "volume":
      requireTiers(`${field}.tiers`, model.tiers, decimals);
      return;
    case "package":
      requireWhole(`${field}.size`, model.size, UNITS_MAX);
      requirePrice(`${field}.price`, model.price, decimals);
      return;
    case "percentage":
      requireWhole(`${field}.basisPoints`, model.basisPoints, BASIS_POINTS_MAX);
  }
}

function requireTiers(field: string, tiers: readonly Tier[], decimals: number): void {
  if (tiers.length === 0 || tiers.length > TIERS_MAX)
    throw new InvalidInputError(field, `${field} must be 1 to ${TIERS_MAX} tiers`);
  let before = 0;
  for (const [at, { upTo, price, flat }] of tiers.entries()) {
    const isLast = at === tiers.length - 1;
    const name = `${field}.${at}.upTo`;
    if (isLast !== (upTo === null))
      throw new InvalidInputError(
        name,
        isLast
          ? `${name} must be null: the last tier has no end`
          : `${name} must be a number: only the last tier has no end`,
      );
    if (upTo !== null) {
      requireWhole(name, upTo, UNITS_MAX);
      if (upTo <= before)
        throw new InvalidInputError(
          name,
          `${name} must be above ${before}, where the tier before it ends: tiers must not overlap`,
        );
      before = upTo;
    }
    requirePrice(`${field}.${at}.price`, price);
    requirePrice(`${field}.${at}.flat`, flat, decimals);
  }
}

function requireWhole(field: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw new InvalidInputError(field, `${field} must be a whole number from 1 to ${most}`);
}

export interface Rated {
  readonly currency: string;
  /** Units beyond the included ones. */
  readonly units: number;
  /** The plan's recurring fee, and for how many months that is. */
  readonly fee: { readonly amount: string; readonly months: number };
}

/** What so many units come to; each amount is rounded once, half-even. */
export function rate(model: ChargeModel, { currency, units, fee }: Rated): Minor {
  if (units <= 0) return 0;
  switch (model.kind) {
    case "flat":
      return timesPrice(currency, model.amount, 1);
    case "per-unit":
      return timesPrice(currency, model.price, units);
    case "graduated":
      return graduated(model.tiers, currency, units);
    case "volume":
      return volume(model.tiers, currency, units);
    case "package":
      return timesPrice(currency, model.price, Math.ceil(units / model.size));
    case "percentage": {
      const whole = timesPrice(currency, fee.amount, units * model.basisPoints);
      return shareOf(whole, 1, fee.months * 10_000);
    }
  }
}

function graduated(tiers: readonly Tier[], currency: string, units: number): Minor {
  let total = 0;
  let before = 0;
  for (const { upTo, price, flat } of tiers) {
    const within = Math.min(units, upTo ?? units) - before;
    if (within <= 0) break;
    total += timesPrice(currency, price, within) + timesPrice(currency, flat, 1);
    before += within;
  }
  return total;
}

function volume(tiers: readonly Tier[], currency: string, units: number): Minor {
  const tier = tiers.find(({ upTo }) => upTo === null || units <= upTo);
  if (tier === undefined) throw new Error("the last tier has an end");
  return timesPrice(currency, tier.price, units) + timesPrice(currency, tier.flat, 1);
}

/** Tax of one line. */
export const taxOf = (currency: string, net: Minor, basisPoints: number): Minor =>
  basisPointsOf(currency, net, basisPoints);
