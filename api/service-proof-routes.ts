import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFoundError } from "../base/errors.ts";
import { requireMonth } from "../domain/billing/calendar.ts";
import { EXCUSES, MISSING_CAUSES } from "../domain/billing/service-proof.ts";
import type { HeldProof, ProofCursor, ProofQuery } from "../domain/billing/service-proofs.ts";
import { REFUSALS } from "./asset-routes.ts";
import { Id, Month } from "./billing-views.ts";
import { csvLine } from "./http/csv.ts";
import { PAGE_MAX, Paging, parseCursor } from "./http/query.ts";
import type { ApiReads } from "./reads.ts";
import { ServiceProofView, serviceProofView } from "./service-proof-views.ts";
import { Address, page } from "./views.ts";

const tags = ["billing"];
const Asked = {
  month: Month,
  customer: Type.Optional(Id),
  terminal: Type.Optional(Address),
};

const INT8_MAX = 9_223_372_036_854_775_807n;

/** `address fromNs`. */
function parseProofCursor(text: string): ProofCursor | undefined {
  const match = /^(\d{1,10}) (\d{1,19})$/.exec(text);
  const fromNs = BigInt(match?.[2] ?? "0");
  return match === null || fromNs > INT8_MAX ? undefined : { address: Number(match[1]), fromNs };
}

/** What a customer holds or has held is its own; where nothing of that month is within reach there is nothing to see. */
export const serviceProofRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { serviceProofs }, clock },
) => {
  app.get(
    "/service-proofs",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "serviceProofs",
        tags,
        description:
          "What was expected and received of terminals in a month, by day, and what is missing by its cause; for each customer only while it was theirs",
        querystring: Type.Object({ ...Asked, ...Paging }),
        response: { 200: page(ServiceProofView), ...REFUSALS },
      },
    },
    async ({ query: { month, customer, terminal, cursor, limit }, reach }) => {
      const { items, next } = await serviceProofs.list({
        ...{ reach, customerId: customer, address: terminal, limit, nowMs: clock.now() },
        month: requireMonth("month", month),
        after: parseCursor(cursor, parseProofCursor),
      });
      return {
        items: items.map(serviceProofView),
        nextCursor: next === null ? null : `${next.address} ${next.fromNs}`,
      };
    },
  );
};

const CSV_COLUMNS = [
  ...["address", "terminal", "asset", "day", "expected", "received", "reports", "late"],
  ...MISSING_CAUSES.map((cause) => `missing_${cause}`),
  ...EXCUSES.map((excuse) => `excluded_${excuse}`),
];
/** A customer with more has them by the JSON. */
const CSV_TERMINALS_MAX = 5_000;

export const serviceProofCsvRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { billing: { serviceProofs }, clock },
) => {
  app.get(
    "/service-proofs/csv",
    {
      config: { action: "terminals:read" },
      schema: {
        operationId: "serviceProofsCsv",
        tags,
        description: `The same as CSV, a line a terminal and day; of at most ${CSV_TERMINALS_MAX} terminals`,
        produces: ["text/csv"],
        querystring: Type.Object(Asked),
        response: { 200: Type.Any({ description: "CSV, UTF-8" }), ...REFUSALS },
      },
    },
    async ({ query: { month, customer, terminal }, reach }, reply) => {
      const asked = {
        ...{ reach, customerId: customer, address: terminal, nowMs: clock.now() },
        month: requireMonth("month", month),
      };
      const lines = [`\ufeff${csvLine(CSV_COLUMNS)}`];
      let after: ProofCursor | undefined;
      for (let count = 0; count < CSV_TERMINALS_MAX; count += PAGE_MAX) {
        const query: ProofQuery = { ...asked, after, limit: PAGE_MAX };
        const { items, next } = await serviceProofs.unanswered(query);
        lines.push(...items.flatMap(csvOf));
        if (next === null) break;
        after = next;
      }
      if (lines.length === 1) throw new NotFoundError("service proof", month);
      reply.header("content-type", "text/csv; charset=utf-8");
      reply.header(
        "content-disposition",
        `attachment; filename="service-proof-${month}${terminal === undefined ? "" : `-${terminal}`}.csv"`,
      );
      return reply.serializer(String).send(lines.join(""));
    },
  );
};

const csvOf = ({ address, terminalName, assetName, days }: HeldProof): readonly string[] =>
  days.map(({ day, expected, received, reports, late, missing, excluded }) =>
    csvLine([
      ...[address, terminalName, assetName, day, expected, received, reports, late],
      ...MISSING_CAUSES.map((cause) => missing[cause]),
      ...EXCUSES.map((excuse) => excluded[excuse]),
    ]),
  );
