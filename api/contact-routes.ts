import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CHANGE_REFUSALS, OneCustomer, REFUSALS, requireCustomer } from "./customer-access.ts";
import { ContactBody, ContactView, contactView, Id } from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { sendVersion, versionAsked } from "./http/etag.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["customers"];
const OneContact = Type.Object({ id: Id, contactId: Id });

export const contactRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, contacts }, clock },
) => {
  app.get(
    "/customers/:id/contacts",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "contacts",
        tags,
        description: "Whom one speaks to, by name",
        params: OneCustomer,
        response: { 200: Type.Object({ items: Type.Array(ContactView) }), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      return { items: (await contacts.list(id)).map(contactView) };
    },
  );

  app.post(
    "/customers/:id/contacts",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "addContact",
        tags,
        description: "Somebody more to speak to",
        params: OneCustomer,
        body: Type.Object({ ...ContactBody, reason: Reason }),
        response: { 201: ContactView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...input } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      const added = await contacts.add(id, input, actOf(request, clock.now(), reason));
      sendVersion(reply, added.version);
      return reply.code(201).send(contactView(added));
    },
  );
};

export const oneContactRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, contacts }, clock },
) => {
  app.patch(
    "/customers/:id/contacts/:contactId",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "changeContact",
        tags,
        description: "Changes what is given; null takes it away",
        params: OneContact,
        body: Type.Object({ ...Type.Partial(Type.Object(ContactBody)).properties, reason: Reason }),
        response: { 200: ContactView, ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...change } = request.body;
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const at = { customerId, id: request.params.contactId, version: versionAsked(request) };
      const changed = await contacts.change(at, change, actOf(request, clock.now(), reason));
      sendVersion(reply, changed.version);
      return contactView(changed);
    },
  );

  app.delete(
    "/customers/:id/contacts/:contactId",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "removeContact",
        tags,
        description: "Takes a contact away",
        params: OneContact,
        querystring: Type.Object({ reason: Reason }),
        response: { 204: Type.Null(), ...CHANGE_REFUSALS },
      },
    },
    async (request, reply) => {
      const { id: customerId } = await requireCustomer(request, customers, request.params.id);
      const at = { customerId, id: request.params.contactId, version: versionAsked(request) };
      await contacts.remove(at, actOf(request, clock.now(), request.query.reason));
      return reply.code(204).send(null);
    },
  );
};
