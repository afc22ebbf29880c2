import { ConflictError, InvalidInputError } from "../../base/errors.ts";
import { addDays, type Day, type Days, earlier, FOREVER, later, overlap } from "./calendar.ts";
import type { Plan } from "./plan.ts";

export interface ChosenAddOn {
  readonly code: string;
  readonly quantity: number;
}

/** What holds from a day on. */
export interface Term {
  readonly from: Day;
  readonly planId: string;
  readonly addOns: readonly ChosenAddOn[];
}

/** Without an end for as long as nobody knows it. */
export interface Pause {
  readonly from: Day;
  readonly to: Day | null;
}

/** Which terminal it is for from a day on: a swap keeps the subscription. */
export interface Placement {
  readonly from: Day;
  readonly address: number;
}

/** The facts of a subscription; days are the customer's, and the last ones are not part of it. */
export interface Subscription {
  readonly id: string;
  readonly customerId: string;
  /** null: its terminal's acceptance is awaited. */
  readonly startsOn: Day | null;
  /** The first day that is paid for, where the first ones were free. */
  readonly trialUntil: Day | null;
  readonly endsOn: Day | null;
  /** In order, the first from the start on. */
  readonly terms: readonly Term[];
  /** In order, and apart. */
  readonly pauses: readonly Pause[];
  /** Empty for one of an account. */
  readonly terminals: readonly Placement[];
}

export const SUBSCRIPTION_STATES = ["waiting", "trial", "active", "suspended", "ended"] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

export const PAUSES_MAX = 100;
export const TERMS_MAX = 100;
export const ADD_ON_QUANTITY_MAX = 10_000;

/** What it is on a day. */
export function stateOn(subscription: Subscription, day: Day): SubscriptionState {
  const { startsOn, trialUntil, endsOn, pauses } = subscription;
  if (startsOn === null || day < startsOn) return "waiting";
  if (endsOn !== null && day >= endsOn) return "ended";
  if (pauses.some(({ from, to }) => day >= from && day < (to ?? FOREVER))) return "suspended";
  return trialUntil !== null && day < trialUntil ? "trial" : "active";
}

export interface NewSubscription {
  readonly id: string;
  readonly customerId: string;
  readonly plan: Plan;
  readonly addOns: readonly ChosenAddOn[];
  /** null: on the day of the terminal's acceptance. */
  readonly startsOn: Day | null;
  readonly address: number | null;
}

/** Throws an InvalidInputError where plan, terminal and add-ons do not go together. */
export function subscribe(input: NewSubscription): Subscription {
  const { plan, address, startsOn, id, customerId } = input;
  if ((plan.spec.scope === "terminal") !== (address !== null))
    throw new InvalidInputError(
      "address",
      plan.spec.scope === "terminal"
        ? `${plan.spec.code} is for a terminal: say which`
        : `${plan.spec.code} is for a whole account and not for one terminal`,
    );
  if (startsOn === null && address === null)
    throw new InvalidInputError("startsOn", "an account is not accepted: say from which day on");
  const from = startsOn ?? FOREVER;
  const waiting: Subscription = {
    ...{ id, customerId, startsOn: null, trialUntil: null, endsOn: null, pauses: [] },
    terms: [{ from, planId: plan.id, addOns: requireAddOns(plan, input.addOns) }],
    terminals: address === null ? [] : [{ from, address }],
  };
  return startsOn === null ? waiting : startOn(waiting, startsOn, plan);
}

/** It begins, by acceptance or by agreement, and the days of its trial with it. */
export function startOn(subscription: Subscription, day: Day, plan: Plan): Subscription {
  if (subscription.startsOn !== null)
    throw new ConflictError(`the subscription began on ${subscription.startsOn} already`);
  const { trialDays } = plan.spec;
  return {
    ...subscription,
    startsOn: day,
    trialUntil: trialDays === 0 ? null : addDays(day, trialDays),
    terms: subscription.terms.map((term) => ({ ...term, from: day })),
    terminals: subscription.terminals.map((placement) => ({ ...placement, from: day })),
  };
}

/** Another plan, another version of it, or other add-ons from a day on; what was agreed from that day on before is gone. */
export function moveTo(
  subscription: Subscription,
  from: Day,
  plans: { readonly before: Plan; readonly after: Plan },
  addOns: readonly ChosenAddOn[],
): Subscription {
  requireRunning(subscription, from);
  const { before, after } = plans;
  if (before.spec.currency !== after.spec.currency)
    throw new InvalidInputError(
      "planId",
      `${after.spec.code} is in ${after.spec.currency} and the subscription in ${before.spec.currency}: nothing is converted`,
    );
  if (before.spec.scope !== after.spec.scope)
    throw new InvalidInputError("planId", `${after.spec.code} is for ${after.spec.scope}s`);
  const terms = [
    ...subscription.terms.filter((term) => term.from < from),
    { from, planId: after.id, addOns: requireAddOns(after, addOns) },
  ];
  if (terms.length > TERMS_MAX)
    throw new ConflictError(`a subscription changes at most ${TERMS_MAX} times`);
  return { ...subscription, terms };
}

