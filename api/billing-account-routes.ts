import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { AgeingQuery, LegalEntity } from "../domain/billing/accounts.ts";
import { dayAt, requireDay } from "../domain/billing/calendar.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Currency, closed, Day, Id, Money, nullable, Time } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["billing"];
const Text = Type.String({ maxLength: 500 });
const Limit = Type.Integer({ minimum: 1, maximum: 1_000, default: 200 });

const entity = {
  name: Text,
  address: Text,
  taxId: Text,
  bank: { ...Text, description: "where to pay, as it stands on the invoice" },
  numberPrefix: Type.String({ maxLength: 12 }),
  paymentDays: Type.Integer({ minimum: 0, maximum: 365 }),
  taxRates: Type.Array(
    Type.Object(
      {
        taxClass: Type.String({ maxLength: 40 }),
        region: Type.String({ maxLength: 40 }),
        basisPoints: Type.Integer({ description: "hundredths of a per cent" }),
      },
      closed,
    ),
    { maxItems: 100 },
  ),
};
const EntityBody = Type.Object(entity, closed);
const EntityView = Type.Object({ ...entity, id: Id, version: Type.Integer() });
const entityView = (one: LegalEntity): Static<typeof EntityView> => ({
  ...one,
  taxRates: [...one.taxRates],
});

export const legalEntityRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { accounts }, clock },
) => {
  app.get(
    "/billing/entities",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "legalEntities",
        tags,
        description: "Who sends invoices, each with series of numbers of its own",
        response: { 200: Type.Object({ items: Type.Array(EntityView) }), ...REFUSALS },
      },
    },
    async () => ({ items: (await accounts.entities()).map(entityView) }),
  );

  app.post(
    "/billing/entities",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "addLegalEntity",
        tags,
        description: "Another one who sends invoices",
        body: EntityBody,
        response: { 201: EntityView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const made = await accounts.addEntity(request.body, actOf(request, clock.now()));
      sendVersion(reply, made.version);
      return reply.code(201).send(entityView(made));
    },
  );

  app.put(
    "/billing/entities/:id",
    {
      config: { action: "plans:write" },
      schema: {
        operationId: "changeLegalEntity",
        tags,
        description: "What stands on the next invoices; those that are issued stay as they are",
        params: Type.Object({ id: Id }),
        body: EntityBody,
        response: { 200: EntityView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { id: request.params.id, version: versionAsked(request) };
      const after = await accounts.changeEntity(at, request.body, actOf(request, clock.now()));
      sendVersion(reply, after.version);
      return entityView(after);
    },
  );
};

const account = {
  legalEntityId: Id,
  currency: { ...Currency, description: "of the account, for ever" },
  taxRegion: Type.String({ maxLength: 40 }),
  isTaxExempt: Type.Boolean(),
  grossMax: { ...Money, description: "an invoice above it is parked for a person" },
};
const AccountView = Type.Object({
  ...account,
  customerId: Id,
  customerName: Type.String(),
  customerNumber: Type.String(),
  balance: { ...Money, description: "above zero: the customer owes it" },
  version: Type.Integer(),
});
const CustomerParams = Type.Object({ id: Id });

export const billingAccountRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { accounts }, clock },
) => {
  app.get(
    "/customers/:id/billing",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "billingAccount",
        tags,
        description: "How a customer pays, and its balance",
        params: CustomerParams,
        response: { 200: AccountView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }) => {
      const found = await accounts.find(id, reach);
      if (found === undefined) throw new NotFoundError("billing account", id);
      return found;
    },
  );

  app.get(
    "/billing/accounts",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "billingAccounts",
        tags,
        description: "The same for who does not know whether there is one: none, or the one",
        querystring: Type.Object({ customer: Id }),
        response: { 200: Type.Object({ items: Type.Array(AccountView) }), ...REFUSALS },
      },
    },
    async ({ query: { customer }, reach }) => {
      const found = await accounts.find(customer, reach);
      return { items: found === undefined ? [] : [found] };
    },
  );

  app.put(
    "/customers/:id/billing",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "putBillingAccount",
        tags,
        description: "Opens a customer's billing account, or changes all but its currency",
        params: CustomerParams,
        body: Type.Object(account, closed),
        response: { 200: AccountView, ...REFUSALS },
      },
    },
    async (request) => accounts.put(request.params.id, request.body, actOf(request, clock.now())),
  );
};

export const billingReadRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { accounts } },
) => {
  app.get(
    "/customers/:id/statement",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "statement",
        tags,
        description: "What was invoiced, paid, given back and given up, the newest first",
        params: CustomerParams,
        querystring: Type.Object({ limit: Limit }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                ...{ at: Time, kind: Type.String(), reference: Type.String(), amount: Money },
                balance: { ...Money, description: "after it" },
              }),
            ),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ params: { id }, query, reach }) => {
      if ((await accounts.find(id, reach)) === undefined)
        throw new NotFoundError("billing account", id);
      const entries = await accounts.statement(id, query.limit);
      return { items: entries.map((one) => ({ ...one, at: one.at.toISOString() })) };
    },
  );
};

const amounts = {
  ...{ currency: Currency, notDue: Money, to30: Money, to60: Money, to90: Money, over90: Money },
  total: Money,
};

export const ageingRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { accounts }, clock },
) => {
  app.get(
    "/billing/ageing",
    {
      config: { action: "plans:read" },
      schema: {
        operationId: "ageing",
        tags,
        description:
          "What is open by how many days it is overdue, the largest debt first, and all of it in each currency",
        querystring: Type.Object({ day: Type.Optional(Day), ...Paging }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ customerId: Id, customerName: Type.String(), ...amounts }),
            ),
            nextCursor: nullable(Type.String()),
            sums: Type.Array(Type.Object(amounts)),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ query: { day: asked, cursor, limit } }) => {
      const day = asked === undefined ? dayAt(clock.now(), "UTC") : requireDay("day", asked);
      const after = parseCursor(cursor, parseAgeingCursor);
      const items = await accounts.ageing({ day, after, limit });
      const last = items.length === limit ? items.at(-1) : undefined;
      return {
        items: [...items],
        nextCursor: last === undefined ? null : `${last.total} ${last.customerId}`,
        sums: [...(await accounts.ageingSums(day))],
      };
    },
  );
};

function parseAgeingCursor(text: string): AgeingQuery["after"] {
  const match = /^(\d{1,15}) (\S{1,120})$/.exec(text);
  return match === null ? undefined : { total: Number(match[1]), customerId: match[2] ?? "" };
}
