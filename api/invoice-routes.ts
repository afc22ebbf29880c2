import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { dayAt } from "../domain/billing/calendar.ts";
import {
  INVOICE_STATES,
  type Invoice,
  type InvoiceSummary,
  type Invoices,
} from "../domain/billing/invoices.ts";
import { REFUSALS } from "./asset-routes.ts";
import { closed, Id, InvoiceDetailView, InvoiceView, Money } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { sendVersion } from "./http/etag.ts";
import { Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { page } from "./views.ts";

const tags = ["billing"];
const IDS_MAX = 500;
export const InvoiceParams = Type.Object({ id: Id });
const ReasonText = Type.String({ minLength: 1, maxLength: 500 });

const summaryView = (one: InvoiceSummary): Static<typeof InvoiceView> => ({
  ...one,
  createdAt: one.createdAt.toISOString(),
  issuedAt: one.issuedAt?.toISOString() ?? null,
});

export const invoiceView = ({
  document,
  parties,
  mail,
  ...summary
}: Invoice): Static<typeof InvoiceDetailView> => ({
  ...summaryView(summary),
  reason: document.reason ?? null,
  mail: mail && { ...mail, sentAt: mail.sentAt?.toISOString() ?? null },
  issuer: parties.issuer,
  customer: parties.customer,
  lines: [...document.lines],
});

/** `createdMs.id`; an id holds no blank. */
export function parseCreatedCursor(
  text: string,
): { readonly createdMs: number; readonly id: string } | undefined {
  const match = /^(\d{1,15}) (\S{1,120})$/.exec(text);
  return match === null ? undefined : { createdMs: Number(match[1]), id: match[2] ?? "" };
}
export const createdCursor = (
  items: readonly { readonly createdAt: Date; readonly id: string }[],
  limit: number,
): string | null => {
  const last = items.at(-1);
  return items.length < limit || last === undefined
    ? null
    : `${last.createdAt.getTime()} ${last.id}`;
};

export async function requiredInvoice(
  invoices: Invoices,
  { reach }: FastifyRequest,
  id: string,
  nowMs: number,
): Promise<Invoice> {
  const found = await invoices.find(id, reach, dayAt(nowMs, "UTC"));
  if (found === undefined) throw new NotFoundError("invoice", id);
  return found;
}

export const invoiceRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { invoices }, clock },
) => {
  app.get(
    "/billing/invoices",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "invoices",
        tags,
        description: "Invoices and notes, the newest first; drafts are the operator's alone",
        querystring: Type.Object({
          customer: Type.Optional(Id),
          run: Type.Optional(Id),
          state: Type.Optional(Type.Enum([...INVOICE_STATES])),
          number: Type.Optional(Type.String({ maxLength: 40, description: "the whole of it" })),
          ...Paging,
        }),
        response: { 200: page(InvoiceView), ...REFUSALS },
      },
    },
    async ({ query: { customer, run, state, number, cursor, limit }, reach }) => {
      const items = await invoices.list({
        ...{ reach, customerId: customer, runId: run, state, number, limit },
        before: parseCursor(cursor, parseCreatedCursor),
        today: dayAt(clock.now(), "UTC"),
      });
      return { items: items.map(summaryView), nextCursor: createdCursor(items, limit) };
    },
  );

  app.get(
    "/billing/invoices/:id",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "invoice",
        tags,
        description: "One invoice with its lines; once it is issued it never changes",
        params: InvoiceParams,
        response: { 200: InvoiceDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const found = await requiredInvoice(invoices, request, request.params.id, clock.now());
      sendVersion(reply, found.version);
      return invoiceView(found);
    },
  );
};

const Choice = Type.Object(
  {
    ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: IDS_MAX })),
    runId: Type.Optional(Id),
  },
  { ...closed, description: "either some, or all of a month close" },
);
const Changed = Type.Object({ changed: Type.Integer() });

export const invoiceWorkRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { invoices }, clock },
) => {
  for (const [deed, operationId, description] of [
    ["approve", "approveInvoices", "Drafts that a person has looked at"],
    ["issue", "issueInvoices", "Numbers, freezes and books those that are approved"],
  ] as const)
    app.post(
      `/billing/invoices/${deed}`,
      {
        config: { action: "billing:write" },
        schema: {
          operationId,
          tags,
          description,
          body: Choice,
          response: { 200: Changed, ...REFUSALS },
        },
      },
      async (request) => ({
        changed: await invoices[deed](request.body, actOf(request, clock.now())),
      }),
    );

  app.delete(
    "/billing/invoices/:id",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "discardInvoice",
        tags,
        description: "Throws a draft away; its account is parked in its month close",
        params: InvoiceParams,
        response: { 204: Type.Null(), ...REFUSALS },
      },
    },
    async (request, reply) => {
      await invoices.discard(request.params.id, actOf(request, clock.now()));
      return reply.code(204).send(null);
    },
  );
};

export const invoiceNoteRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { invoices }, clock },
) => {
  app.post(
    "/billing/invoices/:id/notes",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "addInvoiceNote",
        tags,
        description: "A credit or debit note that corrects an issued invoice; issued at once",
        params: InvoiceParams,
        body: Type.Object(
          {
            kind: Type.Enum(["credit-note", "debit-note"]),
            lines: Type.Array(Type.Object({ position: Type.Integer(), net: Money }, closed), {
              minItems: 1,
              maxItems: IDS_MAX,
            }),
            reason: ReasonText,
          },
          closed,
        ),
        response: { 201: InvoiceDetailView, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock.now(), request.body.reason);
      const note = await invoices.note(request.params.id, request.body, act);
      return reply.code(201).send(invoiceView(note));
    },
  );

  app.post(
    "/billing/invoices/:id/void",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "voidInvoice",
        tags,
        description: "A credit note of all of it; only while nothing was paid or credited for it",
        params: InvoiceParams,
        body: Type.Object({ reason: ReasonText }, closed),
        response: { 200: InvoiceDetailView, ...REFUSALS },
      },
    },
    async (request) => {
      const { reason } = request.body;
      const act = actOf(request, clock.now(), reason);
      return invoiceView(await invoices.void(request.params.id, reason, act));
    },
  );
};
