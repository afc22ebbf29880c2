import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CHANGE_REFUSALS, OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import { Id, SiteBody, SiteView, siteView } from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["customers"];
const OneSite = Type.Object({ id: Id, siteId: Id });

export const siteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, sites }, clock },
) => {
  app.get(
    "/customers/:id/sites",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "sites",
        tags,
        description: "Where the customer is, by name",
        params: OneCustomer,
        response: { 200: Type.Object({ items: Type.Array(SiteView) }), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      return { items: (await sites.list(id)).map(siteView) };
    },
  );

  app.post(
    "/customers/:id/sites",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "addSite",
        tags,
        description: "A place more",
        params: OneCustomer,
        body: Type.Object({ ...SiteBody, reason: Reason }),
        response: { 201: SiteView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...input } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      const added = await sites.add(id, input, actOf(request, clock.now(), reason));
      sendVersion(reply, added.version);
      return reply.code(201).send(siteView(added));
    },
  );
};

export const oneSiteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, sites }, clock },
) => {
  app.patch(
    "/customers/:id/sites/:siteId",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "changeSite",
        tags,
        description: "Changes what is given; null takes it away",
        params: OneSite,
        body: Type.Object({ ...Type.Partial(Type.Object(SiteBody)).properties, reason: Reason }),
        response: { 200: SiteView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const at = { customerId, id: request.params.siteId, version: versionAsked(request) };
      const changed = await sites.change(at, change, actOf(request, clock.now(), reason));
      sendVersion(reply, changed.version);
      return siteView(changed);
    },
  );

  app.delete(
    "/customers/:id/sites/:siteId",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "removeSite",
        tags,
        description: "Takes a site away; 409 while an asset stands there",
        params: OneSite,
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const at = { customerId, id: request.params.siteId, version: versionAsked(request) };
      await sites.remove(at, actOf(request, clock.now(), request.query.reason));
      return reply.code(204).send(null);
    },
  );
};
