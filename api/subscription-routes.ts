import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import type { StoredSubscription } from "../domain/billing/subscriptions.ts";
import { REFUSALS } from "./asset-routes.ts";
import { AddOns, closed, Day, Id, nullable, SubscriptionView } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { Address, page } from "./views.ts";

const tags = ["billing"];

const subscriptionView = (one: StoredSubscription): Static<typeof SubscriptionView> => ({
  ...one,
  terms: one.terms.map((term) => ({ ...term, addOns: [...term.addOns] })),
  pauses: [...one.pauses],
  terminals: [...one.terminals],
});

export const subscriptionRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { subscriptions }, clock },
) => {
  app.get(
    "/billing/subscriptions",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "subscriptions",
        tags,
        description: "Subscriptions with their state today at the customer's, by id",
        querystring: Type.Object({
          customer: Type.Optional(Id),
          terminal: Type.Optional(Address),
          ...Paging,
        }),
        response: { 200: page(SubscriptionView), ...REFUSALS },
      },
    },
    async ({ query: { customer, terminal, cursor, limit }, reach }) => {
      const items = await subscriptions.list({
        ...{ reach, customerId: customer, address: terminal, after: cursor, limit },
        nowMs: clock.now(),
      });
      const nextCursor = items.length === limit ? (items.at(-1)?.id ?? null) : null;
      return { items: items.map(subscriptionView), nextCursor };
    },
  );

  app.get(
    "/billing/subscriptions/:id",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "subscription",
        tags,
        description: "One subscription",
        params: Type.Object({ id: Id }),
        response: { 200: SubscriptionView, ...REFUSALS },
      },
    },
    async ({ params: { id }, reach }, reply) => {
      const found = await subscriptions.find(id, reach, clock.now());
      if (found === undefined) throw new NotFoundError("subscription", id);
      sendVersion(reply, found.version);
      return subscriptionView(found);
    },
  );
};

const Deed = Type.Union([
  Type.Object({ kind: Type.Literal("move"), day: Day, planId: Id, addOns: AddOns }, closed),
  Type.Object({ kind: Type.Enum(["pause", "resume", "end"]), day: Day }, closed),
  Type.Object({ kind: Type.Literal("swap"), day: Day, address: Address }, closed),
]);

export const subscriptionChangeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { subscriptions }, clock },
) => {
  app.post(
    "/billing/subscriptions",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "addSubscription",
        tags,
        description:
          "A subscription of a terminal or of an account. Without `startsOn` it begins on the day of the terminal's acceptance",
        body: Type.Object(
          {
            customerId: Id,
            planId: Id,
            addOns: AddOns,
            address: nullable(Address),
            startsOn: nullable(Day),
          },
          closed,
        ),
        response: { 201: SubscriptionView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const made = await subscriptions.add(request.body, actOf(request, clock.now()));
      sendVersion(reply, made.version);
      return reply.code(201).send(subscriptionView(made));
    },
  );

  app.post(
    "/billing/subscriptions/:id/changes",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "changeSubscription",
        tags,
        description:
          "Moves it to another plan, pauses, resumes or ends it, or gives it another terminal, from a day on. What was billed already is put right by the next invoice",
        params: Type.Object({ id: Id }),
        body: Deed,
        response: { 200: SubscriptionView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const at = { id: request.params.id, version: versionAsked(request) };
      const after = await subscriptions.change(at, request.body, actOf(request, clock.now()));
      sendVersion(reply, after.version);
      return subscriptionView(after);
    },
  );
};
