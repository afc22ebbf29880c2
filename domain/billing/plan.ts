import { InvalidInputError } from "../../base/errors.ts";
import { INTERVALS, type Interval, MONTHS_OF } from "./calendar.ts";
import { type ChargeModel, requireModel } from "./charge-models.ts";
import { decimalsOf, requireCurrency, requirePrice } from "./money.ts";
import { requireServiceLevel, type ServiceLevel } from "./service-level.ts";

export const METRICS = ["reports", "bytes", "commands", "group-pages", "sms"] as const;
export type Metric = (typeof METRICS)[number];
/** Nobody can say which terminal they are for. */
const OF_ACCOUNTS: readonly Metric[] = ["group-pages", "sms"];
export const SERVICE_CLASSES = ["life-safety", "security", "convenience"] as const;
export type ServiceClass = (typeof SERVICE_CLASSES)[number];
/** What a subscription to it is for: one terminal, or a customer with all that has no subscription of its own. */
export const PLAN_SCOPES = ["terminal", "account"] as const;
export type PlanScope = (typeof PLAN_SCOPES)[number];
export const TIMINGS = ["advance", "arrears"] as const;
export const ANCHORS = ["calendar", "start"] as const;

export interface PlanName {
  readonly en: string;
  readonly "zh-CN": string;
}

export interface Charge {
  /** Its name on lines and in lineage; unique in the plan. */
  readonly code: string;
  readonly name: PlanName;
  readonly metric: Metric;
  /** Units of a whole month that cost nothing; fewer for a part of it. */
  readonly included: number;
  readonly model: ChargeModel;
}

export interface AddOn {
  readonly code: string;
  readonly name: PlanName;
  /** Due with the recurring fee and for the same periods. */
  readonly fee: string;
}

export interface RecurringFee {
  readonly amount: string;
  readonly interval: Interval;
  readonly timing: (typeof TIMINGS)[number];
  /** Periods of the calendar, or counted from the first day that is paid for. */
  readonly anchor: (typeof ANCHORS)[number];
}

/** What is sold, as people write it and as it is imported and exported. Prices are decimal texts in major units, net. */
export interface PlanSpec {
  readonly code: string;
  readonly name: PlanName;
  readonly scope: PlanScope;
  readonly currency: string;
  readonly taxClass: string;
  readonly serviceClass: ServiceClass;
  readonly fee: RecurringFee;
  readonly activationFee: string;
  /** Days from the start on that cost nothing. */
  readonly trialDays: number;
  /** Least that the metered charges of a whole month come to. */
  readonly minimum: string;
  readonly addOns: readonly AddOn[];
  readonly charges: readonly Charge[];
  /** Without it nothing is promised. */
  readonly serviceLevel?: ServiceLevel | undefined;
}

/** One version of a plan. It never changes: a subscription keeps the version it was sold with until it is moved. */
export interface Plan {
  readonly id: string;
  readonly version: number;
  readonly spec: PlanSpec;
}

/** Throws a RangeError for one that does not exist. */
export function planIn(plans: ReadonlyMap<string, Plan>, id: string): Plan {
  const plan = plans.get(id);
  if (plan === undefined) throw new RangeError(`plan ${id} does not exist`);
  return plan;
}

export const CHARGES_MAX = 20;
export const ADD_ONS_MAX = 20;
const TRIAL_DAYS_MAX = 366;
const CODE = /^[a-z][a-z0-9-]{0,39}$/;
const NAME_CHARACTERS_MAX = 120;

