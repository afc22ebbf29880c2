import type { FastifyInstance } from "fastify";
import { InvalidInputError } from "../../base/errors.ts";

/** PostgreSQL's text cannot hold NUL, nor its JSON half a character: it would answer with an error of its own. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook("preHandler", async ({ params, query, body }) => {
    for (const [name, value] of Object.entries({ ...asRecord(params), ...asRecord(query) }))
      refuseNulIn(name, value);
    if (!isJson(body)) return; // bytes and streams are read by their routes
    for (const [name, value] of Object.entries(body)) refuseNulIn(name, value);
  });
}

/** As deep as a body goes; the parser has bounded its length and with it its depth. */
function refuseNulIn(name: string, given: unknown): void {
  const open: unknown[] = [given];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string" && value.includes("\0"))
      throw new InvalidInputError(name, `${name} must be text without NUL`);
    if (typeof value === "string" && !value.isWellFormed())
      throw new InvalidInputError(name, `${name} must be text without halves of characters`);
    if (typeof value === "object" && value !== null) {
      if (Object.keys(value).some((key) => key.includes("\0") || !key.isWellFormed()))
        throw new InvalidInputError(name, `${name} must be named by text without NUL`);
      for (const each of Object.values(value)) open.push(each);
    }
  }
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

const isJson = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && isPlain(Object.getPrototypeOf(value)));

const isPlain = (prototype: unknown): boolean =>
  prototype === null || prototype === Object.prototype;
