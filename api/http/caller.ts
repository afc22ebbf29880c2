import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { NotFoundError } from "../../base/errors.ts";
import type { Act } from "../../domain/identity/audit.ts";
import { type Caller, isWithin, mayDo, type Reach } from "../../domain/identity/policy.ts";
import type { Action } from "../../domain/identity/roles.ts";
import { sendProblem } from "./problem.ts";

/** What a route asks of whoever calls it: an action of the policy, to be signed in, or nothing. */
export type RouteAction = Action | "signed-in" | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    action?: RouteAction;
  }
  interface FastifyRequest {
    /** Whoever asks; undefined for a stranger, who gets public routes only. */
    caller: Caller | undefined;
    /** Whose things the caller may see; nobody's for a stranger. */
    reach: Reach;
  }
}

export interface Callers {
  /** The caller whom the request's cookie or key proves, if any. */
  find(request: FastifyRequest): Promise<Caller | undefined>;
  /** Whose things this caller may see at this moment. */
  reach(caller: Caller): Promise<Reach>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Asks the policy before every route. A route of the API that names no action cannot be registered. */
export function askPolicy(app: FastifyInstance, callers: Callers): void {
  app.decorateRequest("caller", undefined);
  app.decorateRequest("sessionId", undefined);
  app.decorateRequest("reach");
  app.addHook("onRoute", ({ url, config, method }) => {
    if (url.startsWith("/api/") && config?.action === undefined)
      throw new Error(`${String(method)} ${url} names no action for the policy`);
  });
  app.addHook("onRequest", async (request, reply) => {
    request.reach = NOBODY;
    const action = request.routeOptions.config.action;
    if (action === undefined) return undefined; // the console's own files
    const caller = await callers.find(request);
    request.caller = caller;
    if (caller !== undefined) request.reach = await callers.reach(caller);
    if (action === "public") return undefined;
    if (caller === undefined)
      return sendProblem(reply.header("www-authenticate", 'Bearer realm="hopline"'), {
        status: 401,
        code: "not_signed_in",
        detail: "Sign in, or send an API key as `Authorization: Bearer …`",
      });
    if (action === "signed-in") return undefined;
    if (caller.mustChangePassword === true)
      return sendProblem(reply, {
        status: 403,
        code: "password_change_required",
        detail: "Change your password first: somebody else has made it",
      });
    if (mayDo(caller, action)) return undefined;
    return sendProblem(reply, {
      status: 403,
      code: "not_allowed",
      detail: `${caller.name} may not do this (${action})`,
    });
  });
}

/** Whoever asks, on a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Error("a route that asks for its caller is public");
  return request.caller;
}

/** What the audit log is told of a request. */
export function actOf(request: FastifyRequest, atMs: number, reason?: string): Act {
  const { kind, id, name } = callerOf(request);
  return { actor: { kind, id, name }, atMs, reason, requestId: request.id, ip: request.ip };
}

/** A thing out of reach does not exist for the caller: the same 404 as for one that nobody has. */
export function requireWithin(
  { reach }: FastifyRequest,
  customerId: string | null,
  what: string,
  id: string,
): void {
  if (!isWithin(reach, customerId)) throw new NotFoundError(what, id);
}

/** Why it is done, in the words of whoever does it; kept in the audit log. */
export const Reason = Type.Optional(
  Type.String({ maxLength: 500, description: "why, for the audit log" }),
);
