import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CHANNELS, holding } from "../domain/customers/consents.ts";
import { formatNoteCursor, parseNoteCursor } from "../domain/customers/notes.ts";
import { OneCustomer, REFUSALS, requireCustomer, requireOperator } from "./customer-access.ts";
import { ConsentView, consentView, Id, NoteView, noteView } from "./customer-views.ts";
import { actOf, Reason } from "./http/caller.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { page } from "./views.ts";

const tags = ["customers"];

export const noteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, notes }, clock },
) => {
  app.get(
    "/customers/:id/notes",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "notes",
        tags,
        description: "What the operator's people noted, newest first; a customer's own get 404",
        params: OneCustomer,
        querystring: Type.Object(Paging),
        response: { 200: page(NoteView), ...REFUSALS },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      requireOperator(request, "notes of customer", id);
      const cursor = parseCursor(request.query.cursor, parseNoteCursor);
      const { items, next } = await notes.list(id, cursor, request.query.limit);
      return {
        items: items.map(noteView),
        nextCursor: next === undefined ? null : formatNoteCursor(next),
      };
    },
  );

  app.post(
    "/customers/:id/notes",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "addNote",
        tags,
        description: "Notes something down for the operator's people; it cannot be changed",
        params: OneCustomer,
        body: Type.Object({
          text: Type.String({ minLength: 1, maxLength: 10_000 }),
          reason: Reason,
        }),
        response: { 201: NoteView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { text, reason } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      const note = await notes.add(id, text, actOf(request, clock.now(), reason));
      return reply.code(201).send(noteView(note));
    },
  );
};

export const consentRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers, consents }, clock },
) => {
  app.get(
    "/customers/:id/consents",
    {
      config: { action: "customers:read" },
      schema: {
        operationId: "consents",
        tags,
        description: "Which channels it allows: what holds, and all that was ever said",
        params: OneCustomer,
        response: {
          200: Type.Object({ holding: Type.Array(ConsentView), history: Type.Array(ConsentView) }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      const { id } = await requireCustomer(request, customers, request.params.id);
      const said = await consents.list(id);
      return {
        holding: holding(said).map(consentView),
        history: said.map(consentView).reverse(),
      };
    },
  );

  app.post(
    "/customers/:id/consents",
    {
      config: { action: "customers:write" },
      schema: {
        operationId: "recordConsent",
        tags,
        description: "Records that a channel is allowed or no longer allowed, and how it was said",
        params: OneCustomer,
        body: Type.Object({
          channel: Type.Enum([...CHANNELS]),
          granted: Type.Boolean(),
          source: Type.String({ minLength: 1, maxLength: 200 }),
          contactId: Type.Optional(Id),
          reason: Reason,
        }),
        response: { 201: ConsentView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const { reason, ...input } = request.body;
      const { id } = await requireCustomer(request, customers, request.params.id);
      const consent = await consents.record(id, input, actOf(request, clock.now(), reason));
      return reply.code(201).send(consentView(consent));
    },
  );
};
