import { type Days, daysBetween, daysOfMonth, earlier, monthOf, periodAround } from "./calendar.ts";
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

/** What a month's fee of a key can still bear of credits. */
interface Bearer {
  readonly key: FeeKey;
  spare: Minor;
}

/**
 * A credit stays, up to what the month still costs by the facts of today: a change of plan that is entered late takes
 * nothing of it, a start or an end that leaves nothing to pay takes all. Its own fee bears it first, then the month's
 * others; none bears more than notes have left of it, in all of its months.
 */
export function heldBy(
  subscription: Subscription,
  { billed, credited }: Settled,
  planOf: PlanOf,
): readonly Held[] {
  const held = new Map<string, Held>();
  const hold = (key: FeeKey, kept: Minor, uncovered: Minor): void => {
    const before = held.get(keyOf(key));
    held.set(keyOf(key), {
      ...key,
      uncovered: uncovered + (before?.uncovered ?? 0),
      kept: kept + (before?.kept ?? 0),
    });
  };
  const rooms = new Map<string, Minor>();
  const bear = (bearer: Bearer, amount: Minor): Minor => {
    const { key, spare } = bearer;
    const room =
      rooms.get(keyOf(key)) ??
      Math.max(0, feeOf(subscription, key, planOf) + sumOver(billed, key, (one) => one.returned));
    const borne = Math.min(amount, spare, room);
    bearer.spare -= borne;
    rooms.set(keyOf(key), room - borne);
    if (borne > 0) hold(key, borne, 0);
    return borne;
  };
  const inOrder = credited.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const months = [...Map.groupBy(inOrder, ({ from }) => monthOf(from))];
  const lacking = months.flatMap(([month, own]) => {
    const parts = feeParts(subscription, daysOfMonth(month), planOf);
    const bearers = parts.map(({ key, fee }): Bearer => ({ key, spare: fee }));
    return own.map(({ amount, ...credit }) => {
      const key = feeKeyOn(subscription, credit, planOf);
      const bearer = bearers.find((one) => keyOf(one.key) === keyOf(key));
      return { key, bearers, amount: amount - (bearer === undefined ? 0 : bear(bearer, amount)) };
    });
  });
  for (const { key, bearers, amount } of lacking) {
    const uncovered = bearers.reduce((left, bearer) => left - bear(bearer, left), amount);
    if (uncovered > 0) hold(key, uncovered, uncovered);
  }
  return [...held.values()];
}

/** The fee of a key by the facts of today, due or not. */
const feeOf = (subscription: Subscription, key: FeeKey, planOf: PlanOf): Minor =>
  feeParts(subscription, key, planOf).find((part) => keyOf(part.key) === keyOf(key))?.fee ?? 0;

const sumOver = <K extends FeeKey>(
  all: readonly K[],
  key: FeeKey,
  amountOf: (one: K) => Minor,
): Minor => all.reduce((sum, one) => (keyOf(one) === keyOf(key) ? sum + amountOf(one) : sum), 0);

/** Most that a month's credit on a fee may be: what nobody has given back of it yet, billed or still to be. */
export function leftToCredit(
  subscription: Subscription,
  key: FeeKey,
  { billed, credited, planOf }: Settled & { readonly planOf: PlanOf },
): Minor {
  const amount = sumOver(billed, key, (one) => one.amount);
  const returned = sumOver(billed, key, (one) => one.returned);
  const given = credited
    .filter((one) => keyOf(feeKeyOn(subscription, one, planOf)) === keyOf(key))
    .reduce((sum, one) => sum + one.amount, 0);
  return Math.max(0, Math.max(amount, feeOf(subscription, key, planOf)) + returned - given);
}

/** What a note may still give back of all that was billed for the same: not what corrections and service credits gave. */
export function leftToReturn(
  subscription: Subscription,
  key: FeeKey,
  { billed, credited, planOf }: Settled & { readonly planOf: PlanOf },
): Minor {
  const held = heldBy(subscription, { billed, credited }, planOf);
  return (
    sumOver(billed, key, (one) => one.amount + one.returned) - sumOver(held, key, (one) => one.kept)
  );
}
