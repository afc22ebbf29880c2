import { type Days, daysBetween, daysOfMonth, type Month, startOfDayNs } from "./calendar.ts";
import { rate } from "./charge-models.ts";
import { trueUpFrom } from "./fees.ts";
import { type Minor, shareOf, timesPrice } from "./money.ts";
import { type Charge, type Metric, monthsOfFee, type Plan } from "./plan.ts";
import {
  paidStretches,
  placementsIn,
  type Stretch,
  type Subscription,
  termsInForce,
} from "./subscription.ts";

/** Where a subscription's usage of a stretch of days is found: [fromNs, toNs) of one terminal, or of the whole account. */
export interface UsageWindow extends Days {
  readonly subscriptionId: string;
  /** Under which it is charged. */
  readonly planId: string;
  /** null: whatever of the customer has no subscription of its own. */
  readonly address: number | null;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/**
 * The windows of a month: what is used on days of trial or pause costs nothing and is in none of them. Days begin when
 * they begin at the customer's, so the day on which the clocks change has 23 or 25 hours and is one day.
 */
export const usageWindows = (
  subscription: Subscription,
  month: Month,
  timeZone: string,
): readonly UsageWindow[] =>
  paidStretches(subscription, daysOfMonth(month)).flatMap((stretch) =>
    windowsOf(subscription, stretch, stretch.term.planId, timeZone),
  );

/** Of earlier months: what has been stored only since they were closed. It is charged under the plan that holds now. */
export function lateWindows(
  subscription: Subscription,
  month: Month,
  timeZone: string,
): readonly UsageWindow[] {
  const planId = planOfLate(subscription, month);
  if (planId === undefined) return [];
  const before = { from: trueUpFrom(month), to: daysOfMonth(month).from };
  return paidStretches(subscription, before).flatMap((stretch) =>
    windowsOf(subscription, stretch, planId, timeZone),
  );
}

/** The last plan in force by the month's end. */
const planOfLate = (subscription: Subscription, month: Month): string | undefined =>
  termsInForce(subscription)
    .filter(({ from }) => from < daysOfMonth(month).to)
    .at(-1)?.term.planId;

function windowsOf(
  subscription: Subscription,
  days: Days,
  planId: string,
  timeZone: string,
): readonly UsageWindow[] {
  const places =
    subscription.terminals.length === 0
      ? [{ ...days, address: null }]
      : placementsIn(subscription, days);
  return places.map((place) => ({
    ...place,
    ...{ subscriptionId: subscription.id, planId },
    fromNs: startOfDayNs(place.from, timeZone),
    toNs: startOfDayNs(place.to, timeZone),
  }));
}

/** What was used in a subscription's windows of one plan's version. */
export interface Usage {
  readonly subscriptionId: string;
  readonly planId: string;
  readonly metric: Metric;
  /** Of the month itself. */
  readonly quantity: number;
  /** Of earlier months that were closed before it was stored. */
  readonly late: number;
}

export interface UsageLine extends Days {
  readonly subscriptionId: string;
  readonly planId: string;
  readonly kind: "usage" | "minimum";
  /** The charge's code; empty for the minimum. */
  readonly item: string;
  readonly metric: Metric | null;
  readonly quantity: number;
  readonly late: number;
  readonly included: number;
  readonly net: Minor;
}

/** Days of one plan's version within the month. */
interface Part extends Days {
  readonly plan: Plan;
  readonly days: number;
}

/** The metered lines of a month, one for each charge that has any usage, and what is missing to the minimum. */
export function usageLines(
  subscription: Subscription,
  month: Month,
  planOf: (id: string) => Plan,
  usage: readonly Usage[],
): readonly UsageLine[] {
  return partsOf(subscription, month, planOf).flatMap((part) => {
    const lines = part.plan.spec.charges.flatMap((charge) =>
      chargeLine(subscription.id, part, charge, { usage, month }),
    );
    return [...lines, ...minimumLine(subscription.id, part, month, lines)];
  });
}

function partsOf(
  subscription: Subscription,
  month: Month,
  planOf: (id: string) => Plan,
): readonly Part[] {
  const window = daysOfMonth(month);
  const stretches = paidStretches(subscription, window);
  const planIds = new Set(stretches.map(({ term }) => term.planId));
  const lateId = planOfLate(subscription, month);
  if (lateId !== undefined) planIds.add(lateId);
  return [...planIds].map((id) => {
    const own = stretches.filter(({ term }) => term.planId === id);
    return {
      plan: planOf(id),
      from: own[0]?.from ?? window.from,
      to: own.at(-1)?.to ?? window.to,
      days: countDays(own),
    };
  });
}

const countDays = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + daysBetween(from, to), 0);

const monthDays = (month: Month): number => {
  const { from, to } = daysOfMonth(month);
  return daysBetween(from, to);
};

function chargeLine(
  subscriptionId: string,
  { plan, days, from, to }: Part,
  charge: Charge,
  { usage, month }: { readonly usage: readonly Usage[]; readonly month: Month },
): readonly UsageLine[] {
  const used = usage.find(
    (one) =>
      one.subscriptionId === subscriptionId &&
      one.planId === plan.id &&
      one.metric === charge.metric,
  );
  if (used === undefined || used.quantity + used.late === 0) return [];
  const included = shareOf(charge.included, days, monthDays(month));
  const { currency, fee } = plan.spec;
  const net = rate(charge.model, {
    currency,
    units: used.quantity + used.late - included,
    fee: { amount: fee.amount, months: monthsOfFee(fee) },
  });
  const { quantity, late } = used;
  const key = { subscriptionId, planId: plan.id, kind: "usage", item: charge.code } as const;
  return [{ ...key, metric: charge.metric, from, to, quantity, late, included, net }];
}

function minimumLine(
  subscriptionId: string,
  { plan, days, from, to }: Part,
  month: Month,
  lines: readonly UsageLine[],
): readonly UsageLine[] {
  const { currency, minimum } = plan.spec;
  const least = shareOf(timesPrice(currency, minimum, 1), days, monthDays(month));
  const net = least - lines.reduce((sum, line) => sum + line.net, 0);
  if (net <= 0) return [];
  const key = { subscriptionId, planId: plan.id, kind: "minimum", item: "" } as const;
  return [{ ...key, metric: null, from, to, quantity: 0, late: 0, included: 0, net }];
}
