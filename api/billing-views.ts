import { type TSchema, Type } from "typebox";
import { INTERVALS } from "../domain/billing/calendar.ts";
import { LINE_KINDS } from "../domain/billing/draft.ts";
import { INVOICE_KINDS, INVOICE_STATES } from "../domain/billing/invoices.ts";
import { PAYMENT_METHODS } from "../domain/billing/payments.ts";
import {
  ADD_ONS_MAX,
  ANCHORS,
  CHARGES_MAX,
  METRICS,
  PLAN_SCOPES,
  SERVICE_CLASSES,
  TIMINGS,
} from "../domain/billing/plan.ts";
import { CREDIT_STEPS_MAX } from "../domain/billing/service-level.ts";
import { SUBSCRIPTION_STATES } from "../domain/billing/subscription.ts";
import { Address, Label } from "./views.ts";

/** The API's own shapes of billing. Money is whole minor units, prices are decimal texts, days are the customer's. */

export const closed = { additionalProperties: false } as const;
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Time = Type.String({ format: "date-time" });
export const Id = Type.String({ minLength: 1, maxLength: 120 });
export const Day = Type.String({ maxLength: 10, description: "a day such as 2026-02-28" });
export const Month = Type.String({ maxLength: 7, description: "a month such as 2026-02" });
export const Money = Type.Integer({ description: "minor units of the currency, such as fen" });
export const Currency = Type.String({ maxLength: 3, description: "ISO 4217, such as CNY" });
const Price = Type.String({ maxLength: 20, description: "in major units, such as 12.50" });
const Code = Type.String({ maxLength: 40 });

const BasisPoints = Type.Integer({ description: "hundredths of a per cent" });
const Tiers = Type.Array(
  Type.Object(
    {
      upTo: nullable(Type.Integer({ description: "the last unit of the tier; null: no end" })),
      price: Price,
      flat: Price,
    },
    closed,
  ),
  { maxItems: 20 },
);
const Model = Type.Union([
  Type.Object({ kind: Type.Literal("flat"), amount: Price }, closed),
  Type.Object({ kind: Type.Literal("per-unit"), price: Price }, closed),
  Type.Object({ kind: Type.Literal("graduated"), tiers: Tiers }, closed),
  Type.Object({ kind: Type.Literal("volume"), tiers: Tiers }, closed),
  Type.Object({ kind: Type.Literal("package"), size: Type.Integer(), price: Price }, closed),
  Type.Object({ kind: Type.Literal("percentage"), basisPoints: Type.Integer() }, closed),
]);

export const PlanSpecView = Type.Object(
  {
    code: Code,
    name: Label,
    scope: Type.Enum([...PLAN_SCOPES]),
    currency: Currency,
    taxClass: Code,
    serviceClass: Type.Enum([...SERVICE_CLASSES]),
    fee: Type.Object(
      {
        amount: Price,
        interval: Type.Enum([...INTERVALS]),
        timing: Type.Enum([...TIMINGS]),
        anchor: Type.Enum([...ANCHORS]),
      },
      closed,
    ),
    activationFee: Price,
    trialDays: Type.Integer({ description: "days from the start on that cost nothing" }),
    minimum: { ...Price, description: "least that the metered charges of a month come to" },
    addOns: Type.Array(Type.Object({ code: Code, name: Label, fee: Price }, closed), {
      maxItems: ADD_ONS_MAX,
    }),
    charges: Type.Array(
      Type.Object(
        {
          code: Code,
          name: Label,
          metric: Type.Enum([...METRICS]),
          included: Type.Integer({ description: "units of a whole month that cost nothing" }),
          model: Model,
        },
        closed,
      ),
      { maxItems: CHARGES_MAX },
    ),
    serviceLevel: Type.Optional(
      Type.Object(
        {
          targetBasisPoints: {
            ...BasisPoints,
            description: "availability that is promised: 9950 are 99.50 %",
          },
          steps: Type.Array(
            Type.Object(
              {
                belowBasisPoints: BasisPoints,
                percent: Type.Integer({ description: "of the recurring fee that is given back" }),
              },
              closed,
            ),
            { maxItems: CREDIT_STEPS_MAX },
          ),
          creditMax: nullable(Price),
        },
        { ...closed, description: "what is promised to each terminal; without it nothing is" },
      ),
    ),
  },
  closed,
);

export const PlanView = Type.Object({
  id: Id,
  version: Type.Integer(),
  spec: PlanSpecView,
  madeAt: Time,
  madeBy: Type.String(),
  subscriptions: Type.Integer({ description: "that hold this version and have no end yet" }),
});

export const AddOns = Type.Array(Type.Object({ code: Code, quantity: Type.Integer() }, closed), {
  maxItems: ADD_ONS_MAX,
});

