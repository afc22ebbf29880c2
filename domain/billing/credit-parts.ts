import { type Days, daysOfMonth, type Month } from "./calendar.ts";
import { feeParts, leftToCredit, type Settled } from "./fee-credits.ts";
import type { PlanOf } from "./fees.ts";
import type { Minor } from "./money.ts";
import { creditFor } from "./service-level.ts";
import { availabilityOf, lostByUs, type ProofCounts, sumOf } from "./service-proof.ts";
import { paidStretches, placementsIn, type Subscription } from "./subscription.ts";

/** What a month of one plan gives back of one period of its fee, with all that it follows from. */
export interface CreditPart extends Days {
  readonly planId: string;
  /** Days that were promised and paid for. */
  readonly days: number;
  /** Of the whole month under the plan, as the three that follow. */
  readonly expected: number;
  readonly lost: number;
  readonly availability: number;
  readonly target: number;
  readonly percent: number;
  /** The recurring fee of those days. */
  readonly fee: Minor;
  readonly credit: Minor;
}

export interface CreditFacts extends Settled {
  readonly month: Month;
  readonly planOf: PlanOf;
  /** What was proved of a terminal for the customer on these days. */
  readonly provedOn: (address: number, days: Days) => readonly ProofCounts[];
}

/**
 * For each plan of the month whose promise was missed through us, and for each period of its fee; days of trial and
 * pause are not promised. Never more than is left of the fee.
 */
export function creditParts(subscription: Subscription, facts: CreditFacts): readonly CreditPart[] {
  const { month, planOf } = facts;
  const parts = feeParts(subscription, daysOfMonth(month), planOf);
  let given = 0; // a plan's bound is the month's, also where the month had two plans
  return [...Map.groupBy(parts, ({ key }) => key.planId)].flatMap(([planId, own]) => {
    const missed = missedOf(subscription, planId, facts);
    if (missed === undefined) return [];
    const { serviceLevel, proved, availability } = missed;
    return own.flatMap(({ key, from, to, days, fee }): readonly CreditPart[] => {
      const { currency } = planOf(planId).spec;
      const { percent, credit: whole, most } = creditFor(currency, serviceLevel, availability, fee);
      const left = leftToCredit(subscription, key, facts);
      const credit = Math.min(whole, left, Math.max(0, most - given));
      if (credit === 0) return [];
      given += credit;
      return [
        {
          ...{ planId, from, to, days, availability, percent, fee, credit },
          ...{ target: serviceLevel.targetBasisPoints },
          ...{ expected: proved.expected, lost: lostByUs(proved) },
        },
      ];
    });
  });
}

/** Undefined where the plan promises nothing, or kept it. */
function missedOf(
  subscription: Subscription,
  planId: string,
  { month, planOf, provedOn }: CreditFacts,
) {
  const { serviceLevel } = planOf(planId).spec;
  if (serviceLevel === undefined) return undefined;
  const proved = sumOf(
    paidStretches(subscription, daysOfMonth(month))
      .filter(({ term }) => term.planId === planId)
      .flatMap((stretch) => placementsIn(subscription, stretch))
      .flatMap(({ address, ...days }) => provedOn(address, days)),
  );
  const availability = availabilityOf(proved);
  return availability === null || availability >= serviceLevel.targetBasisPoints
    ? undefined
    : { serviceLevel, proved, availability };
}
