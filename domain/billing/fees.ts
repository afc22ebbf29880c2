import {
  addMonths,
  type Day,
  type Days,
  daysBetween,
  daysOfMonth,
  later,
  type Month,
  overlap,
  periodAround,
} from "./calendar.ts";
import { type Minor, shareOf, timesPrice } from "./money.ts";
import type { Plan } from "./plan.ts";
import {
  paidFrom,
  paidStretches,
  type Stretch,
  type Subscription,
  type Term,
  termsInForce,
} from "./subscription.ts";

/** One thing that is paid for by time: the fee, an add-on or the activation, of one plan's version in one period. */
export interface FeeKey extends Days {
  readonly subscriptionId: string;
  readonly planId: string;
  readonly kind: "fee" | "add-on" | "activation";
  /** The add-on's code; empty for the others. */
  readonly item: string;
}

export interface Owed extends FeeKey {
  readonly amount: Minor;
  /** Days that are paid for; those of an add-on count once for each piece. */
  readonly days: number;
  /** Of an add-on: how many at once; null where that changed within the period. */
  readonly pieces?: number | null;
}

/** What earlier invoices said of the same. */
export interface Billed extends Omit<Owed, "pieces"> {
  /** What notes have given back of it, below zero. */
  readonly returned: Minor;
}

/** What service credits mean for a fee that bears some, and for one that they were given on. */
export interface Held extends FeeKey {
  /** No fee of the month bears it any more: it is owed back. */
  readonly uncovered: Minor;
  /** So much of the fee stays with us: it bears credits, its own or others of the month. */
  readonly kept: Minor;
}

export type PlanOf = (id: string) => Plan;

/** How far back a close looks for what has changed meanwhile. */
export const TRUE_UP_MONTHS = 13;
export const trueUpFrom = (month: Month): Day => addMonths(`${month}-01`, -TRUE_UP_MONTHS);

/**
 * What is owed by the facts of today once this month is closed, for each period that has to be paid by then: in
 * advance with the invoice of the month before the period begins, in arrears once it or the plan's turn has ended.
 */
export function feesOwed(
  subscription: Subscription,
  month: Month,
  planOf: PlanOf,
): readonly Owed[] {
  const end = daysOfMonth(month).to;
  const counted = new Map<string, Counted>();
  const add = (one: Counted): void => {
    const before = counted.get(keyOf(one));
    const days = one.days + (before?.days ?? 0);
    const isAlike = before === undefined || before.pieces === one.pieces;
    counted.set(keyOf(one), { ...one, days, pieces: isAlike ? one.pieces : null });
  };
  for (const turn of turnsOf(subscription)) {
    const { fee } = planOf(turn.planId).spec;
    const horizon = fee.timing === "advance" ? addMonths(end, 1) : end;
    for (const period of periodsOf(subscription, turn, { month, horizon, planOf })) {
      const isDue = fee.timing === "advance" || period.to <= end || turn.to <= end;
      if (isDue) for (const one of countedIn(subscription, turn, period, planOf)) add(one);
    }
  }
  const owed = [...counted.values()].map((one) => owedFor(one, planOf));
  const activation = activationOwed(subscription, end, planOf);
  return activation === undefined ? owed : [...owed, activation];
}

export const keyOf = (key: FeeKey): string =>
  [key.subscriptionId, key.kind, key.item, key.planId, key.from, key.to].join("|");

/** Terms of one plan's version that follow each other: another add-on does not end its turn. */
interface Turn extends Days {
  readonly planId: string;
}

function turnsOf(subscription: Subscription): readonly Turn[] {
  const turns: Turn[] = [];
  for (const { from, to, term } of termsInForce(subscription)) {
    const last = turns.at(-1);
    if (last?.planId === term.planId && last.to === from) turns[turns.length - 1] = { ...last, to };
    else turns.push({ planId: term.planId, from, to });
  }
  return turns;
}

function periodsOf(
  subscription: Subscription,
  turn: Turn,
  { month, horizon, planOf }: { month: Month; horizon: Day; planOf: PlanOf },
): readonly Days[] {
  const { fee } = planOf(turn.planId).spec;
  const anchor = fee.anchor === "calendar" ? null : paidFrom(subscription);
  const periods: Days[] = [];
  // the period that the look back begins in is looked at whole: what was billed for it is, too
  const lookBack = periodAround(trueUpFrom(month), fee.interval, anchor).from;
  let day = later(turn.from, lookBack);
  while (day < turn.to) {
    const period = periodAround(day, fee.interval, anchor);
    if (period.from >= horizon) break;
    periods.push(period);
    day = period.to;
  }
  return periods;
}

/** The days of one key, before they are priced: a plan that was left and taken up again is rounded once a period. */
interface Counted extends FeeKey {
  readonly kind: "fee" | "add-on";
  readonly days: number;
  readonly pieces: number | null;
  /** For a whole period, in the major unit. */
  readonly price: string;
}

