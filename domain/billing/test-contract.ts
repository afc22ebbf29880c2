import { type Month, nextMonth } from "./calendar.ts";
import { billedOf, type DraftOutcome, draftInvoice, type InvoiceLine } from "./draft.ts";
import type { Billed } from "./fees.ts";
import type { Charge, Plan, PlanSpec } from "./plan.ts";
import type { Subscription } from "./subscription.ts";
import type { Usage } from "./usage.ts";

export const NAME = { en: "Vehicle", "zh-CN": "车辆" };

/** 30.00 a month of the calendar, in advance, and nothing else. */
export const PLAN: PlanSpec = {
  code: "vehicle",
  name: NAME,
  scope: "terminal",
  currency: "CNY",
  taxClass: "service",
  serviceClass: "security",
  fee: { amount: "30.00", interval: "monthly", timing: "advance", anchor: "calendar" },
  activationFee: "0",
  trialDays: 0,
  minimum: "0",
  addOns: [],
  charges: [],
};

export const reportsCharge = (model: Charge["model"], included = 0): Charge => ({
  ...{ code: "reports", name: { en: "Reports", "zh-CN": "报告" }, metric: "reports" },
  ...{ included, model },
});

let plans = 0;
export const planOf = (spec: Partial<PlanSpec> = {}): Plan => {
  plans += 1;
  return { id: `plan-${String(plans).padStart(4, "0")}`, version: 1, spec: { ...PLAN, ...spec } };
};

/** A customer whose months are closed one after the other, each knowing what those before it billed. */
export function contract(given: readonly Plan[], more: { readonly basisPoints?: number } = {}) {
  const known = new Map(given.map((plan) => [plan.id, plan]));
  let billed: readonly Billed[] = [];
  const outcome = (
    month: Month,
    subscriptions: readonly Subscription[],
    usage: readonly Usage[] = [],
  ): DraftOutcome =>
    draftInvoice({
      account: {
        ...{ customerId: "c1", currency: "CNY", taxRegion: "CN" },
        ...{ isTaxExempt: false, grossMax: 1_000_000_00 },
      },
      month,
      subscriptions,
      planOf: (id) => {
        const plan = known.get(id);
        if (plan === undefined) throw new Error(`no plan ${id}`);
        return plan;
      },
      taxRates: [{ taxClass: "service", region: "CN", basisPoints: more.basisPoints ?? 0 }],
      billed,
      usage,
    });
  const close = (
    month: Month,
    subscriptions: readonly Subscription[],
    usage: readonly Usage[] = [],
  ): readonly InvoiceLine[] => {
    const result = outcome(month, subscriptions, usage);
    if (result.state === "parked") throw new Error(result.parked.detail);
    const lines = result.state === "drafted" ? result.draft.lines : [];
    billed = [...billed, ...billedOf(lines)];
    return lines;
  };
  return {
    outcome,
    close,
    /** Closes each month from one to another and answers what all of them come to. */
    closeAll(from: Month, to: Month, subscriptions: readonly Subscription[]): number {
      let net = 0;
      for (let month = from; month <= to; month = nextMonth(month))
        net += netOf(close(month, subscriptions));
      return net;
    },
  };
}

export const netOf = (lines: readonly InvoiceLine[]): number =>
  lines.reduce((sum, { net }) => sum + net, 0);

/** What people would read: from, to, days or units, and the amount. */
export const told = (lines: readonly InvoiceLine[]): readonly string[] =>
  lines.map(
    ({ kind, item, from, to, quantity, net }) =>
      `${kind}${item && ` ${item}`} ${from}..${to}: ${quantity} = ${net}`,
  );