/** Nothing is paid nor metered from a day on. */
export function pauseFrom(subscription: Subscription, from: Day): Subscription {
  requireRunning(subscription, from);
  if (subscription.pauses.some(({ to }) => to === null || to > from))
    throw new ConflictError("the subscription is paused then already");
  if (subscription.pauses.length >= PAUSES_MAX)
    throw new ConflictError(`a subscription pauses at most ${PAUSES_MAX} times`);
  return { ...subscription, pauses: [...subscription.pauses, { from, to: null }] };
}

export function resumeOn(subscription: Subscription, day: Day): Subscription {
  const last = subscription.pauses.at(-1);
  if (last?.to !== null) throw new ConflictError("the subscription is not paused");
  if (day < last.from)
    throw new InvalidInputError("day", `the pause begins on ${last.from}: it cannot end before`);
  const earlierOnes = subscription.pauses.slice(0, -1);
  const pauses = day === last.from ? earlierOnes : [...earlierOnes, { from: last.from, to: day }];
  return { ...subscription, pauses };
}

/** Its last day is the one before. */
export function endOn(subscription: Subscription, day: Day): Subscription {
  requireRunning(subscription, day);
  return { ...subscription, endsOn: day };
}

/** Another terminal takes the place of the one before. */
export function swapOn(subscription: Subscription, from: Day, address: number): Subscription {
  requireRunning(subscription, from);
  if (subscription.terminals.length === 0)
    throw new ConflictError("the subscription is for an account and has no terminal");
  const kept = subscription.terminals.filter((placement) => placement.from < from);
  return { ...subscription, terminals: [...kept, { from, address }] };
}

function requireRunning({ startsOn, endsOn }: Subscription, day: Day): void {
  if (startsOn === null) throw new ConflictError("the subscription has not begun yet");
  if (endsOn !== null) throw new ConflictError(`the subscription ends on ${endsOn}`);
  if (day < startsOn)
    throw new InvalidInputError("day", `the subscription begins on ${startsOn}: not before`);
}

function requireAddOns(plan: Plan, addOns: readonly ChosenAddOn[]): readonly ChosenAddOn[] {
  const seen = new Set<string>();
  for (const [at, { code, quantity }] of addOns.entries()) {
    const field = `addOns.${at}`;
    if (!plan.spec.addOns.some((one) => one.code === code))
      throw new InvalidInputError(`${field}.code`, `${plan.spec.code} has no add-on ${code}`);
    if (seen.has(code)) throw new InvalidInputError(`${field}.code`, `${code} is there twice`);
    seen.add(code);
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > ADD_ON_QUANTITY_MAX)
      throw new InvalidInputError(
        `${field}.quantity`,
        `${field}.quantity must be a whole number from 1 to ${ADD_ON_QUANTITY_MAX}`,
      );
  }
  return addOns;
}

/** Days that are paid for under one term. */
export interface Stretch extends Days {
  readonly term: Term;
}

/** The first day that is paid for. */
export const paidFrom = ({ startsOn, trialUntil }: Subscription): Day | null =>
  trialUntil ?? startsOn;

/** How long each term holds, within the subscription's life. */
export function termsInForce(subscription: Subscription): readonly Stretch[] {
  const from = paidFrom(subscription);
  if (from === null) return [];
  const life = { from, to: subscription.endsOn ?? FOREVER };
  return subscription.terms.flatMap((term, at) => {
    const days = overlap(life, {
      from: term.from,
      to: subscription.terms[at + 1]?.from ?? FOREVER,
    });
    return days === undefined ? [] : [{ ...days, term }];
  });
}

/** The days within a window that are paid for: neither trial nor pause, each under its term. */
export function paidStretches(subscription: Subscription, window: Days): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of termsInForce(subscription)) {
    let open = overlap(stretch, window);
    for (const pause of subscription.pauses) {
      if (open === undefined || pause.from >= open.to) break;
      const before = { from: open.from, to: earlier(open.to, pause.from) };
      if (before.from < before.to) found.push({ ...before, term: stretch.term });
      const from = later(open.from, pause.to ?? FOREVER);
      open = from < open.to ? { from, to: open.to } : undefined;
    }
    if (open !== undefined) found.push({ ...open, term: stretch.term });
  }
  return found;
}

/** Which terminal a stretch's usage comes from, day by day. */
export function placementsIn(
  { terminals }: Subscription,
  window: Days,
): readonly (Days & { readonly address: number })[] {
  return terminals.flatMap(({ from, address }, at) => {
    const days = overlap(window, { from, to: terminals[at + 1]?.from ?? FOREVER });
    return days === undefined ? [] : [{ ...days, address }];
  });
}
