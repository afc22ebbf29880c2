import { type Month, monthOf, nextMonth } from "./calendar.ts";
import { type CreditPart, creditParts } from "./credit-parts.ts";
import { billedOf, type DraftOutcome, draftInvoice, type InvoiceLine } from "./draft.ts";
import { leftToReturn, type Settled } from "./fee-credits.ts";
import type { Charge, Plan, PlanSpec } from "./plan.ts";
import { NOTHING_PROVED } from "./service-proof.ts";
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

function requiredPlan(known: ReadonlyMap<string, Plan>, id: string): Plan {
  const plan = known.get(id);
  if (plan === undefined) throw new Error(`no plan ${id}`);
  return plan;
}

/** A customer whose months are closed one after the other, each knowing what those before it billed. */
export function contract(given: readonly Plan[], more: { readonly basisPoints?: number } = {}) {
  const known = new Map(given.map((plan) => [plan.id, plan]));
  const find = (id: string): Plan => requiredPlan(known, id);
  let { billed, credited }: Settled = { billed: [], credited: [] };
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
      planOf: find,
      taxRates: [{ taxClass: "service", region: "CN", basisPoints: more.basisPoints ?? 0 }],
      ...{ billed, credited, usage },
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
    settled: (): Settled => ({ billed, credited }),
    /** What a month in which so many of 100 reports were lost by us gives back. */
    credit(month: Month, subscription: Subscription, lost: number): readonly CreditPart[] {
      const missing = { ...NOTHING_PROVED.missing, "backhaul-down": lost };
      const parts = creditParts(subscription, {
        ...{ month, planOf: find, billed, credited },
        provedOn: () => [{ ...NOTHING_PROVED, expected: 100, received: 100 - lost, missing }],
      });
      const id = { subscriptionId: subscription.id };
      credited = [
        ...credited,
        ...parts.map(({ credit, ...of }) => ({ ...of, ...id, amount: credit })),
      ];
      return parts;
    },
    /** Nobody gets the credits of a month after all. */
    reject(month: Month): void {
      credited = credited.filter(({ from }) => monthOf(from) !== month);
    },
    /** Gives back so much of what was billed for the same as this line, or what is left of it. */
    note(subscription: Subscription, line: InvoiceLine, most: number): number {
      const [own] = billedOf([line]);
      if (own === undefined) return 0;
      const net = Math.max(
        0,
        Math.min(most, leftToReturn(subscription, own, { billed, credited, planOf: find })),
      );
      billed = [...billed, { ...own, amount: 0, days: 0, returned: -net }];
      return net;
    },
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
