import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";
import type { Claim, ClaimedKey, KeptAnswers } from "../../domain/identity/kept-answers.ts";
import { sendProblem } from "./problem.ts";

export const IDEMPOTENCY_HEADER = "idempotency-key";
const REPLAYED_HEADER = "idempotency-replayed";
const KEY = /^[A-Za-z0-9._:-]{8,128}$/;

/**
 * Operations that take no key, by operationId. Their answers hold secrets that are shown once, or their requests hold
 * passwords, and neither may be kept; or they set the session's cookie; or the body is a stream that is read once.
 * A key on one of these is refused, for whoever sends one relies on it.
 */
export const NOT_OFFERED: ReadonlySet<string> = new Set([
  "signIn",
  "signOut",
  "demoSignIn",
  "changePassword",
  "beginSecondFactor",
  "confirmSecondFactor",
  "removeSecondFactor",
  "createUser",
  "resetUser",
  "createKey",
  "rotateKey",
  "addWebhook",
  "rotateWebhookSecret",
  "issueGatewaySecret",
  "shareRecovery",
  "importTerminals",
  "importCustomers",
]);

export const isOffered = (operationId: string | undefined): boolean =>
  operationId !== undefined && !NOT_OFFERED.has(operationId);

/** What says where an answer belongs goes out again with it. */
const KEPT_HEADERS = ["content-type", "etag", "location"] as const;

declare module "fastify" {
  interface FastifyRequest {
    /** The Idempotency-Key that this request holds while it is under way. */
    claimedKey: ClaimedKey | undefined;
  }
}

interface IdempotencyDeps {
  readonly answers: KeptAnswers;
  readonly clock: Clock;
}

/** `Idempotency-Key` on POST: the same request again gets the stored answer and is not done again. */
export function offerIdempotency(app: FastifyInstance, { answers, clock }: IdempotencyDeps): void {
  app.decorateRequest("claimedKey", undefined);

  // the last before the handler: who may not ask, or asks wrongly, uses up no key
  app.addHook("preHandler", async (request, reply) => {
    const key = request.headers[IDEMPOTENCY_HEADER];
    if (key === undefined || request.method !== "POST") return undefined;
    if (!isOffered(request.routeOptions.schema?.operationId) || request.caller === undefined)
      return refuse(
        reply,
        400,
        "idempotency_not_offered",
        "This request takes no Idempotency-Key: what it carries is not kept. Leave the header out",
      );
    if (typeof key !== "string" || !KEY.test(key))
      return refuse(
        reply,
        400,
        "invalid_input",
        "Idempotency-Key must be 8 to 128 of A-Z, a-z, 0-9, '.', '_', ':' and '-'",
      );
    const claimed = { callerId: request.caller.id, key, requestSha256: hashOf(request) };
    const claim = await answers.claim(claimed, clock.now());
    if (claim.kind !== "claimed") return answerAgain(reply, claim);
    request.claimedKey = claimed;
    return undefined;
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const { claimedKey } = request;
    if (claimedKey === undefined) return payload;
    request.claimedKey = undefined; // an error while sending runs this hook again
    try {
      if (reply.statusCode < 300)
        await answers.keep(claimedKey, {
          status: reply.statusCode,
          headers: headersOf(reply),
          text: typeof payload === "string" ? payload : "",
        });
      // a refusal has changed nothing; after a 500 nobody can be sure, and the key stays used
      else if (reply.statusCode !== 500) await answers.release(claimedKey);
    } catch (error) {
      request.log.error({ err: error }, "an answer could not be kept for its Idempotency-Key");
    }
    return payload;
  });
}

/** What makes two requests the same: what is asked of what, from which version. */
function hashOf({ method, url, headers, body }: FastifyRequest): string {
  const parts = [method, url, headers["if-match"] ?? null, body ?? null];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

const refuse = (reply: FastifyReply, status: number, code: string, detail: string): FastifyReply =>
  sendProblem(reply, { status, code, detail, field: IDEMPOTENCY_HEADER });

function answerAgain(reply: FastifyReply, claim: Exclude<Claim, { kind: "claimed" }>) {
  switch (claim.kind) {
    case "kept":
      return reply
        .code(claim.answer.status)
        .headers({ ...claim.answer.headers, [REPLAYED_HEADER]: "true" })
        .serializer(String)
        .send(claim.answer.text);
    case "too-long":
      return refuse(
        reply,
        409,
        "idempotency_answer_not_kept",
        "The request with this Idempotency-Key was done; its answer was too long to be kept",
      );
    case "under-way":
      return refuse(
        reply.header("retry-after", "1"),
        409,
        "idempotency_under_way",
        "The request with this Idempotency-Key is under way; ask again for its answer",
      );
    case "unknown":
      return refuse(
        reply,
        409,
        "idempotency_outcome_unknown",
        "The request with this Idempotency-Key was broken off; look whether it was done before you send it with another key",
      );
    case "other-request":
      return refuse(
        reply,
        422,
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request in the last 24 hours; make a new key for each request",
      );
  }
}