function countedIn(
  subscription: Subscription,
  turn: Turn,
  period: Days,
  planOf: PlanOf,
): readonly Counted[] {
  const within = overlap(turn, period);
  if (within === undefined) return [];
  const stretches = paidStretches(subscription, within);
  const key = { subscriptionId: subscription.id, planId: turn.planId, ...period };
  const { addOns, fee } = planOf(turn.planId).spec;
  const found: Counted[] = [
    { ...key, kind: "fee", item: "", days: countDays(stretches), pieces: 1, price: fee.amount },
    ...addOns.map(({ code, fee: price }): Counted => {
      const days = countDays(stretches, code);
      return { ...key, kind: "add-on", item: code, days, pieces: piecesOf(stretches, code), price };
    }),
  ];
  return found.filter((one) => one.days > 0);
}

function owedFor({ price, ...one }: Counted, planOf: PlanOf): Owed {
  const whole = timesPrice(planOf(one.planId).spec.currency, price, 1);
  return { ...one, amount: shareOf(whole, one.days, daysBetween(one.from, one.to)) };
}

/** Days of the stretches; with an add-on, each as often as it was chosen. */
const countDays = (stretches: readonly Stretch[], addOn?: string): number =>
  stretches.reduce((sum, { from, to, term }) => {
    const pieces = addOn === undefined ? 1 : chosenOf(term, addOn);
    return sum + pieces * daysBetween(from, to);
  }, 0);

const chosenOf = ({ addOns }: Term, addOn: string): number =>
  addOns.find(({ code }) => code === addOn)?.quantity ?? 0;

/** How many of an add-on there were at once on the days with any. */
function piecesOf(stretches: readonly Stretch[], addOn: string): number | null {
  const counts = new Set(stretches.map(({ term }) => chosenOf(term, addOn)));
  counts.delete(0);
  const [only = null] = counts;
  return counts.size === 1 ? only : null;
}

/** Once, by the plan that it began with, on the first day that is paid for. */
function activationOwed(subscription: Subscription, end: Day, planOf: PlanOf): Owed | undefined {
  const [first] = termsInForce(subscription);
  if (first === undefined || first.from >= end) return undefined;
  const { currency, activationFee } = planOf(first.term.planId).spec;
  const amount = timesPrice(currency, activationFee, 1);
  if (amount === 0) return undefined;
  const key = { subscriptionId: subscription.id, planId: first.term.planId, item: "" } as const;
  return { ...key, kind: "activation", from: first.from, to: first.from, amount, days: 0 };
}

/** The difference between what is owed and what was billed, each of its own key; what agrees is left out. */
export interface FeeLine extends FeeKey {
  readonly net: Minor;
  readonly days: number;
  readonly periodDays: number;
  /** Of an add-on of which nothing was billed before: how many at once, on all of its days. */
  readonly pieces?: number;
  /** Something was billed for it before: the facts have changed since. */
  readonly isCorrection: boolean;
}

/**
 * Nothing comes back twice: what notes and service credits have given of a fee is not given once more, however the
 * facts change.
 */
export function feeLines(
  owed: readonly Owed[],
  billed: readonly Billed[],
  credits: readonly Held[],
  month: Month,
): readonly FeeLine[] {
  const isOpen = ({ kind, to }: FeeKey): boolean => kind === "activation" || to > trueUpFrom(month);
  const before = new Map<string, Billed>();
  for (const one of billed.filter(isOpen)) {
    const sum = before.get(keyOf(one));
    before.set(keyOf(one), {
      ...one,
      amount: one.amount + (sum?.amount ?? 0),
      returned: one.returned + (sum?.returned ?? 0),
      days: one.days + (sum?.days ?? 0),
    });
  }
  const held = new Map(credits.filter(isOpen).map((one) => [keyOf(one), one]));
  const now = new Map(owed.map((one) => [keyOf(one), one]));
  const keys = new Map<string, FeeKey>([...before, ...held, ...now]);
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, { subscriptionId, planId, kind, item, from, to }]) => {
      const facts = { now: now.get(key), before: before.get(key), held: held.get(key) };
      const net = netOf(facts);
      const days = (facts.now?.days ?? 0) - (facts.before?.days ?? 0);
      if (net === 0) return [];
      const fields = { subscriptionId, planId, kind, item, from, to };
      const periodDays = daysBetween(from, to);
      const isCorrection = before.has(key);
      const pieces = isCorrection ? {} : piecesTold(facts.now);
      return [{ ...fields, net, days, periodDays, ...pieces, isCorrection }];
    });
}

interface FeeFacts {
  readonly now: Owed | undefined;
  readonly before: Billed | undefined;
  readonly held: Held | undefined;
}

function netOf({ now, before, held }: FeeFacts): Minor {
  const net = (now?.amount ?? 0) + (held?.uncovered ?? 0) - (before?.amount ?? 0);
  const left = leftOf({ before, held });
  // what a note and a credit both gave is charged again; a credit on a fee that is not billed yet waits for it
  return Math.max(net, (before?.returned ?? 0) === 0 ? Math.min(0, -left) : -left);
}

const leftOf = ({ before, held }: Pick<FeeFacts, "before" | "held">): Minor =>
  (before?.amount ?? 0) + (before?.returned ?? 0) - (held?.kept ?? 0);

const piecesTold = (owed: Owed | undefined): Pick<FeeLine, "pieces"> =>
  owed?.kind !== "add-on" || typeof owed.pieces !== "number" ? {} : { pieces: owed.pieces };
