import { sql } from "kysely";
import { Webhook } from "standardwebhooks";
import { expect } from "vitest";
import { ADMINISTRATOR, everybodyIs, openApi } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { secretText } from "../notifications/webhook-signature.ts";
import { createPaymentOrders } from "./payment-orders-postgres.ts";
import { noticeBody, type ProviderNotice } from "./payment-provider.ts";
import { paymentProviderDemo } from "./payment-provider-demo.ts";
import { billingWorld } from "./test-billing.ts";

const SECRET = new Uint8Array(32).fill(5);
const CLOSED_AT_TEXT = "2026-02-03T00:00:00.000Z";
const CLOSED_AT = Date.parse(CLOSED_AT_TEXT);

const scene = test.extend("scene", async ({ emptied: db, clock }) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock);
  await world.subscribe(1, "2026-01-01");
  clock.set(CLOSED_AT);
  const run = await world.close("2026-01");
  const choice = { runId: run?.id ?? "" };
  await world.desk.invoices.approve(choice, world.act());
  await world.desk.invoices.issue(choice, world.act());
  const invoice = async () =>
    (await world.desk.invoices.find("2026-01.c0001", "all", "2026-02-03")) ?? {
      open: -1,
      state: "",
    };
  let ids = 0;
  const orders = createPaymentOrders({
    ...{ db, audit: createAudit(db), provider: paymentProviderDemo(SECRET) },
    makeId: () => `o${++ids}`,
  });
  /** By the library that providers sign with, and none of our code. */
  const send = (
    id: string,
    said: Omit<ProviderNotice, "id">,
    { secret = SECRET, atMs = clock.now(), spoil = "", paidAt = CLOSED_AT_TEXT } = {},
  ) => {
    const body = noticeBody(said).replace(CLOSED_AT_TEXT, paidAt);
    const at = new Date(atMs);
    const signature = new Webhook(secretText(secret)).sign(id, at, body);
    const headers = {
      ...{ "webhook-id": id, "webhook-timestamp": String(Math.floor(atMs / 1_000)) },
      "webhook-signature": signature,
    };
    return orders.notified(headers, body + spoil, clock.now());
  };
  return { ...world, orders, send, invoice, db, clock };
});

const paid = (orderId: string, amount: number, reference = "m1") => ({
  ...{ kind: "paid" as const, orderId, amount, reference, currency: "CNY", paidAtMs: CLOSED_AT },
});

scene(
  "a payment is booked once, however often and under however many notices it is told",
  async ({ scene: { orders, send, invoice, act, db } }) => {
    const { open } = await invoice();
    const input = { customerId: "c0001", amount: open, invoiceId: "2026-01.c0001" };
    const order = await orders.begin(input, new Set(["c0001"]), act());
    expect(order).toMatchObject({ state: "open", amount: open, url: "/pay/o1", currency: "CNY" });
    expect(await send("n0", { ...paid("o1", open), kind: "failed" })).toBe("failed");
    expect((await orders.find("o1", "all"))?.state).toBe("failed");
    const all = Array.from({ length: 4 }, () => send("n1", paid("o1", open)));
    expect((await Promise.all(all)).toSorted()).toEqual(["booked", "known", "known", "known"]);
    expect(await send("n2", paid("o1", open))).toBe("known"); // the same money
    expect(await send("n3", { ...paid("o1", open), kind: "failed" })).toBe("failed");
    expect(await invoice()).toMatchObject({ open: 0, state: "paid" });
    expect(await orders.find("o1", "all")).toMatchObject({ state: "paid", paymentId: "o2" });
    const { rows } = await sql`
    select account, amount::int from ledger_entry e join ledger_transaction t
      on t.id = e.transaction_id where t.kind = 'payment' order by position`.execute(db);
    expect(rows).toEqual([
      { account: "bank", amount: open },
      { account: "receivable", amount: -open },
    ]);
  },
);

scene(
  "who begins the same payment again within the hour goes on with it, until it was paid or refused",
  async ({ scene: { orders, send, invoice, act, clock } }) => {
    const { open } = await invoice();
    const input = { customerId: "c0001", amount: open, invoiceId: "2026-01.c0001" };
    const begin = async (more: Partial<typeof input> = {}) =>
      (await orders.begin({ ...input, ...more }, "all", act())).id;
    const both = await Promise.all([begin(), begin()]); // a double click
    expect(both[1]).toBe(both[0]);
    const [first] = both;
    expect(await begin()).toBe(first);
    expect(await begin({ amount: open - 1 })).not.toBe(first);
    await send("n1", { ...paid(first, open), kind: "failed" });
    const second = await begin();
    expect(second).not.toBe(first);
    clock.set(CLOSED_AT + 3_600_000);
    const third = await begin();
    expect(third).not.toBe(second); // it was given up

    const mine = { reach: new Set(["c0001"]), limit: 10 };
    const states = (await orders.list(mine)).map(({ id, state }) => [id, state]);
    expect(states).toHaveLength(4);
    expect(states[0]).toEqual([third, "open"]); // the newest first
    expect(states).toContainEqual([first, "failed"]);
    expect(await orders.list({ ...mine, state: "failed" })).toMatchObject([
      { id: first, customerName: "Customer 0001", invoiceNumber: "HL-000001" },
    ]);
    const [newest] = await orders.list({ ...mine, limit: 1 });
    const before = { createdMs: newest?.createdAt.getTime() ?? 0, id: newest?.id ?? "" };
    expect(await orders.list({ ...mine, before })).toHaveLength(3);
    expect(await orders.list({ reach: new Set(["c0002"]), limit: 10 })).toEqual([]);
  },
);

