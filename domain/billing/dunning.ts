import { InvalidInputError } from "../../base/errors.ts";
import { addDays, type Day, daysBetween, FOREVER, later } from "./calendar.ts";
import { GRADES, type Grade } from "./credit-grade.ts";
import { type Minor, requireCurrency } from "./money.ts";
import type { ServiceClass } from "./plan.ts";

/** What a customer goes without, each with all that stands before it. Emergencies are never among it. */
export const CUTS = ["nothing", "reports", "history", "commands"] as const;
export type Cut = (typeof CUTS)[number];

/** Service classes that may be cut at all; life-safety never is. */
export const CUT_CLASSES = ["security", "convenience"] as const;

export interface DunningStep {
  /** So many days after the oldest open invoice was due. */
  readonly afterDays: number;
  /** Net, in minor units; 0: none. */
  readonly fee: Minor;
  readonly cuts: Readonly<Record<(typeof CUT_CLASSES)[number], Cut>>;
}

/** How a legal entity goes after what is overdue. */
export interface DunningPolicy {
  /** Of its fees and of `least`; null where it has neither. */
  readonly currency: string | null;
  readonly steps: readonly DunningStep[];
  /** What is overdue below it is left alone; in minor units. */
  readonly least: Minor;
  /** Days more for each step, by credit grade. */
  readonly graceDays: Readonly<Record<Grade, number>>;
  /** Months of fees that a new subscription asks for as a deposit, by credit grade. */
  readonly depositMonths: Readonly<Record<Grade, number>>;
}

export const STEPS_MAX = 10;
const DAYS_MAX = 365;
const MONTHS_MAX = 24;
const FEE_MAX = 1e9;

/** Until somebody says otherwise. */
export const DUNNING_DEFAULT: DunningPolicy = {
  currency: null,
  steps: [
    { afterDays: 3, fee: 0, cuts: { security: "nothing", convenience: "nothing" } },
    { afterDays: 14, fee: 0, cuts: { security: "nothing", convenience: "nothing" } },
    { afterDays: 30, fee: 0, cuts: { security: "nothing", convenience: "reports" } },
    { afterDays: 45, fee: 0, cuts: { security: "reports", convenience: "history" } },
    { afterDays: 60, fee: 0, cuts: { security: "commands", convenience: "commands" } },
  ],
  least: 1,
  graceDays: { A: 14, B: 7, C: 0, D: 0 },
  depositMonths: { A: 0, B: 0, C: 1, D: 3 },
};

const depth = (cut: Cut): number => CUTS.indexOf(cut);
export const deeper = (a: Cut, b: Cut): Cut => (depth(a) >= depth(b) ? a : b);

/** Throws an InvalidInputError that names the first field at fault. */
export function requirePolicy(policy: DunningPolicy): DunningPolicy {
  const { steps } = policy;
  if (steps.length === 0 || steps.length > STEPS_MAX)
    throw new InvalidInputError("steps", `steps must be 1 to ${STEPS_MAX}`);
  requireWhole("least", policy.least, Number.MAX_SAFE_INTEGER);
  for (const grade of GRADES) {
    requireWhole(`graceDays.${grade}`, policy.graceDays[grade], DAYS_MAX);
    requireWhole(`depositMonths.${grade}`, policy.depositMonths[grade], MONTHS_MAX);
  }
  for (const [at, step] of steps.entries()) requireStep(`steps.${at}`, step, steps[at - 1]);
  const { currency, least } = policy;
  if (currency !== null) requireCurrency("currency", currency);
  else if (least > DUNNING_DEFAULT.least || steps.some(({ fee }) => fee > 0))
    throw new InvalidInputError("currency", "currency must be that of `least` and of the fees");
  return policy;
}

/** For an account in another currency its amounts mean nothing: it is told and cut all the same. */
export const policyIn = (currency: string, policy: DunningPolicy): DunningPolicy =>
  policy.currency === currency
    ? policy
    : {
        ...policy,
        least: DUNNING_DEFAULT.least,
        steps: policy.steps.map((step) => ({ ...step, fee: 0 })),
      };

function requireStep(field: string, step: DunningStep, before: DunningStep | undefined): void {
  requireWhole(`${field}.afterDays`, step.afterDays, DAYS_MAX);
  requireWhole(`${field}.fee`, step.fee, FEE_MAX);
  if (step.afterDays <= (before?.afterDays ?? 0))
    throw new InvalidInputError(
      `${field}.afterDays`,
      `${field}.afterDays must be above ${before?.afterDays ?? 0}: each step comes after the one before it`,
    );
  requireCuts(`${field}.cuts`, step, before);
}

