import type { Db } from "../../domain/db/database.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const at = new Date(NOW_MS);
const SPEC = {
  code: "vehicle",
  name: { en: "Vehicle", "zh-CN": "车辆" },
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
} as const;
const LINE = {
  ...{ position: 1, kind: "fee", subscriptionId: "sub-1", planId: "plan-1", planCode: "vehicle" },
  ...{ planVersion: 1, planName: SPEC.name, item: "", itemName: { en: "", "zh-CN": "" } },
  ...{ serviceClass: "security", metric: null, from: "2026-09-01", to: "2026-10-01" },
  ...{ quantity: 30, late: 0, included: 0, periodDays: 30, isCorrection: false, net: 3_000 },
  ...{ taxClass: "service", taxBasisPoints: 0, tax: 0 },
} as const;
const ENTITY = {
  ...{ name: "Hopline Ltd", address: "1 Mast Road", taxId: "T-1", bank: "IBAN" },
  ...{ numberPrefix: "HL", paymentDays: 30, taxRates: [] },
};
const DUNNING = {
  currency: null,
  steps: [{ afterDays: 3, fee: 0, cuts: { security: "nothing", convenience: "nothing" } }],
  ...{ least: 1, graceDays: { A: 0, B: 0, C: 0, D: 0 } },
  depositMonths: { A: 0, B: 0, C: 0, D: 0 },
};
const ACCOUNT = {
  ...{ legalEntityId: "entity-1", currency: "CNY", taxRegion: "CN" },
  ...{ isTaxExempt: false, grossMax: 100_000 },
};

/** Invoice inv-1 is of customer c1 and inv-2 of c2; inv-3 is a draft of c1's. Payment pay-1 is nobody's yet. */
async function seed(db: Db): Promise<void> {
  await db
    .insertInto("legal_entity")
    .values({
      ...{ id: "entity-1", name: "Hopline Ltd", address: "", tax_id: "", bank: "" },
      ...{ number_prefix: "HL", payment_days: 30, tax_rates: "[]", version: 1 },
    })
    .execute();
  await db
    .insertInto("plan_version")
    .values({
      ...{ id: "plan-1", code: "vehicle", version: 1, spec: JSON.stringify(SPEC) },
      ...{ made_at: at, made_by: "Ann" },
    })
    .execute();
  for (const [n, customerId] of ["c1", "c2"].entries()) {
    const of = n + 1;
    await db
      .insertInto("billing_account")
      .values({
        ...{ customer_id: customerId, legal_entity_id: "entity-1", currency: "CNY" },
        ...{ tax_region: "CN", is_tax_exempt: false, gross_max: 100_000, version: 1 },
      })
      .execute();
    const terms = [{ from: "2026-09-01", planId: "plan-1", addOns: [] }];
    await db
      .insertInto("subscription")
      .values({
        ...{ id: `sub-${of}`, customer_id: customerId, plan_id: "plan-1", address: null },
        ...{ starts_on: "2026-09-01", trial_until: null, ends_on: null, pauses: "[]" },
        ...{ terms: JSON.stringify(terms), terminals: "[]", created_at: at, version: 1 },
      })
      .execute();
    await addInvoice(db, `inv-${of}`, customerId, `HL-00000${of}`);
  }
  await addInvoice(db, "inv-3", "c1", null);
  await db
    .insertInto("payment")
    .values({
      ...{ id: "pay-1", customer_id: null, legal_entity_id: "entity-1", currency: "CNY" },
      ...{ amount: 500, open: 500, received_on: "2026-09-30", method: "bank", reference: "B1" },
      ...{ text: "", import_id: null, by_name: "Ann", created_at: at },
    })
    .execute();
}

async function addInvoice(
  db: Db,
  id: string,
  customerId: string,
  number: string | null,
): Promise<void> {
  const document = {
    ...{ kind: "invoice", currency: "CNY", month: "2026-09", lines: [LINE] },
    ...{ net: 3_000, tax: 0, gross: 3_000 },
  };
  await db
    .insertInto("invoice")
    .values({
      ...{ id, number, legal_entity_id: "entity-1", customer_id: customerId, kind: "invoice" },
      ...{ state: number === null ? "draft" : "issued", month: "2026-09", currency: "CNY" },
      ...{ net: 3_000, tax: 0, gross: 3_000, open: number === null ? 0 : 3_000 },
      ...{ run_id: null, corrects: null, document: JSON.stringify(document), created_at: at },
      ...{ issued_at: number === null ? null : at, due_on: number && "2026-11-01", version: 1 },
    })
    .execute();
  await db
    .insertInto("invoice_line")
    .values({
      ...{ invoice_id: id, position: 1, subscription_id: "sub-1", plan_id: "plan-1", kind: "fee" },
      ...{ item: "", from_day: "2026-09-01", to_day: "2026-10-01", quantity: 30 },
      ...{ net: 3_000, tax: 0 },
    })
    .execute();
}