export const SubscriptionView = Type.Object({
  id: Id,
  customerId: Id,
  customerName: Type.String(),
  planId: Id,
  planCode: Type.String(),
  planVersion: Type.Integer(),
  address: nullable(Address),
  terminalName: nullable(Type.String()),
  state: Type.Enum([...SUBSCRIPTION_STATES]),
  startsOn: nullable(Day),
  trialUntil: nullable(Day),
  endsOn: nullable(Day),
  terms: Type.Array(Type.Object({ from: Day, planId: Id, addOns: AddOns })),
  pauses: Type.Array(Type.Object({ from: Day, to: nullable(Day) })),
  terminals: Type.Array(Type.Object({ from: Day, address: Address })),
  version: Type.Integer(),
});

export const LineView = Type.Object({
  position: Type.Integer(),
  kind: Type.Enum([...LINE_KINDS]),
  subscriptionId: nullable(Type.String()),
  planCode: Type.String(),
  planVersion: Type.Integer(),
  planName: Label,
  item: Type.String(),
  itemName: Label,
  serviceClass: Type.Enum([...SERVICE_CLASSES]),
  metric: nullable(Type.Enum([...METRICS])),
  from: Day,
  to: { ...Day, description: "the first day after it" },
  quantity: Type.Integer({
    description: "days of a fee, of an add-on those of all its pieces, units of usage",
  }),
  pieces: Type.Optional(
    Type.Integer({ description: "of an add-on: how many at once, where that can be said" }),
  ),
  late: Type.Integer({ description: "units of earlier months that came after their close" }),
  included: Type.Integer(),
  periodDays: Type.Integer({ description: "of a fee: days of its whole period" }),
  isCorrection: Type.Boolean({ description: "the facts have changed since it was billed before" }),
  net: Money,
  taxClass: Type.String(),
  taxBasisPoints: Type.Integer(),
  tax: Money,
});

const invoice = {
  id: Id,
  number: nullable(Type.String()),
  legalEntityId: Id,
  customerId: Id,
  customerName: Type.String(),
  kind: Type.Enum([...INVOICE_KINDS]),
  state: Type.Enum([...INVOICE_STATES]),
  month: Month,
  currency: Currency,
  net: Money,
  tax: Money,
  gross: Money,
  open: { ...Money, description: "still to pay; of a credit note what is still to give" },
  runId: nullable(Id),
  corrects: nullable(Id),
  correctsNumber: nullable(Type.String()),
  createdAt: Time,
  issuedAt: nullable(Time),
  dueOn: nullable(Day),
  version: Type.Integer(),
};
export const InvoiceView = Type.Object(invoice);
export const InvoiceDetailView = Type.Object({
  ...invoice,
  reason: nullable(Type.String()),
  mail: nullable(
    Type.Object(
      {
        target: { ...Type.String(), description: "empty: nobody has an address" },
        state: Type.Enum(["waiting", "sent", "dead", "suppressed"]),
        reason: nullable(Type.String()),
        sentAt: nullable(Time),
      },
      { description: "its e-mail; null before it is issued" },
    ),
  ),
  issuer: Type.Object({
    name: Type.String(),
    address: Type.String(),
    taxId: Type.String(),
    bank: Type.String(),
  }),
  customer: Type.Object({
    number: Type.String(),
    name: Type.String(),
    address: nullable(Type.String()),
    taxId: nullable(Type.String()),
    language: Type.String(),
    timeZone: Type.String(),
  }),
  lines: Type.Array(LineView),
});

export const PaymentView = Type.Object({
  id: Id,
  customerId: nullable(Id),
  customerName: nullable(Type.String()),
  legalEntityId: Id,
  currency: Currency,
  amount: Money,
  open: { ...Money, description: "not yet given to an invoice, nor back" },
  receivedOn: Day,
  method: Type.Enum([...PAYMENT_METHODS]),
  reference: Type.String(),
  text: Type.String(),
  importId: nullable(Id),
  byName: Type.String(),
  createdAt: Time,
});

export const CloseRunView = Type.Object({
  id: Id,
  legalEntityId: Id,
  month: Month,
  dryRun: Type.Boolean(),
  state: Type.Enum(["running", "done"]),
  accounts: Type.Integer(),
  drafted: Type.Integer(),
  empty: Type.Integer(),
  parked: Type.Integer(),
  waiting: Type.Integer(),
  totals: Type.Array(Type.Object({ currency: Currency, gross: Money }), {
    description: "what the accounts come to, of each currency alone",
  }),
  byName: Type.String(),
  startedAt: Time,
  endedAt: nullable(Time),
});
