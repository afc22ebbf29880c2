import type { Minor } from "./money.ts";

/** From the best payer to the worst. */
export const GRADES = ["A", "B", "C", "D"] as const;
export type Grade = (typeof GRADES)[number];

/** Of the invoices and debit notes of 24 months that are due or paid. */
export interface CreditFigures {
  /** What was credited is not asked for. */
  readonly invoiced: Minor;
  /** Paid in money; what was written off is lost. */
  readonly collected: Minor;
  /** From the issue to the payment, weighted by amount; what is open counts its days so far. */
  readonly days: number;
}

export const GRADE_MONTHS = 24;
const LEAST: readonly { readonly grade: Grade; readonly percent: number; readonly days: number }[] =
  [
    { grade: "A", percent: 90, days: 45 },
    { grade: "B", percent: 75, days: 75 },
    { grade: "C", percent: 60, days: 105 },
  ];

/** null: nothing was due yet, so nobody knows. */
export function gradeOf({ invoiced, collected, days }: CreditFigures): Grade | null {
  if (invoiced <= 0) return null;
  const met = LEAST.find(
    ({ percent, days: most }) => collected * 100 >= invoiced * percent && days <= most,
  );
  return met?.grade ?? "D";
}

/** Whom nobody knows is treated as the middle. */
export const asGrade = (grade: Grade | null): Grade => grade ?? "B";
