import type { FastifyInstance } from "fastify";
import { InvalidInputError } from "../../base/errors.ts";

/** PostgreSQL's text cannot hold NUL: it would answer with an error of its own. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook("preHandler", async ({ params, query }) => {
    for (const [name, value] of Object.entries({ ...asRecord(params), ...asRecord(query) })) {
      if (typeof value === "string" && value.includes("\0"))
        throw new InvalidInputError(name, `${name} must be text without NUL`);
    }
  });
}

/** A filter with a slip in its name would be passed over, and everything answered as if it had been asked for. */
export function refuseUnknown(app: FastifyInstance): void {
  app.addHook("onRoute", ({ schema }) => {
    const query = schema?.querystring;
    if (schema && typeof query === "object" && query !== null)
      schema.querystring = { ...query, additionalProperties: false };
  });
}

const asRecord = (value: unknown): object =>
  typeof value === "object" && value !== null ? value : {};
