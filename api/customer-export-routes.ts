import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { CUSTOMER_COLUMNS } from "../domain/customers/customer-lines.ts";
import type { Customers, ExportedCustomer } from "../domain/customers/customers.ts";
import type { Reach } from "../domain/identity/policy.ts";
import { REFUSALS } from "./customer-access.ts";
import { csvLine } from "./http/csv.ts";
import type { ApiReads } from "./reads.ts";

export const customerExportRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { customerDesk: { customers } },
) => {
  app.get(
    "/customers/export",
    {
      config: { action: "customers:import" },
      schema: {
        operationId: "customersExport",
        tags: ["customers"],
        description: "All customers as CSV, with the columns that the import takes",
        produces: ["text/csv"],
        response: { 200: Type.Any({ description: "CSV, UTF-8" }), ...REFUSALS },
      },
    },
    async ({ reach }, reply) => {
      reply.header("content-type", "text/csv; charset=utf-8");
      reply.header("content-disposition", 'attachment; filename="customers.csv"');
      return reply.serializer(String).send(Readable.from(lines(customers, reach)));
    },
  );
};

const COLUMNS: Readonly<Record<string, (customer: ExportedCustomer) => string | null>> = {
  number: ({ number }) => number,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  parent_number: ({ parentNumber }) => parentNumber,
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  address: ({ address }) => address,
  tax_id: ({ taxId }) => taxId,
  language: ({ language }) => language,
  time_zone: ({ timeZone }) => timeZone,
  tags: ({ tags }) => tags.join(";"),
};

async function* lines(customers: Customers, reach: Reach): AsyncGenerator<string> {
  const names = CUSTOMER_COLUMNS.map(({ name }) => name);
  yield `\ufeff${csvLine(names)}`;
  for await (const some of customers.export(reach))
    yield some
      .filter(({ erasedAtMs }) => erasedAtMs === null)
      .map((customer) => csvLine(names.map((name) => COLUMNS[name]?.(customer) ?? null)))
      .join("");
}