/** Throws an InvalidInputError that names the first field at fault, such as `charges.0.model.tiers.1.upTo`. */
export function requirePlan(spec: PlanSpec): PlanSpec {
  requireCode("code", spec.code);
  requireName("name", spec.name);
  requireCurrency("currency", spec.currency);
  requireCode("taxClass", spec.taxClass);
  oneOf("scope", PLAN_SCOPES, spec.scope);
  oneOf("serviceClass", SERVICE_CLASSES, spec.serviceClass);
  const decimals = decimalsOf(spec.currency);
  requirePrice("fee.amount", spec.fee.amount, decimals);
  oneOf("fee.interval", INTERVALS, spec.fee.interval);
  oneOf("fee.timing", TIMINGS, spec.fee.timing);
  oneOf("fee.anchor", ANCHORS, spec.fee.anchor);
  requirePrice("activationFee", spec.activationFee, decimals);
  requirePrice("minimum", spec.minimum, decimals);
  requireCount("trialDays", spec.trialDays, TRIAL_DAYS_MAX);
  requireParts(spec, decimals);
  return spec;
}

function requireParts(spec: PlanSpec, decimals: number): void {
  requireCount("addOns", spec.addOns.length, ADD_ONS_MAX);
  requireCount("charges", spec.charges.length, CHARGES_MAX);
  for (const [at, addOn] of spec.addOns.entries()) {
    requireCode(`addOns.${at}.code`, addOn.code);
    requireName(`addOns.${at}.name`, addOn.name);
    requirePrice(`addOns.${at}.fee`, addOn.fee, decimals);
  }
  for (const [at, charge] of spec.charges.entries()) requireCharge(`charges.${at}`, charge, spec);
  requireDistinct("addOns", spec.addOns);
  requireDistinct("charges", spec.charges);
  if (spec.serviceLevel !== undefined) requirePromise(spec, spec.serviceLevel, decimals);
}

function requirePromise(spec: PlanSpec, level: ServiceLevel, decimals: number): void {
  if (spec.scope !== "terminal")
    throw new InvalidInputError(
      "serviceLevel",
      "a promise is made to a terminal: a plan for accounts has none",
    );
  requireServiceLevel("serviceLevel", level, decimals);
}

function requireCharge(field: string, charge: Charge, spec: PlanSpec): void {
  requireCode(`${field}.code`, charge.code);
  requireName(`${field}.name`, charge.name);
  oneOf(`${field}.metric`, METRICS, charge.metric);
  if (OF_ACCOUNTS.includes(charge.metric) && spec.scope === "terminal")
    throw new InvalidInputError(
      `${field}.metric`,
      `${charge.metric} belong to the customer and not to one terminal: charge them in a plan for accounts`,
    );
  requireCount(`${field}.included`, charge.included, 1e12);
  requireModel(`${field}.model`, charge.model, decimalsOf(spec.currency));
}

/** A month's share of the recurring fee is what a percentage is of. */
export const monthsOfFee = ({ interval }: RecurringFee): number => MONTHS_OF[interval];

function requireDistinct(field: string, parts: readonly { readonly code: string }[]): void {
  const seen = new Set<string>();
  for (const [at, { code }] of parts.entries()) {
    if (seen.has(code))
      throw new InvalidInputError(`${field}.${at}.code`, `${code} is there twice in ${field}`);
    seen.add(code);
  }
}

function oneOf(field: string, allowed: readonly string[], value: string): void {
  if (!allowed.includes(value))
    throw new InvalidInputError(field, `${field} must be one of ${allowed.join(", ")}`);
}

function requireCode(field: string, code: string): void {
  if (!CODE.test(code))
    throw new InvalidInputError(
      field,
      `${field} must be lower-case letters, digits and hyphens, at most 40, with a letter first`,
    );
}

function requireName(field: string, name: PlanName): void {
  for (const language of ["en", "zh-CN"] as const) {
    const text = name[language];
    if (text.trim() === "" || text.length > NAME_CHARACTERS_MAX)
      throw new InvalidInputError(
        `${field}.${language}`,
        `${field}.${language} must have 1 to ${NAME_CHARACTERS_MAX} characters`,
      );
  }
}

function requireCount(field: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new InvalidInputError(field, `${field} must be a whole number from 0 to ${most}`);
}
