import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { requireMonth } from "../domain/billing/calendar.ts";
import { SERVICE_CREDIT_STATES, type ServiceCredit } from "../domain/billing/service-credits.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Day, Id, Money, Month, nullable, Time } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { Paging, parseCursor } from "./http/query.ts";
import { createdCursor, parseCreatedCursor } from "./invoice-routes.ts";
import type { ApiReads } from "./reads.ts";
import { BasisPoints, KeptProofView, keptProofView } from "./service-proof-views.ts";
import { Address, page } from "./views.ts";

const tags = ["billing"];

const CreditParams = Type.Object({ id: Id });
const credit = {
  id: { ...Id, description: "of its credit note, too, unless it was rejected" },
  subscriptionId: Id,
  customerId: Id,
  customerName: Type.String(),
  month: Month,
  currency: Currency,
  net: { ...Money, description: "below zero" },
  state: Type.Enum([...SERVICE_CREDIT_STATES]),
  number: nullable(Type.String()),
  createdAt: Time,
  rejectedAt: nullable(Time),
  rejectedBy: nullable(Type.String()),
  reason: nullable(Type.String()),
  parts: Type.Array(
    Type.Object({
      planId: Id,
      from: Day,
      to: { ...Day, description: "the first day after it" },
      days: Type.Integer({ description: "that were promised and paid for" }),
      expected: Type.Integer(),
      lost: Type.Integer({ description: "of them, by us" }),
      availability: BasisPoints,
      target: BasisPoints,
      percent: Type.Integer({ description: "of the fee that is given back" }),
      fee: { ...Money, description: "of those days" },
      credit: Money,
    }),
  ),
  terminals: Type.Array(Type.Object({ address: Address, name: nullable(Type.String()) })),
};
const ServiceCreditView = Type.Object(credit);
const ServiceCreditDetailView = Type.Object({
  ...credit,
  proofs: Type.Array(KeptProofView, { description: "as they were when it was drafted" }),
});

const creditView = ({ evidence, ...one }: ServiceCredit): Static<typeof ServiceCreditView> => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
  rejectedAt: one.rejectedAt?.toISOString() ?? null,
  parts: [...evidence.parts],
  terminals: [...one.terminals],
});

const detailView = (one: ServiceCredit): Static<typeof ServiceCreditDetailView> => ({
  ...creditView(one),
  proofs: one.evidence.proofs.map(keptProofView),
});

export const serviceCreditRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { serviceCredits } },
) => {
  app.get(
    "/billing/service-credits",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "serviceCredits",
        tags,
        description:
          "What missed promises give back, the newest first; drafts and rejected ones are the operator's alone",
        querystring: Type.Object({
          month: Type.Optional(Month),
          customer: Type.Optional(Id),
          state: Type.Optional(Type.Enum([...SERVICE_CREDIT_STATES])),
          ...Paging,
        }),
        response: { 200: page(ServiceCreditView), ...REFUSALS },
      },
    },
    async ({ query: { month, customer, state, cursor, limit }, reach }) => {
      const items = await serviceCredits.list({
        ...{ reach, customerId: customer, state, limit },
        month: month === undefined ? undefined : requireMonth("month", month),
        before: parseCursor(cursor, parseCreatedCursor),
      });
      return { items: items.map(creditView), nextCursor: createdCursor(items, limit) };
    },
  );

  app.get(
    "/billing/service-credits/:id",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "serviceCredit",
        tags,
        description: "One of them with the proof that it was drafted by",
        params: CreditParams,
        response: { 200: ServiceCreditDetailView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await serviceCredits.find(id, reach);
      if (found === undefined) throw new NotFoundError("service credit", id);
      return detailView(found);
    },
  );
};

export const serviceCreditWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { serviceCredits }, clock },
) => {
  app.post(
    "/billing/service-credits",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "draftServiceCredits",
        tags,
        description:
          "Drafts them for a month that can be closed, as its close will; each once, and none is issued by it",
        body: Type.Object({ legalEntityId: Id, month: Month }, closed),
        response: {
          200: Type.Object({
            drafted: Type.Integer(),
            waiting: Type.Integer({
              description: "missed promises whose tax rate or currency must be mended first",
            }),
            parked: Type.Integer({
              description:
                "accounts that the month's close has parked, or whose draft was thrown away: nothing is drafted until they are looked at again",
            }),
          }),
          ...REFUSALS,
        },
      },
    },
    (request) => serviceCredits.draft(request.body, actOf(request, clock.now())),
  );

  app.post(
    "/billing/service-credits/:id/reject",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "rejectServiceCredit",
        tags,
        description:
          "Throws its draft away and keeps why. It is approved and issued as every draft is",
        params: CreditParams,
        body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
        response: { 200: ServiceCreditView, ...REFUSALS },
      },
    },
    async (request) => {
      const { reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      return creditView(await serviceCredits.reject(request.params.id, reason, act));
    },
  );
};
