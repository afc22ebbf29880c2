import { addMonths, type Days, dayAt, monthOf } from "../billing/calendar.ts";
import type { PlanSpec } from "../billing/plan.ts";
import type { ServiceLevel } from "../billing/service-level.ts";
import type { BillingDesk } from "../billing/start-billing.ts";
import type { Act } from "../identity/audit.ts";
import { DEMO_CUSTOMER } from "../identity/first-users.ts";
import { type DemoTerminal, ownerOf } from "./demo-customers.ts";

/** What the demonstration sells, and two months that were closed: one paid for the most part, one still open. */

export interface DemoBillingDeps {
  /** Reports of a terminal from one day on and up to another, as if they had been metered. */
  readonly seedReports: (address: number, from: string, to: string) => Promise<void>;
  readonly desk: BillingDesk;
  readonly actor: Act["actor"];
  readonly nowMs: number;
  readonly isStopping: () => boolean;
}

/** What each of them promises. */
const SERVICE_LEVEL: ServiceLevel = {
  ...{ targetBasisPoints: 9_900, creditMax: null },
  steps: [
    { belowBasisPoints: 9_900, percent: 10 },
    { belowBasisPoints: 9_500, percent: 25 },
  ],
};

const plan = (
  { code, en, zh }: { readonly code: string; readonly en: string; readonly zh: string },
  of: Pick<PlanSpec, "serviceClass" | "charges"> & { readonly fee: string },
): PlanSpec => ({
  ...{ code, name: { en, "zh-CN": zh }, scope: "terminal", currency: "CNY", taxClass: "service" },
  ...{ serviceClass: of.serviceClass, activationFee: "0", trialDays: 0, minimum: "0" },
  fee: { amount: of.fee, interval: "monthly", timing: "advance", anchor: "calendar" },
  ...{ addOns: [], charges: of.charges, serviceLevel: SERVICE_LEVEL },
});

const REPORTS = { en: "Position reports", "zh-CN": "位置上报" };
const TRACKING = plan(
  { code: "tracking", en: "Fleet tracking", zh: "车队定位" },
  {
    ...{ serviceClass: "convenience", fee: "12.00" },
    charges: [
      {
        ...{ code: "reports", name: REPORTS, metric: "reports", included: 100 },
        model: {
          kind: "graduated",
          tiers: [
            { upTo: 500, price: "0.05", flat: "0" },
            { upTo: null, price: "0.03", flat: "0" },
          ],
        },
      },
    ],
  },
);
const SENSOR = plan(
  { code: "sensor", en: "City sensor", zh: "城市传感器" },
  {
    ...{ serviceClass: "security", fee: "3.50" },
    charges: [
      {
        ...{ code: "reports", name: { en: "Reports", "zh-CN": "上报" }, metric: "reports" },
        ...{ included: 60, model: { kind: "per-unit", price: "0.02" } },
      },
    ],
  },
);
const GUARD = plan(
  { code: "guard", en: "Guard", zh: "安全守护" },
  { serviceClass: "life-safety", fee: "8.00", charges: [] },
);

const PLAN_OF: Readonly<Record<string, string>> = {
  ...{ vehicle: TRACKING.code, bus: TRACKING.code },
  ...{ siren: GUARD.code, "home-alarm": GUARD.code, elevator: GUARD.code },
};

/** So many of the fleet are paid for: enough to look at, and no start waits for more. */
const SUBSCRIBED_MAX = 60;
const HOUR_MS = 3_600_000;
/** A month is closed from 13:00 UTC on the first day after it. */
const CLOSE_AFTER_MS = 14 * HOUR_MS;
const GROSS_MAX = 500_000;
/** Of one customer, so that a month has an account that is parked for a person. */
const LOW_GROSS_MAX = 10_000;
const LOW_BOUND_OF = "DEMO-20";

/** Nothing where a month was closed or tried already: then people have it in their hands. */
export async function seedDemoBilling(
  deps: DemoBillingDeps,
  fleet: readonly DemoTerminal[],
  customers: ReadonlyMap<string, string>,
): Promise<void> {
  const { desk, actor, nowMs, isStopping } = deps;
  if ((await desk.closes.list(1)).length > 0) return;
  const act = { actor, atMs: Math.floor(nowMs) };
  const thisMonth = `${monthOf(dayAt(nowMs - CLOSE_AFTER_MS, "UTC"))}-01`;
  const months = [addMonths(thisMonth, -2), addMonths(thisMonth, -1)];
  const entityId = await ensureEntity(desk, act);
  const plans = new Map(
    (await desk.plans.save([TRACKING, SENSOR, GUARD], act)).map(({ spec, id }) => [spec.code, id]),
  );
  const sale = { act, entityId, days: { from: months[0] ?? thisMonth, to: thisMonth } };
  for (const terminal of chosenOf(fleet)) {
    if (isStopping()) return;
    const customerId = customers.get(ownerOf(terminal));
    const planId = plans.get(PLAN_OF[terminal.profile] ?? SENSOR.code);
    if (customerId !== undefined && planId !== undefined)
      await sell(deps, terminal, { ...sale, customerId, planId });
  }
  for (const month of months) {
    if (isStopping()) return;
    await closeAndIssue(deps, entityId, month);
  }
  await payMost(deps);
}

