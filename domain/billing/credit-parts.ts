import {
  type Day,
  type Days,
  daysBetween,
  daysOfMonth,
  earlier,
  type Month,
  periodAround,
} from "./calendar.ts";
import { type Minor, shareOf, timesPrice } from "./money.ts";
import type { Plan, PlanSpec } from "./plan.ts";
import { creditFor } from "./service-level.ts";
import { availabilityOf, lostByUs, type ProofCounts, sumOf } from "./service-proof.ts";
import { paidFrom, paidStretches, placementsIn, type Subscription } from "./subscription.ts";

/** What a month of one plan gives back, with all that it follows from. */
export interface CreditPart extends Days {
  readonly planId: string;
  /** Days that were promised and paid for. */
  readonly days: number;
  readonly expected: number;
  readonly lost: number;
  readonly availability: number;
  readonly target: number;
  readonly percent: number;
  /** The recurring fee of those days. */
  readonly fee: Minor;
  readonly credit: Minor;
}

export interface CreditFacts {
  readonly month: Month;
  readonly planOf: (id: string) => Plan;
  /** What was proved of a terminal for the customer on these days. */
  readonly provedOn: (address: number, days: Days) => readonly ProofCounts[];
}

/** For each plan of the month whose promise was missed through us; days of trial and pause are not promised. */
export function creditParts(subscription: Subscription, facts: CreditFacts): readonly CreditPart[] {
  const { month, planOf, provedOn } = facts;
  const stretches = paidStretches(subscription, daysOfMonth(month));
  const byPlan = Map.groupBy(stretches, ({ term }) => term.planId);
  let given = 0; // a plan's bound is the month's, also where the month had two plans
  return [...byPlan].flatMap(([planId, own]): readonly CreditPart[] => {
    const { spec } = planOf(planId);
    const { serviceLevel } = spec;
    if (serviceLevel === undefined) return [];
    const proved = sumOf(
      own
        .flatMap((stretch) => placementsIn(subscription, stretch))
        .flatMap(({ address, ...days }) => provedOn(address, days)),
    );
    const availability = availabilityOf(proved);
    if (availability === null || availability >= serviceLevel.targetBasisPoints) return [];
    const fee = feeOf(spec, own, paidFrom(subscription));
    const {
      percent,
      credit: whole,
      most,
    } = creditFor(spec.currency, serviceLevel, availability, fee);
    const credit = Math.min(whole, Math.max(0, most - given));
    if (credit === 0) return [];
    given += credit;
    return [
      {
        ...{ planId, availability, percent, fee, credit, target: serviceLevel.targetBasisPoints },
        ...{ expected: proved.expected, lost: lostByUs(proved) },
        from: own[0]?.from ?? daysOfMonth(month).from,
        to: own.at(-1)?.to ?? daysOfMonth(month).to,
        days: own.reduce((sum, { from, to }) => sum + daysBetween(from, to), 0),
      },
    ];
  });
}

/** The recurring fee of so many days, by the day as it is paid; rounded once a period. */
function feeOf(spec: PlanSpec, stretches: readonly Days[], start: Day | null): Minor {
  const { currency, fee } = spec;
  const anchor = fee.anchor === "calendar" ? null : start;
  const counted = new Map<Day, { readonly days: number; readonly of: number }>();
  for (const stretch of stretches) {
    let day = stretch.from;
    while (day < stretch.to) {
      const period = periodAround(day, fee.interval, anchor);
      const to = earlier(period.to, stretch.to);
      const days = daysBetween(day, to) + (counted.get(period.from)?.days ?? 0);
      counted.set(period.from, { days, of: daysBetween(period.from, period.to) });
      day = to;
    }
  }
  const whole = timesPrice(currency, fee.amount, 1);
  return counted.values().reduce((sum, { days, of }) => sum + shareOf(whole, days, of), 0);
}
