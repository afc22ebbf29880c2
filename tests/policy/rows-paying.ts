import type { Db } from "../../domain/db/database.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";
import { readable } from "./rows-billing.ts";

const at = new Date(NOW_MS);
const why = { amount: 1, reason: "a test" };

/** On the accounts of the billing part: payment pay-2 is a deposit of c1's. */
async function seed(db: Db): Promise<void> {
  await db
    .insertInto("payment")
    .values({
      ...{ id: "pay-2", customer_id: "c1", legal_entity_id: "entity-1", currency: "CNY" },
      ...{ amount: 500, open: 0, received_on: "2026-09-30", method: "bank", reference: "B2" },
      ...{ text: "", import_id: null, by_name: "Ann", created_at: at },
    })
    .execute();
  await db
    .insertInto("deposit")
    .values({ payment_id: "pay-2", customer_id: "c1", amount: 500, open: 500 })
    .execute();
  await db
    .insertInto("service_credit")
    .values({
      ...{ id: "credit-1", subscription_id: "sub-1", customer_id: "c1", month: "2026-09" },
      ...{ currency: "CNY", net: -300, evidence: JSON.stringify({ parts: [], proofs: [] }) },
      created_at: at,
    })
    .execute();
  await db
    .insertInto("invoice")
    .values({
      ...{ id: "credit-1", number: null, legal_entity_id: "entity-1", customer_id: "c1" },
      ...{ kind: "credit-note", state: "draft", month: "2026-09", currency: "CNY", net: -300 },
      ...{ tax: 0, gross: -300, open: 0, document: "{}", created_at: at, version: 1 },
    })
    .execute();
  for (const of of [1, 2])
    await db
      .insertInto("payment_order")
      .values({
        ...{ id: `order-${of}`, customer_id: `c${of}`, invoice_id: null, provider: "demo" },
        ...{ currency: "CNY", amount: 500, state: "open", url: `/pay/order-${of}` },
        ...{ payment_id: null, created_at: at },
      })
      .execute();
}

export const payingPart: Part = {
  seed,
  //                                                AOBCERWMKS
  rows: [
    {
      route: "POST /api/billing/payment-orders",
      gets: "ofofffoffu",
      url: "/api/billing/payment-orders",
      payload: { customerId: "c1", amount: 500 },
    },
    {
      route: "POST /api/billing/payment-orders",
      of: "of another customer",
      gets: "ofofffnffu",
      url: "/api/billing/payment-orders",
      payload: { customerId: "c2", amount: 500 },
    },
    {
      route: "GET /api/billing/payment-orders",
      gets: "ofooffoffu",
      url: "/api/billing/payment-orders",
    },
    {
      route: "GET /api/billing/payment-provider",
      gets: "ofooffoffu",
      url: "/api/billing/payment-provider",
    },
    ...readable(
      "GET /api/billing/payment-orders/{id}",
      (of) => `/api/billing/payment-orders/order-${of}`,
    ),
    ...readable("GET /api/customers/{id}/deposits", (of) => `/api/customers/c${of}/deposits`),
    {
      route: "POST /api/billing/deposits",
      gets: "ofoffffffu",
      url: "/api/billing/deposits",
      payload: {
        ...{ customerId: "c1", amount: 1, currency: "CNY", receivedOn: "2026-09-30" },
        ...{ method: "cash", reference: "R2", text: "" },
      },
    },
    {
      route: "POST /api/billing/deposits/{id}/apply",
      gets: "ofoffffffu",
      url: "/api/billing/deposits/pay-2/apply",
      payload: why,
    },
    {
      route: "POST /api/billing/deposits/{id}/return",
      gets: "ofoffffffu",
      url: "/api/billing/deposits/pay-2/return",
      payload: why,
    },
    // whoever held nothing of it then finds an empty list, and no file
    {
      route: "GET /api/service-proofs",
      gets: "oooooooofu",
      url: "/api/service-proofs?month=2026-09&terminal=5",
    },
    {
      route: "GET /api/service-proofs/csv",
      gets: "oooooooofu",
      url: "/api/service-proofs/csv?month=2026-09&terminal=5",
    },
    {
      route: "GET /api/service-proofs/csv",
      of: "of another customer",
      gets: "nnnnnnnnfu", // nobody has ever held it
      url: "/api/service-proofs/csv?month=2026-09&terminal=6",
    },
    {
      route: "GET /api/billing/service-credits",
      gets: "ofooffoffu",
      url: "/api/billing/service-credits",
    },
    {
      route: "GET /api/billing/service-credits/{id}",
      gets: "ofooffnffu", // a draft is the operator's
      url: "/api/billing/service-credits/credit-1",
    },
    {
      route: "POST /api/billing/service-credits",
      gets: "ofoffffffu",
      url: "/api/billing/service-credits",
      payload: { legalEntityId: "entity-1", month: "2026-08" },
    },
    {
      route: "POST /api/billing/service-credits/{id}/reject",
      gets: "ofoffffffu",
      url: "/api/billing/service-credits/credit-1/reject",
      payload: { reason: "a test" },
    },
    // whose it is, the signature says and nothing else; without one nobody is believed
    {
      route: "POST /api/billing/payment-notices",
      gets: "uuuuuuuuuu",
      url: "/api/billing/payment-notices",
      payload: {},
    },
    { route: "GET /pay/{id}", /*              */ gets: "oooooooooo", url: "/pay/order-1" },
    {
      route: "POST /pay/{id}",
      gets: "oooooooooo",
      url: "/pay/order-2?kind=failed",
      payload: "",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ],
};
