import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

export const REQUEST_ID_HEADER = "x-request-id";

/** What a caller may name a request by; anything else could forge log lines or fill the audit log. */
const GIVEN = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's own id of a request, so that both logs say the same, or one of ours. */
export function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === "string" && GIVEN.test(given) ? given : randomUUID();
}

/** Every answer says which request it is the answer to; the log and the audit log name it alike. */
export function tellRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
  });
}
