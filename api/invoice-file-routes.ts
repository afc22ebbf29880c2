import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { invoiceFileName, invoiceLanguage } from "../domain/billing/invoice-pdf.ts";
import type { Invoice } from "../domain/billing/invoices.ts";
import { formatAmount } from "../domain/billing/money.ts";
import { LANGUAGES } from "../domain/notifications/occasion.ts";
import { REFUSALS } from "./asset-routes.ts";
import { InvoiceDetailView } from "./billing-views.ts";
import { actOf } from "./http/caller.ts";
import { csvLine } from "./http/csv.ts";
import { InvoiceParams, invoiceView, requiredInvoice } from "./invoice-routes.ts";
import type { ApiReads } from "./reads.ts";

const tags = ["billing"];

export const invoiceCsvRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { invoices }, clock },
) => {
  app.get(
    "/billing/invoices/:id/csv",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "invoiceCsv",
        tags,
        description: "Its lines as CSV, amounts in major units",
        produces: ["text/csv"],
        params: InvoiceParams,
        response: { 200: Type.Any({ description: "CSV, UTF-8" }), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const found = await requiredInvoice(invoices, request, request.params.id, clock.now());
      reply.header("content-type", "text/csv; charset=utf-8");
      reply.header(
        "content-disposition",
        `attachment; filename="${invoiceFileName(found, "csv")}"`,
      );
      return reply.serializer(String).send(csvOf(found));
    },
  );
};

const CSV_COLUMNS =
  "position,kind,plan,version,item,metric,from,to,quantity,late,included,net,tax_percent,tax,currency";

function csvOf({ document: { lines, currency } }: Invoice): string {
  const amount = (minor: number): string => formatAmount(currency, minor);
  return [
    `\ufeff${csvLine(CSV_COLUMNS.split(","))}`,
    ...lines.map((line) =>
      csvLine([
        ...[line.position, line.kind, line.planCode, line.planVersion, line.item, line.metric],
        ...[line.from, line.to, line.quantity, line.late, line.included],
        // a credit's sign is no formula: it is a number to a spreadsheet, and must stay one
        ...[
          Number(amount(line.net)),
          line.taxBasisPoints / 100,
          Number(amount(line.tax)),
          currency,
        ],
      ]),
    ),
  ].join("");
}

export const invoicePdfRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { invoices, pdf }, clock },
) => {
  app.get(
    "/billing/invoices/:id/pdf",
    {
      config: { action: "billing:read" },
      schema: {
        operationId: "invoicePdf",
        tags,
        description:
          "The invoice as it is printed, in the customer's language unless another is named",
        produces: ["application/pdf"],
        params: InvoiceParams,
        querystring: Type.Object({ language: Type.Optional(Type.Enum([...LANGUAGES])) }),
        response: { 200: Type.Unknown({ description: "PDF" }), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const found = await requiredInvoice(invoices, request, request.params.id, clock.now());
      const { language = invoiceLanguage(found.parties.customer.language) } = request.query;
      const bytes = await pdf(found, language);
      return reply
        .type("application/pdf")
        .header("content-disposition", `inline; filename="${invoiceFileName(found, "pdf")}"`)
        .send(bytes);
    },
  );

  app.post(
    "/billing/invoices/:id/mail",
    {
      config: { action: "billing:write" },
      schema: {
        operationId: "mailInvoice",
        tags,
        description: "E-mails it once more; each issued invoice is mailed once by itself",
        params: InvoiceParams,
        response: { 200: InvoiceDetailView, ...REFUSALS },
      },
    },
    async (request) =>
      invoiceView(await invoices.mailAgain(request.params.id, actOf(request, clock.now()))),
  );
};
