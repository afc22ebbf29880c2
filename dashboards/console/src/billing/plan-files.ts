import { ApiError } from "../api/client.ts";
import type { Format } from "../i18n/format.ts";
import type { PlanSpec } from "./billing-queries.ts";

const REFUSED = 400;

/** What a file holds, one plan or a list; whether they are good the API says. Throws an ApiError where it is no JSON. */
export function plansInFile(text: string): PlanSpec[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError(REFUSED, { detail: "the file is not JSON" }, { cause });
  }
  return (Array.isArray(value) ? value : [value]) as PlanSpec[]; // the API checks every field of it
}

/** Plans as another site takes them in. */
export function saveAsFile(specs: readonly PlanSpec[]): void {
  const blob = new Blob([`${JSON.stringify(specs, undefined, 2)}\n`], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "plans.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

const PRICE_DIGITS = 6;

/** A price of a plan, which may be less than the smallest coin. */
export function priceText(price: string, currency: string, { decimal, money }: Format): string {
  const [, part = ""] = price.split(".");
  const digits = Math.min(PRICE_DIGITS, Math.max(2, part.length));
  const sign = money(0, currency).replaceAll(/[\d.,]/g, "");
  return `${sign}${decimal(Number(price), digits)}`;
}
