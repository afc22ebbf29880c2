import {
  type Days,
  daysBetween,
  daysOfMonth,
  earlier,
  monthOf,
  overlap,
  periodAround,
} from "./calendar.ts";
import { type Billed, type FeeKey, type Held, keyOf, type PlanOf } from "./fees.ts";
import { type Minor, shareOf, timesPrice } from "./money.ts";
import { paidFrom, paidStretches, type Subscription } from "./subscription.ts";

/** A service credit, issued or drafted, on days of one month and of one plan's version; `amount` is above zero. */
export interface Credited extends Days {
  readonly subscriptionId: string;
  readonly planId: string;
  readonly amount: Minor;
}

/** The recurring fee of the paid days of a window that lie in one period of a plan's version. */
export interface FeePart extends Days {
  readonly key: FeeKey;
  readonly days: number;
  readonly fee: Minor;
}

/** By the day as it is paid, rounded once a period, by the facts of today. */
export function feeParts(
  subscription: Subscription,
  window: Days,
  planOf: PlanOf,
): readonly FeePart[] {
  const parts = new Map<string, FeePart>();
  for (const stretch of paidStretches(subscription, window)) {
    const { planId } = stretch.term;
    let { from } = stretch;
    while (from < stretch.to) {
      const key = feeKeyOn(subscription, { planId, from }, planOf);
      const to = earlier(key.to, stretch.to);
      const before = parts.get(keyOf(key));
      const days = daysBetween(from, to) + (before?.days ?? 0);
      parts.set(keyOf(key), { key, from: before?.from ?? from, to, days, fee: 0 });
      from = to;
    }
  }
  return [...parts.values()].map((part) => {
    const { currency, fee } = planOf(part.key.planId).spec;
    const whole = timesPrice(currency, fee.amount, 1);
    return { ...part, fee: shareOf(whole, part.days, daysBetween(part.key.from, part.key.to)) };
  });
}

/** The fee that a day is paid by. */
function feeKeyOn(
  subscription: Subscription,
  { planId, from: day }: Pick<Credited, "planId" | "from">,
  planOf: PlanOf,
): FeeKey {
  const { fee } = planOf(planId).spec;
  const anchor = fee.anchor === "calendar" ? null : paidFrom(subscription);
  const period = periodAround(day, fee.interval, anchor);
  return { subscriptionId: subscription.id, kind: "fee", item: "", planId, ...period };
}

export interface Settled {
  readonly billed: readonly Billed[];
  readonly credited: readonly Credited[];
}

/**
 * A credit stays, up to what the month still costs by the facts of today: a change of plan that is entered late takes
 * nothing of it, a start or an end that leaves nothing to pay takes all. A fee of which a note gave something back
 * bears the credits of no other.
 */
export function heldBy(
  subscription: Subscription,
  { billed, credited }: Settled,
  planOf: PlanOf,
): readonly Held[] {
  const held = new Map<string, Held>();
  const returned = new Set(billed.filter((one) => one.returned !== 0).map(keyOf));
  for (const [month, own] of Map.groupBy(credited, ({ from }) => monthOf(from))) {
    const parts = feeParts(subscription, daysOfMonth(month), planOf);
    const keyed = own.map(({ amount, ...credit }) => {
      const key = feeKeyOn(subscription, credit, planOf);
      const fee = parts.find((part) => keyOf(part.key) === keyOf(key))?.fee ?? 0;
      return { key, amount, lacking: Math.max(0, amount - fee) };
    });
    const creditOn = (key: FeeKey): Minor =>
      keyed.find((one) => keyOf(one.key) === keyOf(key))?.amount ?? 0;
    let spare = parts
      .filter(({ key }) => !returned.has(keyOf(key)))
      .reduce((sum, { key, fee }) => sum + Math.max(0, fee - creditOn(key)), 0);
    for (const { key, amount, lacking } of keyed) {
      const borne = Math.min(spare, lacking);
      spare -= borne;
      const before = held.get(keyOf(key));
      held.set(keyOf(key), {
        ...key,
        uncovered: lacking - borne + (before?.uncovered ?? 0),
        kept: amount - borne + (before?.kept ?? 0),
      });
    }
  }
  return [...held.values()];
}

/** Most that a month's credit on a fee may be: what nobody has given back of it yet, billed or still to be. */
export function leftToCredit(
  subscription: Subscription,
  key: FeeKey,
  { billed, credited, planOf }: Settled & { readonly planOf: PlanOf },
): Minor {
  const own = billed.filter((one) => keyOf(one) === keyOf(key));
  const owed = feeParts(subscription, key, planOf).find((part) => keyOf(part.key) === keyOf(key));
  const amount = own.reduce((sum, one) => sum + one.amount, 0);
  const returned = own.reduce((sum, one) => sum + one.returned, 0);
  const given = credited
    .filter((one) => keyOf(feeKeyOn(subscription, one, planOf)) === keyOf(key))
    .reduce((sum, one) => sum + one.amount, 0);
  return Math.max(0, Math.max(amount, owed?.fee ?? 0) + returned - given);
}

/** What a note may still give back of all that was billed for the same: not what corrections and service credits gave. */
export function leftToReturn(key: FeeKey, { billed, credited }: Settled): Minor {
  const own = billed.filter((one) => keyOf(one) === keyOf(key));
  const given =
    key.kind === "fee"
      ? credited.filter(
          (one) => one.subscriptionId === key.subscriptionId && overlap(one, key) !== undefined,
        )
      : [];
  return (
    own.reduce((sum, one) => sum + one.amount + one.returned, 0) -
    given.reduce((sum, { amount }) => sum + amount, 0)
  );
}
