import { type Day, type Month, monthOf, nextMonth } from "./calendar.ts";
import { billedOf, draftInvoice, type InvoiceLine } from "./draft.ts";
import type { Billed } from "./fees.ts";
import type { Minor } from "./money.ts";
import { type Metric, type PlanSpec, requirePlan } from "./plan.ts";
import { type ChosenAddOn, subscribe } from "./subscription.ts";

export interface PreviewInput {
  readonly startsOn: Day;
  /** How many months are closed, from the one of the start on. */
  readonly months: number;
  /** The same each month. */
  readonly usage: Readonly<Partial<Record<Metric, number>>>;
  readonly addOns: readonly ChosenAddOn[];
}

export interface PreviewMonth {
  readonly month: Month;
  readonly net: Minor;
  readonly lines: readonly InvoiceLine[];
}

export interface CurvePoint {
  readonly units: number;
  readonly net: Minor;
}

const CURVE_POINTS = 48;

/** What the use of a whole month costs over the units of one metric, fees left out; nothing else is used. */
export function priceCurve(
  spec: PlanSpec,
  {
    metric,
    most,
    startsOn,
  }: { readonly metric: Metric; readonly most: number; readonly startsOn: Day },
): readonly CurvePoint[] {
  const bare: PlanSpec = { ...spec, activationFee: "0", trialDays: 0, addOns: [] };
  const firstDay = `${monthOf(startsOn)}-01`;
  const points = Math.min(CURVE_POINTS, most);
  return Array.from({ length: points + 1 }, (_, at) => {
    const units = Math.round((most * at) / points);
    const usage = { [metric]: units };
    const [month] = previewPlan(bare, { startsOn: firstDay, months: 1, usage, addOns: [] });
    const used = (month?.lines ?? []).filter(({ kind }) => kind === "usage" || kind === "minimum");
    return { units, net: used.reduce((sum, { net }) => sum + net, 0) };
  });
}

export const PREVIEW_MONTHS_MAX = 24;

/**
 * What one subscription to a plan would be invoiced month by month, before tax. Throws an InvalidInputError that names
 * the plan's field at fault.
 */
export function previewPlan(spec: PlanSpec, input: PreviewInput): readonly PreviewMonth[] {
  const plan = { id: "preview", version: 1, spec: requirePlan(spec) };
  const subscription = subscribe({
    ...{ id: "preview", customerId: "preview", plan, startsOn: input.startsOn },
    ...{ addOns: input.addOns, address: spec.scope === "terminal" ? 0 : null },
  });
  const usage = Object.entries(input.usage).map(([metric, quantity]) => ({
    ...{ subscriptionId: "preview", planId: "preview", quantity, late: 0 },
    metric: metric as Metric, // the record has no other keys
  }));
  const months: PreviewMonth[] = [];
  let billed: readonly Billed[] = [];
  let month = monthOf(input.startsOn);
  for (let count = 0; count < input.months; count += 1) {
    const outcome = draftInvoice({
      account: {
        ...{ customerId: "preview", currency: spec.currency, taxRegion: "" },
        ...{ isTaxExempt: true, grossMax: Number.MAX_SAFE_INTEGER },
      },
      ...{ month, subscriptions: [subscription], planOf: () => plan, taxRates: [] },
      ...{ billed, credited: [], usage },
    });
    const lines = outcome.state === "drafted" ? outcome.draft.lines : [];
    billed = [...billed, ...billedOf(lines)];
    months.push({ month, lines, net: lines.reduce((sum, { net }) => sum + net, 0) });
    month = nextMonth(month);
  }
  return months;
}
