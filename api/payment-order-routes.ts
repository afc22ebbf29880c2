import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { NoticeOutcome, PaymentOrder } from "../domain/billing/payment-orders.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Id, Money, nullable, Time } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { Problem, sendProblem } from "./http/problem.ts";
import { Paging, parseCursor } from "./http/query.ts";
import { createdCursor, parseCreatedCursor } from "./invoice-routes.ts";
import type { ApiReads } from "./reads.ts";
import { page } from "./views.ts";

const tags = ["billing"];
/** Where a provider's notices go. */
export const NOTICES = "/api/billing/payment-notices";

const State = Type.Enum(["open", "paid", "failed"]);
const OrderView = Type.Object({
  id: Id,
  customerId: Id,
  customerName: Type.String(),
  invoiceId: nullable(Id),
  invoiceNumber: nullable(Type.String()),
  provider: Type.String(),
  amount: Money,
  currency: Currency,
  state: State,
  url: Type.String({ description: "where the payer goes to pay" }),
  paymentId: nullable(Id),
  createdAt: Time,
  expiresAt: {
    ...Time,
    description: "until then the same payment is gone on with; open after it, it was given up",
  },
});
const orderView = (one: PaymentOrder): Static<typeof OrderView> => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
  expiresAt: one.expiresAt.toISOString(),
});

export const paymentOrderRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { paying: { orders }, clock },
) => {
  app.post(
    "/billing/payment-orders",
    {
      config: { action: "payments:make" },
      schema: {
        operationId: "beginPayment",
        tags,
        description:
          "Begins a payment at the payment provider and answers where the payer goes; it is booked once the provider says that it was paid. The same again, within an hour and not yet paid, is gone on with: a second press makes no second payment",
        body: Type.Object({ customerId: Id, amount: Money, invoiceId: Type.Optional(Id) }, closed),
        response: { 201: OrderView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { body, reach } = request;
      const order = await orders.begin(body, reach, actOf(request, clock.now()));
      return reply.code(201).send(orderView(order));
    },
  );
};

export const paymentOrderReadRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { paying: { orders } },
) => {
  app.get(
    "/billing/payment-provider",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "paymentProvider",
        tags,
        description: "Who takes payments for us; null: nobody does, and none can be begun",
        response: { 200: Type.Object({ name: nullable(Type.String()) }), ...REFUSALS },
      },
    },
    async () => ({ name: orders.provider }),
  );

  app.get(
    "/billing/payment-orders",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "paymentOrders",
        tags,
        description: "Payments that were begun at the payment provider, the newest first",
        querystring: Type.Object({
          customer: Type.Optional(Id),
          state: Type.Optional(State),
          ...Paging,
        }),
        response: { 200: page(OrderView), ...REFUSALS },
      },
    },
    async ({ query: { customer, state, cursor, limit }, reach }) => {
      const before = parseCursor(cursor, parseCreatedCursor);
      const items = await orders.list({ reach, customerId: customer, state, before, limit });
      return { items: items.map(orderView), nextCursor: createdCursor(items, limit) };
    },
  );

  app.get(
    "/billing/payment-orders/:id",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "paymentOrder",
        tags,
        description: "Whether it was paid, and by which payment",
        params: Type.Object({ id: Id }),
        response: { 200: OrderView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const order = await orders.find(id, reach);
      if (order === undefined) throw new NotFoundError("payment order", id);
      return orderView(order);
    },
  );
};

const LIMIT = { max: 600, timeWindow: 60_000 };

/** What is believed is answered with 204, also when it is known already, so that the provider does not send it again. */
const REFUSED: Partial<Record<NoticeOutcome, { readonly status: 400 | 401 | 404 }>> = {
  unsigned: { status: 401 },
  old: { status: 401 },
  forged: { status: 401 },
  malformed: { status: 400 },
  "unknown-order": { status: 404 },
};

export const paymentNoticeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { paying: { orders }, clock },
) => {
  // as it came: it is the text that is signed
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });
  app.post(
    "/billing/payment-notices",
    {
      config: { action: "public", rateLimit: LIMIT },
      schema: {
        operationId: "paymentNotice",
        tags,
        description:
          "The payment provider's webhook, signed by Standard Webhooks. Each notice is acted on once; one that is forged, older than five minutes or of no payment of ours changes nothing and is counted",
        body: Type.String({ maxLength: 65_536, description: "JSON as the provider signed it" }),
        response: { 204: Type.Null(), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ headers, body }, reply) => {
      const outcome = await orders.notified(headers, body, clock.now());
      const refused = REFUSED[outcome];
      if (refused === undefined) return reply.code(204).send(null);
      const detail = `this notice is not acted on: ${outcome}`;
      return sendProblem(reply, { ...refused, code: "notice_refused", detail });
    },
  );
};
