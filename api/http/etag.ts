import type { FastifyReply, FastifyRequest } from "fastify";
import { InvalidInputError, StaleError } from "../../base/errors.ts";

/** RFC 9110 8.8.3: a strong tag of a thing's version. */
export const etagOf = (version: number): string => `"${version}"`;

/** Says which version this answer shows. */
export function sendVersion(reply: FastifyReply, version: number): void {
  reply.header("etag", etagOf(version));
}

/**
 * The version that a change was made from (`If-Match`, RFC 9110 13.1.1); undefined where the caller gives none or `*`.
 * Throws an InvalidInputError when it is no tag of ours.
 */
export function versionAsked({ headers }: FastifyRequest): number | undefined {
  const tag = headers["if-match"];
  if (tag === undefined || tag === "*") return undefined;
  const version = /^"(\d{1,9})"$/.exec(tag)?.[1];
  if (version === undefined)
    throw new InvalidInputError(
      "if-match",
      'If-Match must be the ETag that was given, such as "3"',
    );
  return Number(version);
}

/** Throws a StaleError when somebody else changed it meanwhile. */
export function requireVersion(what: string, asked: number | undefined, actual: number): void {
  if (asked !== undefined && asked !== actual) throw new StaleError(what, asked, actual);
}
