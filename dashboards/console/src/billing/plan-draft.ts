import type { Charge, PlanSpec } from "./billing-queries.ts";
import type { BillingSpeech } from "./billing-words.ts";

export type Model = Charge["model"];
export type ModelKind = Model["kind"];
export type Tiers = Extract<Model, { kind: "graduated" }>["tiers"];
export type Metric = Charge["metric"];

export const MODELS: readonly ModelKind[] = [
  ...(["per-unit", "graduated", "volume", "package", "flat", "percentage"] as const),
];
export const METRICS: readonly Metric[] = ["reports", "bytes", "commands", "group-pages", "sms"];

export const BLANK_PLAN: PlanSpec = {
  ...{ code: "", name: { en: "", "zh-CN": "" }, scope: "terminal", currency: "CNY" },
  ...{ taxClass: "service", serviceClass: "convenience" },
  fee: { amount: "10.00", interval: "monthly", timing: "advance", anchor: "calendar" },
  ...{ activationFee: "0", trialDays: 0, minimum: "0", addOns: [], charges: [] },
};

const BLANK_TIERS: Tiers = [
  { upTo: 1_000, price: "0.05", flat: "0" },
  { upTo: null, price: "0.03", flat: "0" },
];

export function blankModel(kind: ModelKind): Model {
  switch (kind) {
    case "flat":
      return { kind, amount: "5.00" };
    case "per-unit":
      return { kind, price: "0.05" };
    case "graduated":
    case "volume":
      return { kind, tiers: BLANK_TIERS };
    case "package":
      return { kind, size: 1_000, price: "5.00" };
    case "percentage":
      return { kind, basisPoints: 100 };
  }
}

export const blankCharge = (codes: readonly string[]): Charge => ({
  code: free("reports", codes),
  name: { en: "Reports", "zh-CN": "上报" },
  metric: "reports",
  included: 0,
  model: blankModel("per-unit"),
});

function free(wish: string, taken: readonly string[]): string {
  if (!taken.includes(wish)) return wish;
  let at = 2;
  while (taken.includes(`${wish}-${at}`)) at += 1;
  return `${wish}-${at}`;
}

/** A list with one more, one changed, or one less. */
export const withChanged = <T>(list: readonly T[], at: number, next: T): T[] =>
  list.map((one, nth) => (nth === at ? next : one));
export const without = <T>(list: readonly T[], at: number): T[] =>
  list.filter((_, nth) => nth !== at);

/** What the API says about a plan: the field at fault and its words. */
export interface PlanFault {
  readonly field: string;
  readonly detail: string;
}

/** In plain words, by the kind of field that it is. */
export function faultWords({ w }: BillingSpeech, { field }: PlanFault): string {
  const last = field.split(".").at(-1) ?? "";
  if (field.startsWith("serviceLevel") && last !== "creditMax") return w("fault.serviceLevel");
  if (last === "upTo") return w("fault.upTo");
  if (["price", "amount", "flat", "fee", "activationFee", "minimum", "creditMax"].includes(last))
    return w("fault.price");
  if (last === "code" || last === "taxClass") return w("fault.code");
  if (last === "en" || last === "zh-CN") return w("fault.name");
  if (last === "metric") return w("fault.metric");
  if (last === "currency") return w("fault.currency");
  return w("fault.number");
}
