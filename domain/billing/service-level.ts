import { InvalidInputError } from "../../base/errors.ts";
import { type Minor, requirePrice, shareOf, timesPrice } from "./money.ts";

/** What is promised to each terminal of a plan, and what is given back where the promise is missed through us. */
export interface ServiceLevel {
  /** Hundredths of a per cent of the expected reports of a month: 9950 are 99.50 %. */
  readonly targetBasisPoints: number;
  /** Each lower than the one before, and giving back more. */
  readonly steps: readonly CreditStep[];
  /** Most that a month gives back, in major units; null: no bound but the fee. */
  readonly creditMax: string | null;
}

export interface CreditStep {
  /** From an availability below it on, in hundredths of a per cent. */
  readonly belowBasisPoints: number;
  /** Of the recurring fee of the days that were promised. */
  readonly percent: number;
}

export const CREDIT_STEPS_MAX = 10;
const WHOLE_BASIS_POINTS = 10_000;
const WHOLE_PERCENT = 100;

/** Throws an InvalidInputError that names the first field at fault, such as `serviceLevel.steps.1.percent`. */
export function requireServiceLevel(field: string, level: ServiceLevel, decimals: number): void {
  const { targetBasisPoints, steps, creditMax } = level;
  requireFromTo(`${field}.targetBasisPoints`, targetBasisPoints, [1, WHOLE_BASIS_POINTS]);
  requireFromTo(`${field}.steps`, steps.length, [1, CREDIT_STEPS_MAX]);
  let before = { belowBasisPoints: targetBasisPoints + 1, percent: 0 };
  for (const [at, step] of steps.entries()) {
    const of = `${field}.steps.${at}`;
    requireFromTo(`${of}.belowBasisPoints`, step.belowBasisPoints, [
      1,
      before.belowBasisPoints - 1,
    ]);
    requireFromTo(`${of}.percent`, step.percent, [before.percent + 1, WHOLE_PERCENT]);
    before = step;
  }
  if (creditMax !== null) requirePrice(`${field}.creditMax`, creditMax, decimals);
}

function requireFromTo(
  field: string,
  value: number,
  [least, most]: readonly [number, number],
): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new InvalidInputError(
      field,
      `${field} must be a whole number from ${least} to ${Math.max(least, most)}`,
    );
}

/** The lowest step that the availability has fallen below, what it comes to, half-even, and the most that a month may give back. */
export function creditFor(
  currency: string,
  { steps, creditMax }: ServiceLevel,
  availability: number,
  fee: Minor,
): { readonly percent: number; readonly credit: Minor; readonly most: Minor } {
  const most = creditMax === null ? Infinity : timesPrice(currency, creditMax, 1);
  const step = steps.findLast(({ belowBasisPoints }) => availability < belowBasisPoints);
  if (step === undefined) return { percent: 0, credit: 0, most };
  const credit = shareOf(fee, step.percent, WHOLE_PERCENT);
  return { percent: step.percent, credit: Math.min(credit, most), most };
}