interface Sale {
  readonly act: Act;
  readonly entityId: string;
  readonly customerId: string;
  readonly planId: string;
  readonly days: Days;
}

async function sell(
  { desk, nowMs, seedReports }: DemoBillingDeps,
  terminal: DemoTerminal,
  { act, entityId, customerId, planId, days }: Sale,
): Promise<void> {
  const { address } = terminal;
  const grossMax = ownerOf(terminal) === LOW_BOUND_OF ? LOW_GROSS_MAX : GROSS_MAX;
  if ((await desk.accounts.find(customerId, "all")) === undefined) {
    const account = { legalEntityId: entityId, currency: "CNY", taxRegion: "CN", grossMax };
    await desk.accounts.put(customerId, { ...account, isTaxExempt: false }, act);
  }
  const there = await desk.subscriptions.list({ reach: "all", address, limit: 1, nowMs });
  if (there.length > 0) return;
  const startsOn = days.from;
  await desk.subscriptions.add({ customerId, planId, addOns: [], address, startsOn }, act);
  if (ownerOf(terminal) === DEMO_CUSTOMER.number) await seedReports(address, days.from, days.to);
}

/** Those of the subscriber who can be signed in as come first. */
function chosenOf(fleet: readonly DemoTerminal[]): readonly DemoTerminal[] {
  const isFirst = (one: DemoTerminal): boolean => ownerOf(one) === DEMO_CUSTOMER.number;
  const others = fleet.filter((one) => !isFirst(one));
  return [...fleet.filter(isFirst).slice(0, SUBSCRIBED_MAX / 3), ...others].slice(
    0,
    SUBSCRIBED_MAX,
  );
}

async function ensureEntity(desk: BillingDesk, act: Act): Promise<string> {
  const [known] = await desk.accounts.entities();
  if (known !== undefined) return known.id;
  const entity = {
    ...{ name: "Hopline Demo Networks 演示网络有限公司", address: "1 Mast Road, Shanghai" },
    ...{ taxId: "91310000DEMO00001X", bank: "Demo Bank, 6222 0000 0000 0001" },
    ...{ numberPrefix: "HL", paymentDays: 15 },
    taxRates: [{ taxClass: "service", region: "CN", basisPoints: 600 }],
  };
  return (await desk.accounts.addEntity(entity, act)).id;
}

/** As if it had been done on the day after the month; that a month is closed late changes nothing on its invoices. */
async function closeAndIssue(
  { desk, actor }: DemoBillingDeps,
  legalEntityId: string,
  month: string,
): Promise<void> {
  const atMs = Date.parse(addMonths(month, 1)) + CLOSE_AFTER_MS;
  const act = { actor, atMs };
  const order = { legalEntityId, month: monthOf(month), dryRun: false };
  const { id } = await desk.closes.start(order, act);
  await desk.closes.ended(id);
  await desk.invoices.approve({ runId: id }, act);
  await desk.invoices.issue({ runId: id }, act);
}

/** Every other invoice is paid a week after it was issued, and of the rest the half. */
async function payMost({ desk, actor, nowMs }: DemoBillingDeps): Promise<void> {
  const today = dayAt(nowMs, "UTC");
  const invoices = await desk.invoices.list({ reach: "all", limit: 500, today });
  const open = invoices.filter((invoice) => invoice.open > 0 && invoice.issuedAt !== null);
  for (const [at, { id, customerId, currency, number, open: amount, issuedAt }] of open.entries()) {
    const atMs = Math.min((issuedAt?.getTime() ?? 0) + 7 * 24 * HOUR_MS, Math.floor(nowMs));
    if (at % 3 === 2) continue;
    const payment = {
      ...{ customerId, amount: at % 3 === 1 ? Math.ceil(amount / 2) : amount, currency },
      ...{ receivedOn: dayAt(atMs, "UTC"), reference: `DEMO-${number ?? id}` },
      ...{ text: `Invoice ${number ?? ""}`, invoiceId: id },
      method: "bank",
    } as const;
    await desk.payments.add(payment, { actor, atMs });
  }
}