const note = { kind: "credit-note", lines: [{ position: 1, net: 1 }], reason: "a test" };
const why = { amount: 1, reason: "a test" };

/** A thing of c1, and the same of c2: what the operator's people get, and the owner of c1. */
export const readable = (route: string, url: (of: number) => string): readonly Row[] => [
  { route, gets: "ofooffoffu", url: url(1) },
  { route, of: "of another customer", gets: "ofooffnffu", url: url(2) },
];

export const billingPart: Part = {
  seed,
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/billing/plans", /*     */ gets: "ofoofffffu", url: "/api/billing/plans" },
    {
      route: "GET /api/billing/plans/{id}",
      gets: "ofoofffffu",
      url: "/api/billing/plans/plan-1",
    },
    {
      route: "POST /api/billing/plans",
      gets: "ofoffffffu",
      url: "/api/billing/plans",
      payload: { plans: [{ ...SPEC, trialDays: 7 }] },
    },
    {
      route: "POST /api/billing/plans/preview",
      gets: "ofoofffffu",
      url: "/api/billing/plans/preview",
      payload: { spec: SPEC, startsOn: "2026-09-01", usage: {}, addOns: [] },
    },
    { route: "GET /api/billing/entities", /*  */ gets: "ofoofffffu", url: "/api/billing/entities" },
    {
      route: "POST /api/billing/entities",
      gets: "ofoffffffu",
      url: "/api/billing/entities",
      payload: { ...ENTITY, numberPrefix: "HX" },
    },
    {
      route: "PUT /api/billing/entities/{id}",
      gets: "ofoffffffu",
      url: "/api/billing/entities/entity-1",
      payload: ENTITY,
    },
    {
      route: "GET /api/billing/entities/{id}/dunning",
      gets: "ofoofffffu",
      url: "/api/billing/entities/entity-1/dunning",
    },
    {
      route: "PUT /api/billing/entities/{id}/dunning",
      gets: "ofoffffffu",
      url: "/api/billing/entities/entity-1/dunning",
      payload: DUNNING,
    },
    { route: "GET /api/billing/dunning", /*   */ gets: "ofoofffffu", url: "/api/billing/dunning" },
    {
      route: "GET /api/billing/dunning/{id}",
      gets: "ofoofffffu",
      url: "/api/billing/dunning/c1",
    },
    {
      route: "POST /api/billing/dunning/{id}/hold",
      gets: "ofoffffffu",
      url: "/api/billing/dunning/c1/hold",
      payload: { until: null, reason: "a test" },
    },
    ...readable("GET /api/customers/{id}/billing", (of) => `/api/customers/c${of}/billing`),
    ...readable("GET /api/customers/{id}/statement", (of) => `/api/customers/c${of}/statement`),
    ...readable("GET /api/customers/{id}/spend", (of) => `/api/customers/c${of}/spend`),
    ...readable("GET /api/customers/{id}/spend-rules", (of) => `/api/customers/c${of}/spend-rules`),
    {
      route: "PUT /api/customers/{id}/spend-rules",
      gets: "ofoffffffu",
      url: "/api/customers/c1/spend-rules",
      payload: { isPrepaid: false, lowBalance: 0, alerts: [100], quotas: [] },
    },
    {
      route: "GET /api/billing/accounts",
      gets: "ofooffoffu",
      url: "/api/billing/accounts?customer=c1",
    },
    {
      route: "PUT /api/customers/{id}/billing",
      gets: "ofoffffffu",
      url: "/api/customers/c1/billing",
      payload: ACCOUNT,
    },
    { route: "GET /api/billing/ageing", /*    */ gets: "ofoofffffu", url: "/api/billing/ageing" },
    {
      route: "GET /api/billing/subscriptions",
      gets: "ofooffoffu",
      url: "/api/billing/subscriptions",
    },
    ...readable(
      "GET /api/billing/subscriptions/{id}",
      (of) => `/api/billing/subscriptions/sub-${of}`,
    ),
    {
      route: "POST /api/billing/subscriptions",
      gets: "ofoffffffu",
      url: "/api/billing/subscriptions",
      payload: {
        ...{ customerId: "c1", planId: "plan-1", addOns: [], address: 5 },
        startsOn: "2026-10-01",
      },
    },
    {
      route: "POST /api/billing/subscriptions/{id}/changes",
      gets: "ofoffffffu",
      url: "/api/billing/subscriptions/sub-1/changes",
      payload: { kind: "end", day: "2026-10-01" },
    },
    { route: "GET /api/billing/closes", /*    */ gets: "ofoofffffu", url: "/api/billing/closes" },
    {
      route: "GET /api/billing/closes/{id}",
      gets: "nfnnfffffu", // there is none
      url: "/api/billing/closes/run-1",
    },
    {
      route: "GET /api/billing/closes/{id}/accounts",
      gets: "ofoofffffu",
      url: "/api/billing/closes/run-1/accounts",
    },
    {
      route: "POST /api/billing/closes",
      gets: "ififfffffu", // no month, so that none is left running
      url: "/api/billing/closes",
      payload: { legalEntityId: "entity-1", month: "2026-13", dryRun: true },
    },
    {
      route: "POST /api/billing/closes/{id}/retry",
      gets: "nfnffffffu", // there is none
      url: "/api/billing/closes/run-1/retry",
    },
    { route: "GET /api/billing/invoices", /*  */ gets: "ofooffoffu", url: "/api/billing/invoices" },
    ...readable("GET /api/billing/invoices/{id}", (of) => `/api/billing/invoices/inv-${of}`),
    {
      route: "GET /api/billing/invoices/{id}",
      of: "a draft",
      gets: "ofooffnffu",
      url: "/api/billing/invoices/inv-3",
    },
    ...readable(
      "GET /api/billing/invoices/{id}/csv",
      (of) => `/api/billing/invoices/inv-${of}/csv`,
    ),
    ...readable(
      "GET /api/billing/invoices/{id}/pdf",
      (of) => `/api/billing/invoices/inv-${of}/pdf`,
    ),
    {
      route: "POST /api/billing/invoices/{id}/mail",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/inv-1/mail",
    },
    ...readable(
      "GET /api/billing/invoices/{id}/lines/{position}/days",
      (of) => `/api/billing/invoices/inv-${of}/lines/1/days`,
    ),
    ...readable(
      "GET /api/billing/invoices/{id}/lines/{position}/packets",
      (of) => `/api/billing/invoices/inv-${of}/lines/1/packets?terminal=5&day=2026-09-01`,
    ),
    {
      route: "GET /api/billing/packets/{id}/cost",
      gets: "ofooffoffu",
      url: "/api/billing/packets/1/cost",
    },
    {
      route: "POST /api/billing/invoices/approve",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/approve",
      payload: { ids: ["inv-3"] },
    },
    {
      route: "POST /api/billing/invoices/issue",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/issue",
      payload: { ids: ["inv-3"] },
    },
    {
      route: "DELETE /api/billing/invoices/{id}",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/inv-3",
    },
    {
      route: "POST /api/billing/invoices/{id}/notes",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/inv-1/notes",
      payload: note,
    },
    {
      route: "POST /api/billing/invoices/{id}/void",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/inv-1/void",
      payload: { reason: "a test" },
    },
    {
      route: "POST /api/billing/invoices/{id}/write-off",
      gets: "ofoffffffu",
      url: "/api/billing/invoices/inv-1/write-off",
      payload: why,
    },
    { route: "GET /api/billing/payments", /*  */ gets: "ofooffoffu", url: "/api/billing/payments" },
    {
      route: "POST /api/billing/payments",
      gets: "ofoffffffu",
      url: "/api/billing/payments",
      payload: {
        ...{ customerId: "c1", amount: 1, currency: "CNY", receivedOn: "2026-09-30" },
        ...{ method: "cash", reference: "R1", text: "" },
      },
    },
    {
      route: "POST /api/billing/payments/{id}/match",
      gets: "ofoffffffu",
      url: "/api/billing/payments/pay-1/match",
      payload: { customerId: "c1" },
    },
    {
      route: "POST /api/billing/payments/{id}/refund",
      gets: "ofoffffffu",
      url: "/api/billing/payments/pay-1/refund",
      payload: why,
    },
    {
      route: "GET /api/billing/payment-imports/{id}/matches",
      gets: "ofoffffffu",
      url: "/api/billing/payment-imports/none/matches",
    },
    {
      route: "POST /api/imports/payments",
      gets: "ififfffffu", // as for the other imports
      url: "/api/imports/payments?dry_run=perhaps",
    },
  ],
};
