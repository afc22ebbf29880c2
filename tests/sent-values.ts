import { expect } from "vitest";
import type { FieldValue, FieldValues, ReportField } from "../protocol/report/report.ts";

/** Half a step of the field, and what floats add to it. */
const RESOLUTION = 0.5001;

/** Every value arrived as it was measured, within its field's resolution. */
export function expectValues(
  layout: readonly ReportField[],
  sent: FieldValues,
  got: Readonly<Record<string, unknown>>,
): void {
  for (const field of layout) expectValue(field, sent[field.name] ?? null, got[field.name] ?? null);
}

function expectValue(field: ReportField, was: FieldValue, is: unknown): void {
  if (field.kind === "enum" && typeof was === "number") expect(is).toBe(field.values?.[was]);
  else if (typeof was === "number" && typeof is === "number")
    expect(Math.abs(was - is), field.name).toBeLessThanOrEqual(field.scale * RESOLUTION);
  else expect(is, field.name).toBe(was);
}
