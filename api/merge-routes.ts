import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { DUPLICATE_REASONS } from "../domain/customers/duplicates.ts";
import { type Merge, MOVED_THINGS } from "../domain/customers/merges.ts";
import { OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import { CustomerView, customerView, Id, iso, isoOrNull } from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["customers"];
const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 100 });

const PairView = Type.Object({
  score: Type.Integer({ minimum: 0, maximum: 100, description: "100 is as good as certain" }),
  reasons: Type.Array(Type.Enum([...DUPLICATE_REASONS]), { description: "what is the same" }),
  one: CustomerView,
  other: CustomerView,
});

const Side = Type.Object({ id: Type.String(), number: Type.String(), name: Type.String() });
const MergeView = Type.Object({
  id: Type.String(),
  from: Side,
  into: Side,
  byName: Type.String(),
  at: Type.String({ format: "date-time" }),
  undoneAt: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
  moved: Type.Array(Type.Object({ thing: Type.Enum([...MOVED_THINGS]), count: Type.Integer() })),
});

const mergeView = (merge: Merge): Static<typeof MergeView> => ({
  id: merge.id,
  from: { id: merge.fromId, number: merge.fromNumber, name: merge.fromName },
  into: { id: merge.intoId, number: merge.intoNumber, name: merge.intoName },
  byName: merge.byName,
  at: iso(merge.atMs),
  undoneAt: isoOrNull(merge.undoneAtMs),
  moved: MOVED_THINGS.filter((thing) => merge.counts[thing] > 0).map((thing) => ({
    thing,
    count: merge.counts[thing],
  })),
});

export const duplicateRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { duplicates } },
) => {
  app.get(
    "/customers/duplicates",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "duplicateCustomers",
        tags,
        description: "Customers that are probably one, the likeliest first, and by what",
        querystring: Type.Object({ limit: Limit }),
        response: { 200: Type.Object({ items: Type.Array(PairView) }), ...REFUSALS },
      },
    },
    async ({ query: { limit } }) => ({
      items: (await duplicates.list(limit)).map(({ score, reasons, one, other }) => ({
        score,
        reasons: [...reasons],
        one: customerView(one),
        other: customerView(other),
      })),
    }),
  );
};

export const mergeRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, merges }, clock },
) => {
  app.get(
    "/customers/merges",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "merges",
        tags,
        description: "Merges, newest first",
        querystring: Type.Object({ customer: Type.Optional(Id), limit: Limit }),
        response: { 200: Type.Object({ items: Type.Array(MergeView) }), ...REFUSALS },
      },
    },
    async ({ query: { customer, limit } }) => ({
      items: (await merges.list(customer, limit)).map(mergeView),
    }),
  );

  app.post(
    "/customers/:id/merge",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "mergeCustomer",
        tags,
        description: "Everything that this customer has moves to the other, which goes on for both",
        params: OneCustomer,
        body: Type.Object({ into: Id, reason: Reason }),
        response: { 201: MergeView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { into, reason } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      await requireCustomer(request, customers, into);
      const merge = await merges.merge(id, into, actOf(request, clock.now(), reason));
      return reply.code(201).send(mergeView(merge));
    },
  );

  app.post(
    "/customers/merges/:id/undo",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "undoMerge",
        tags,
        description: "Puts everything back; 409 says what has moved on since",
        params: OneCustomer,
        body: Type.Object({ reason: Reason }),
        response: { 200: MergeView, ...REFUSALS },
      },
    },
    async (request) => {
      const act = actOf(request, clock.now(), request.body.reason);
      return mergeView(await merges.undo(request.params.id, act));
    },
  );
};
