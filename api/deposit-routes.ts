import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { GRADES } from "../domain/billing/credit-grade.ts";
import type { Deposits } from "../domain/billing/deposits.ts";
import { PAYMENT_METHODS } from "../domain/billing/payments.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Day, Id, Money, nullable } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["billing"];
const Params = Type.Object({ id: Id });
const amountAndReason = { amount: Money, reason: Type.String({ minLength: 1, maxLength: 500 }) };
const Amount = Type.Object(amountAndReason, closed);
const AmountFor = Type.Object({ ...amountAndReason, invoiceId: Type.Optional(Id) }, closed);
const DepositsView = Type.Object({
  customerId: Id,
  currency: Currency,
  grade: nullable(Type.Enum([...GRADES])),
  months: Type.Integer({ description: "months of fees that the credit grade asks for" }),
  asked: Money,
  held: Money,
  running: Type.Integer({
    description:
      "subscriptions that have not ended; with none the deposit is to be applied or returned",
  }),
  items: Type.Array(
    Type.Object({
      paymentId: Id,
      receivedOn: Day,
      reference: Type.String(),
      amount: Money,
      open: { ...Money, description: "still held" },
    }),
  ),
});
const depositsView = (one: Deposits): Static<typeof DepositsView> => ({
  ...one,
  items: [...one.items],
});

export const depositRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { deposits }, clock },
) => {
  app.get(
    "/customers/:id/deposits",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "deposits",
        tags,
        description: "What a customer has given as security, and what its credit grade asks for",
        params: Params,
        response: { 200: DepositsView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await deposits.find(id, reach, clock.now());
      if (found === undefined) throw new NotFoundError("billing account", id);
      return depositsView(found);
    },
  );

  app.post(
    "/billing/deposits",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "takeDeposit",
        tags,
        description:
          "Books what came in as held for the customer: no invoice is paid by it. The same reference is never booked twice, neither as a payment",
        body: Type.Object(
          {
            customerId: Id,
            amount: Money,
            currency: Currency,
            receivedOn: Day,
            method: Type.Enum([...PAYMENT_METHODS]),
            reference: Type.String({ minLength: 1, maxLength: 200 }),
            text: Type.String({ maxLength: 1_000 }),
          },
          closed,
        ),
        response: { 201: DepositsView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const after = await deposits.take(request.body, actOf(request, clock.now()));
      return reply.code(201).send(depositsView(after));
    },
  );
};

export const depositEndRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { deposits }, clock },
) => {
  app.post(
    "/billing/deposits/:id/apply",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "applyDeposit",
        tags,
        description:
          "Pays with a deposit, by the id of its payment, or a part of it, the invoice that is named and then what is due first; what is left over waits for the next invoice",
        params: Params,
        body: AmountFor,
        response: { 200: DepositsView, ...REFUSALS },
      },
    },
    async (request) => {
      const { amount, reason, invoiceId } = request.body;
      const act = actOf(request, clock.now(), reason);
      return depositsView(await deposits.apply(request.params.id, amount, act, invoiceId));
    },
  );

  app.post(
    "/billing/deposits/:id/return",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "returnDeposit",
        tags,
        description: "Gives a deposit back, by the id of its payment, or a part of it",
        params: Params,
        body: Amount,
        response: { 200: DepositsView, ...REFUSALS },
      },
    },
    async (request) => {
      const { amount, reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      return depositsView(await deposits.giveBack(request.params.id, amount, act));
    },
  );
};
