import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { PAYMENT_METHODS, type Payment } from "../domain/billing/payments.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Day, Id, Money, nullable, PaymentView } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { Paging, parseCursor } from "./http/query.ts";
import { createdCursor, parseCreatedCursor } from "./invoice-routes.ts";
import type { ApiReads } from "./reads.ts";
import { page } from "./views.ts";

const tags = ["billing"];
const PaymentParams = Type.Object({ id: Id });
const ReasonText = Type.String({ minLength: 1, maxLength: 500 });
const Amount = Type.Object({ amount: Money, reason: ReasonText }, closed);

const paymentView = (one: Payment): Static<typeof PaymentView> => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
});

export const paymentRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { payments }, clock },
) => {
  app.get(
    "/billing/payments",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "payments",
        tags,
        description:
          "Payments, the newest first; a bank's file comes in by `POST /api/imports/payments`",
        querystring: Type.Object({
          customer: Type.Optional(Id),
          unmatched: Type.Optional(Type.Boolean()),
          ...Paging,
        }),
        response: { 200: page(PaymentView), ...REFUSALS },
      },
    },
    async ({ query: { customer, unmatched, cursor, limit }, reach }) => {
      const before = parseCursor(cursor, parseCreatedCursor);
      const query = { reach, customerId: customer, unmatched, before, limit };
      const items = await payments.list(query);
      return { items: items.map(paymentView), nextCursor: createdCursor(items, limit) };
    },
  );

  app.post(
    "/billing/payments",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "addPayment",
        tags,
        description:
          "A payment by hand. It is given to the invoice that is named, then to what is due first; the same reference is never booked twice",
        body: Type.Object(
          {
            customerId: Id,
            amount: Money,
            currency: Currency,
            receivedOn: Day,
            method: Type.Enum([...PAYMENT_METHODS]),
            reference: Type.String({ minLength: 1, maxLength: 200 }),
            text: Type.String({ maxLength: 1_000 }),
            invoiceId: Type.Optional(Id),
          },
          closed,
        ),
        response: { 201: PaymentView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const payment = await payments.add(request.body, actOf(request, clock.now()));
      return reply.code(201).send(paymentView(payment));
    },
  );
};

const MatchView = Type.Object({
  line: Type.Integer(),
  receivedOn: Day,
  amount: Money,
  currency: Currency,
  reference: Type.String(),
  text: Type.String(),
  customerId: nullable(Id),
  customerName: nullable(Type.String()),
  invoiceId: nullable(Id),
  invoiceNumber: nullable(Type.String()),
  invoiceOpen: nullable({ ...Money, description: "of that invoice, before the payment" }),
});

export const paymentMatchRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { payments } },
) => {
  app.get(
    "/billing/payment-imports/:id/matches",
    {
      config: { action: "payments:import" },
      schema: {
        operationId: "paymentMatches",
        tags,
        description:
          "What a dry run of a bank's file found, line by line: whose a payment would be and which invoice it names. Lines of nobody would wait for a person",
        params: PaymentParams,
        querystring: Type.Object(Paging),
        response: { 200: page(MatchView), ...REFUSALS },
      },
    },
    async ({ params: { id }, query: { cursor, limit } }) => {
      const after = parseCursor(cursor, (text) =>
        /^\d{1,9}$/.test(text) ? Number(text) : undefined,
      );
      const items = await payments.matches(id, after ?? 0, limit);
      const last = items.length === limit ? items.at(-1) : undefined;
      return { items: [...items], nextCursor: last === undefined ? null : String(last.line) };
    },
  );
};

export const paymentWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { payments }, clock },
) => {
  app.post(
    "/billing/payments/:id/match",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "matchPayment",
        tags,
        description: "Says whose a payment is that nobody knew",
        params: PaymentParams,
        body: Type.Object({ customerId: Id, invoiceId: Type.Optional(Id) }, closed),
        response: { 200: PaymentView, ...REFUSALS },
      },
    },
    async (request) =>
      paymentView(
        await payments.match(request.params.id, request.body, actOf(request, clock.now())),
      ),
  );

  app.post(
    "/billing/payments/:id/refund",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "refundPayment",
        tags,
        description: "Gives back what is open of it, or a part",
        params: PaymentParams,
        body: Amount,
        response: { 200: PaymentView, ...REFUSALS },
      },
    },
    async (request) => {
      const { amount, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      return paymentView(await payments.refund(request.params.id, amount, reason, act));
    },
  );

  app.post(
    "/billing/invoices/:id/write-off",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "writeOff",
        tags,
        description: "Gives up what is open of an invoice, or a part",
        params: PaymentParams,
        body: Amount,
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { amount, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      await payments.writeOff(request.params.id, amount, reason, act);
      return reply.code(204).send(null);
    },
  );
};