function requireCuts(field: string, step: DunningStep, before: DunningStep | undefined): void {
  for (const of of CUT_CLASSES) {
    const name = `${field}.${of}`;
    if (before === undefined && step.cuts[of] !== "nothing")
      throw new InvalidInputError(name, `${name} must be nothing: the first step is a notice`);
    if (depth(step.cuts[of]) < depth(before?.cuts[of] ?? "nothing"))
      throw new InvalidInputError(name, `${name} must not give back what the step before it cuts`);
  }
  if (depth(step.cuts.security) > depth(step.cuts.convenience))
    throw new InvalidInputError(
      `${field}.security`,
      `${field}.security must not be more than convenience: what is convenient goes first`,
    );
}

function requireWhole(field: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new InvalidInputError(field, `${field} must be a whole number from 0 to ${most}`);
}

/** Where an account stands: step 0 is none. */
export interface DunningState {
  readonly step: number;
  readonly steppedOn: Day | null;
  /** Nothing more is done before this day; a person has said so. */
  readonly heldUntil: Day | null;
}
export const NOT_DUNNED: DunningState = { step: 0, steppedOn: null, heldUntil: null };

export interface Debt {
  /** Of the oldest open invoice. */
  readonly dueOn: Day;
  /** Overdue altogether. */
  readonly amount: Minor;
}

export interface DunningFacts {
  readonly policy: DunningPolicy;
  readonly grade: Grade;
  /** undefined: nothing is overdue. */
  readonly debt: Debt | undefined;
  readonly today: Day;
  /** Whether there is anybody who can be told. */
  readonly isReachable: boolean;
}

export type DunningOutcome =
  | { readonly kind: "stay" }
  /** The next step, never past one: each notice is given. */
  | { readonly kind: "step"; readonly step: number }
  /** It has paid, all or enough: what is not owed for any more comes back at once. */
  | { readonly kind: "relax"; readonly step: number }
  /** A cut is due, and nobody could be told of it. */
  | { readonly kind: "unreachable"; readonly step: number };

/** Steps are counted from 1. */
export function decideDunning(state: DunningState, facts: DunningFacts): DunningOutcome {
  const reached = reachedStep(facts);
  if (reached < state.step) return { kind: "relax", step: reached };
  if (reached === state.step || facts.today < earliestNext(state, facts)) return { kind: "stay" };
  const step = state.step + 1;
  const isCutting = CUT_CLASSES.some(
    (of) => cutAt(facts.policy, step, of) !== cutAt(facts.policy, state.step, of),
  );
  return { kind: isCutting && !facts.isReachable ? "unreachable" : "step", step };
}

function reachedStep({ policy, grade, debt, today }: DunningFacts): number {
  if (debt === undefined || debt.amount < policy.least) return 0;
  const overdue = daysBetween(debt.dueOn, today) - policy.graceDays[grade];
  return policy.steps.filter(({ afterDays }) => overdue >= afterDays).length;
}

/** Between two steps lie as many days as the policy says, also where dunning stood still for a while. */
function earliestNext(state: DunningState, { policy }: DunningFacts): Day {
  const held = state.heldUntil ?? "";
  if (state.steppedOn === null || state.step === 0) return held;
  const now = policy.steps[state.step - 1]?.afterDays ?? 0;
  const next = policy.steps[state.step]?.afterDays ?? now;
  return later(held, addDays(state.steppedOn, next - now));
}

/** What a terminal of this service class goes without at a step. */
export function cutAt(policy: DunningPolicy, step: number, serviceClass: ServiceClass): Cut {
  if (serviceClass === "life-safety") return "nothing";
  return policy.steps[Math.min(step, policy.steps.length) - 1]?.cuts[serviceClass] ?? "nothing";
}

export interface OutlookStep extends DunningStep {
  readonly step: number;
  /** When it comes if nothing is paid. */
  readonly on: Day;
}

/** The steps that are still to come while nothing is paid, each on its earliest day. */
export function outlook(state: DunningState, facts: DunningFacts): readonly OutlookStep[] {
  const { policy, grade, debt, today } = facts;
  if (debt === undefined || debt.amount < policy.least) return [];
  const found: OutlookStep[] = [];
  let at = state;
  for (const [index, step] of policy.steps.entries()) {
    if (index < state.step) continue;
    const reachedOn = addDays(debt.dueOn, step.afterDays + policy.graceDays[grade]);
    const on = later(later(reachedOn, today), earliestNext(at, facts));
    found.push({ ...step, step: index + 1, on });
    at = { ...at, step: index + 1, steppedOn: on };
  }
  return found.filter(({ on }) => on < FOREVER);
}
