import type { Days, Month } from "./calendar.ts";
import { taxOf } from "./charge-models.ts";
import { type Credited, heldBy } from "./fee-credits.ts";
import { type Billed, feeLines, feesOwed } from "./fees.ts";
import type { Minor } from "./money.ts";
import type { Metric, Plan, PlanName, ServiceClass } from "./plan.ts";
import type { Subscription } from "./subscription.ts";
import { type Usage, usageLines } from "./usage.ts";

export const LINE_KINDS = [
  "fee",
  "add-on",
  "activation",
  "usage",
  "minimum",
  "adjustment", // by hand, on credit and debit notes
  "service-credit", // for a promise that was missed
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** One line as it is frozen: what it says needs no plan nor subscription any more. */
export interface InvoiceLine extends Days {
  readonly position: number;
  readonly kind: LineKind;
  readonly subscriptionId: string | null;
  readonly planId: string | null;
  readonly planCode: string;
  readonly planVersion: number;
  readonly planName: PlanName;
  /** Of the add-on or the charge; empty where the kind says all. */
  readonly item: string;
  readonly itemName: PlanName;
  readonly serviceClass: ServiceClass;
  readonly metric: Metric | null;
  /** Days of a fee, of an add-on those of all its pieces, units of usage; what was corrected counts the other way. */
  readonly quantity: number;
  /** Of an add-on: how many at once on all of its days, where that can be said. */
  readonly pieces?: number;
  /** Units of earlier months that came after their close. */
  readonly late: number;
  readonly included: number;
  /** Of a fee: how many days its whole period has. */
  readonly periodDays: number;
  readonly isCorrection: boolean;
  readonly net: Minor;
  readonly taxClass: string;
  readonly taxBasisPoints: number;
  readonly tax: Minor;
}

export interface Totals {
  readonly net: Minor;
  readonly tax: Minor;
  readonly gross: Minor;
}

export interface TaxRate {
  readonly taxClass: string;
  readonly region: string;
  readonly basisPoints: number;
}

/** Who pays: one currency for ever. */
export interface PayingAccount {
  readonly customerId: string;
  readonly currency: string;
  readonly taxRegion: string;
  readonly isTaxExempt: boolean;
  /** An invoice above it is looked at by a person. */
  readonly grossMax: Minor;
}

/** Everything that an invoice follows from. */
export interface DraftInput {
  readonly account: PayingAccount;
  readonly month: Month;
  readonly subscriptions: readonly Subscription[];
  readonly planOf: (id: string) => Plan;
  readonly taxRates: readonly TaxRate[];
  readonly billed: readonly Billed[];
  /** Service credits of its subscriptions, drafted ones with them. */
  readonly credited: readonly Credited[];
  readonly usage: readonly Usage[];
}

export interface Draft extends Totals {
  readonly kind: "invoice" | "credit-note";
  readonly currency: string;
  readonly month: Month;
  readonly lines: readonly InvoiceLine[];
}

/** Why a person must look before there is an invoice. */
export const PARK_REASONS = ["currency", "tax-rate", "too-high", "quantity", "fault"] as const;
export interface Parked {
  readonly reason: (typeof PARK_REASONS)[number];
  readonly detail: string;
}

export type DraftOutcome =
  | { readonly state: "drafted"; readonly draft: Draft }
  | { readonly state: "empty" }
  | { readonly state: "parked"; readonly parked: Parked };

/** More units than this on one line are no usage but a fault. */
const QUANTITY_MAX = 1e12;
const NO_NAME: PlanName = { en: "", "zh-CN": "" };

/**
 * What a customer is asked to pay for a month. The same facts make the same invoice, byte for byte, whenever and however
 * often it is made: nothing but the arguments is looked at, and lines come in an order of their own.
 */
export function draftInvoice(input: DraftInput): DraftOutcome {
  const { account, month, planOf } = input;
  const subscriptions = [...input.subscriptions].sort((a, b) => (a.id < b.id ? -1 : 1));
  // an account may have tens of thousands, and each looks at its own alone
  const billed = Map.groupBy(input.billed, ({ subscriptionId }) => subscriptionId);
  const credited = Map.groupBy(input.credited, ({ subscriptionId }) => subscriptionId);
  const usage = Map.groupBy(input.usage, ({ subscriptionId }) => subscriptionId);
  const bare = subscriptions.flatMap((subscription) =>
    bareLines(subscription, {
      ...{ month, planOf, billed: billed.get(subscription.id) ?? [] },
      credited: credited.get(subscription.id) ?? [],
      usage: usage.get(subscription.id) ?? [],
    }),
  );
  const foreign = bare.find(({ planId }) => planOf(planId).spec.currency !== account.currency);
  if (foreign !== undefined)
    return park(
      "currency",
      `${planOf(foreign.planId).spec.code} is in ${planOf(foreign.planId).spec.currency}, the account in ${account.currency}`,
    );
  const lines: InvoiceLine[] = [];
  for (const one of bare) {
    if (Math.abs(one.quantity) + one.late > QUANTITY_MAX)
      return park("quantity", `${one.item} counts ${one.quantity + one.late} units`);
    const basisPoints = taxRateOf(input, planOf(one.planId).spec.taxClass);
    if (basisPoints === undefined)
      return park(
        "tax-rate",
        `no rate for class ${planOf(one.planId).spec.taxClass} in region ${account.taxRegion}`,
      );
    lines.push(lineOf(one, lines.length + 1, { plan: planOf(one.planId), basisPoints }));
  }
  if (lines.length === 0) return { state: "empty" };
  const totals = totalsOf(lines);
  if (Math.abs(totals.gross) > account.grossMax)
    return park(
      "too-high",
      `${totals.gross} minor units are above the bound of ${account.grossMax}`,
    );
  const kind = totals.gross < 0 ? "credit-note" : "invoice";
  return { state: "drafted", draft: { kind, currency: account.currency, month, lines, ...totals } };
}

const park = (reason: Parked["reason"], detail: string): DraftOutcome => ({
  state: "parked",
  parked: { reason, detail },
});

/** Totals are the sums of lines and nothing else. */
export function totalsOf(lines: readonly Pick<InvoiceLine, "net" | "tax">[]): Totals {
  const net = lines.reduce((sum, line) => sum + line.net, 0);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0);
  return { net, tax, gross: net + tax };
}

