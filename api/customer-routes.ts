import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { CUSTOMER_SORTS } from "../domain/customers/customers.ts";
import { CHANGE_REFUSALS, OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import {
  AssetView,
  assetView,
  CustomerBody,
  CustomerDetailView,
  CustomerSummaryView,
  CustomerUserView,
  CustomerView,
  customerDetailView,
  customerSummaryView,
  customerView,
  Id,
  Kind,
  userOfCustomerView,
} from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import { Paging } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { page, totals } from "./views.ts";

const tags = ["customers"];

export const CustomerFilters = {
  search: Type.Optional(
    Type.String({
      maxLength: 100,
      description: "part of the name, number, telephone number or e-mail address",
    }),
  ),
  kind: Type.Optional(Kind),
  tag: Type.Optional(Type.String({ maxLength: 60 })),
  parent: Type.Optional(Id),
  sort: Type.Enum([...CUSTOMER_SORTS], {
    default: "name",
    description: "names and numbers rise; the newest come first",
  }),
};

export const customerListRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers }, clock },
) => {
  app.get(
    "/customers",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "customers",
        tags,
        description: "Customers within the caller's reach",
        querystring: Type.Object({ ...CustomerFilters, ...Paging }),
        response: {
          200: Type.Object({
            ...page(CustomerSummaryView).properties,
            ...totals,
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ query: { parent: parentId, ...query }, reach }) => {
      const { items, next, ...counted } = await customers.list({ reach, parentId, ...query });
      return { items: items.map(customerSummaryView), nextCursor: next ?? null, ...counted };
    },
  );

  app.get(
    "/customers/tags",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "customerTags",
        tags,
        description: "The tags in use, the most frequent first",
        response: {
          200: Type.Object({
            items: Type.Array(Type.Object({ tag: Type.String(), customers: Type.Integer() })),
          }),
          ...REFUSALS,
        },
      },
    },
    async ({ reach }) => ({ items: [...(await customers.tags(reach))] }),
  );

  app.post(
    "/customers",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "createCustomer",
        tags,
        description: "A customer more; without a number it gets the next of ours",
        body: Type.Object({
          ...CustomerBody,
          number: Type.Optional(Type.String({ maxLength: 40 })),
          reason: Reason,
        }),
        response: { 201: CustomerView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, parentId, ...input } = request.body;
      const act = actOf(request, clock.now(), reason);
      const made = await customers.create(undefined, { ...input, parentId: parentId || null }, act);
      sendVersion(reply, made.version);
      return reply.code(201).send(customerView(made));
    },
  );
};

export const customerRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers }, clock },
) => {
  app.get(
    "/customers/:id",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "customer",
        tags,
        description:
          "One customer. One that was merged answers 409 with `mergedInto` to the operator's people.",
        params: OneCustomer,
        response: { 200: CustomerDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await requireCustomer(request, customers, id);
      const detail = await customers.detail(id, request.reach);
      if (detail === undefined) throw new NotFoundError("customer", id);
      sendVersion(reply, detail.version);
      return customerDetailView(detail);
    },
  );

  app.patch(
    "/customers/:id",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "changeCustomer",
        tags,
        description: "Changes what is given; null takes it away",
        params: OneCustomer,
        body: Type.Object({
          ...Type.Partial(Type.Object(CustomerBody)).properties,
          reason: Reason,
        }),
        response: { 200: CustomerView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { reason, ...change } = request.body;
      await requireCustomer(request, customers, id);
      const act = actOf(request, clock.now(), reason);
      const parentId = change.parentId === "" ? null : change.parentId;
      const version = versionAsked(request);
      const changed = await customers.change(id, { ...change, parentId }, version, act);
      sendVersion(reply, changed.version);
      return customerView(changed);
    },
  );
};

const ASSETS_MAX = 500;

export const customerBelongingsRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, belongings } },
) => {
  app.get(
    "/customers/:id/assets",
    {
      config: { action: "assets:read" },
      schema: {
        operationId: "customerAssets",
        tags,
        description: `Its assets and the terminals on them, by name; at most ${ASSETS_MAX}`,
        params: OneCustomer,
        response: { 200: Type.Object({ items: Type.Array(AssetView) }), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      return { items: (await belongings.assets(id, ASSETS_MAX)).map(assetView) };
    },
  );

  app.get(
    "/customers/:id/users",
    {
      config: { action: "users:read" },
      schema: {
        operationId: "customerUsers",
        tags,
        description: "Its people who may sign in",
        params: OneCustomer,
        response: { 200: Type.Object({ items: Type.Array(CustomerUserView) }), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      return { items: (await belongings.users(id)).map(userOfCustomerView) };
    },
  );
};