scene(
  "what is forged, old, changed or of no order is refused and counted, and books nothing",
  async ({ scene: { orders, send, act, db, invoice } }) => {
    const { open } = await invoice();
    await orders.begin({ customerId: "c0001", amount: open }, "all", act());
    const said = paid("o1", open);
    expect(await send("n1", said, { secret: new Uint8Array(32).fill(6) })).toBe("forged");
    expect(await send("n1", said, { spoil: " " })).toBe("forged");
    expect(await send("n1", said, { atMs: CLOSED_AT - 301_000 })).toBe("old");
    expect(await send("n1", said, { atMs: CLOSED_AT + 301_000 })).toBe("old");
    expect(await send("n1", { ...said, orderId: "of-somebody-else" })).toBe("unknown-order");
    expect(await send("n1", { ...said, amount: 0 })).toBe("malformed");
    for (const paidAt of [
      "2026-02-03",
      "2026-02-03T00:00:00",
      "1970-01-01T00:00:00Z",
      "2101-01-01T00:00:00Z",
    ])
      expect(await send("n1", said, { paidAt }), paidAt).toBe("malformed");
    expect(await orders.notified({}, noticeBody(said), CLOSED_AT)).toBe("unsigned");
    expect(Object.fromEntries(orders.counts)).toEqual({
      ...{ forged: 2, old: 2, "unknown-order": 1, malformed: 5, unsigned: 1 },
    });
    expect(await db.selectFrom("payment").selectAll().execute()).toEqual([]);
  },
);

scene(
  "another currency than the account's waits for a person; what is too much stays with the customer",
  async ({ scene: { orders, send, act, desk, invoice } }) => {
    const { open } = await invoice();
    await orders.begin({ customerId: "c0001", amount: open }, "all", act());
    expect(await send("n1", { ...paid("o1", 700), currency: "USD" })).toBe("booked");
    expect(
      await send("n2", paid("o1", open + 50, "m2"), { paidAt: "2026-02-03T08:00:00+08:00" }),
    ).toBe("booked");
    const payments = await desk.payments.list({ reach: "all", limit: 10 });
    expect(
      payments.map(({ customerId, currency, open: left }) => [customerId, currency, left]),
    ).toEqual(
      expect.arrayContaining([
        [null, "USD", 700],
        ["c0001", "CNY", 50],
      ]),
    );
    const wrong = { customerId: "c0001", amount: open, invoiceId: "2026-01.c0001" };
    await expect(orders.begin(wrong, "all", act())).rejects.toThrow("at most 0");
    await expect(orders.begin(wrong, new Set(["c0002"]), act())).rejects.toThrow("does not exist");
  },
);

scene(
  "who presses the demonstration's button twice has paid once",
  async ({ scene: { invoice, db } }) => {
    const { app } = await openApi(db, everybodyIs(ADMINISTRATOR));
    const { open } = await invoice();
    const begun = await app.inject({
      ...{ method: "POST", url: "/api/billing/payment-orders" },
      payload: { customerId: "c0001", amount: open, invoiceId: "2026-01.c0001" },
    });
    expect(begun.statusCode).toBe(201);
    const { id, url } = begun.json<{ id: string; url: string }>();
    const page = (await app.inject({ method: "GET", url })).body;
    expect(page).toContain('action="?kind=paid"');
    expect(page).toContain(`href="/invoices/2026-01.c0001?payment=${id}"`);
    for (const status of [200, 200]) {
      const page = await app.inject({
        ...{ method: "POST", url: `${url}?kind=paid`, payload: "" },
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      expect([page.statusCode, page.body]).toEqual([
        status,
        expect.stringContaining('role="status"'),
      ]);
    }
    const order = await app.inject({ method: "GET", url: `/api/billing/payment-orders/${id}` });
    expect(order.json()).toMatchObject({ state: "paid" });
    expect(await db.selectFrom("payment").selectAll().execute()).toHaveLength(1);
    const metrics = await app.inject({ method: "GET", url: "/metrics" });
    expect(metrics.body).toContain('hopline_payment_notices_total{outcome="known"} 1');
    await app.close();
  },
);