/** A line before its plan is copied and its tax reckoned. */
interface BareLine
  extends Days,
    Pick<
      InvoiceLine,
      | ("kind" | "item" | "metric" | "quantity" | "pieces" | "late" | "included")
      | ("periodDays" | "isCorrection" | "net")
    > {
  readonly subscriptionId: string;
  readonly planId: string;
}

function bareLines(
  subscription: Subscription,
  input: Pick<DraftInput, "month" | "planOf" | "billed" | "credited" | "usage">,
): readonly BareLine[] {
  const { month, planOf, billed, usage } = input;
  const credits = heldBy(subscription, input, planOf);
  const fees = feeLines(feesOwed(subscription, month, planOf), billed, credits, month);
  const metered = usageLines(subscription, month, planOf, usage);
  return [
    ...fees.map(({ days, ...fee }) => ({
      ...fee,
      ...{ quantity: days, metric: null, late: 0, included: 0 },
    })),
    ...metered.map((line) => ({ ...line, periodDays: 0, isCorrection: false })),
  ];
}

type TaxedAccount = Pick<PayingAccount, "taxRegion" | "isTaxExempt">;

/** In basis points; undefined where nobody has said it for the account's region. */
export const taxRateOf = (
  { account, taxRates }: Pick<DraftInput, "taxRates"> & { readonly account: TaxedAccount },
  taxClass: string,
): number | undefined =>
  account.isTaxExempt
    ? 0
    : taxRates.find((rate) => rate.taxClass === taxClass && rate.region === account.taxRegion)
        ?.basisPoints;

function lineOf(
  line: BareLine,
  position: number,
  { plan, basisPoints }: { readonly plan: Plan; readonly basisPoints: number },
): InvoiceLine {
  const { spec, version } = plan;
  const named = (line.kind === "add-on" ? spec.addOns : spec.charges).find(
    ({ code }) => code === line.item,
  );
  return {
    position,
    kind: line.kind,
    subscriptionId: line.subscriptionId,
    planId: line.planId,
    planCode: spec.code,
    planVersion: version,
    planName: spec.name,
    item: line.item,
    itemName: named?.name ?? NO_NAME,
    serviceClass: spec.serviceClass,
    metric: line.metric,
    from: line.from,
    to: line.to,
    quantity: line.quantity,
    ...(line.pieces === undefined ? {} : { pieces: line.pieces }),
    late: line.late,
    included: line.included,
    periodDays: line.periodDays,
    isCorrection: line.isCorrection,
    net: line.net,
    taxClass: spec.taxClass,
    taxBasisPoints: basisPoints,
    tax: taxOf(spec.currency, line.net, basisPoints),
  };
}

/** What later closes must know of a line: usage is never billed again, time is. */
export const billedOf = (lines: readonly InvoiceLine[]): readonly Billed[] =>
  lines.flatMap(({ kind, subscriptionId, planId, item, from, to, net, quantity }) =>
    subscriptionId !== null &&
    planId !== null &&
    (kind === "fee" || kind === "add-on" || kind === "activation")
      ? [{ kind, subscriptionId, planId, item, from, to, amount: net, returned: 0, days: quantity }]
      : [],
  );
