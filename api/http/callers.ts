import type { FastifyRequest } from "fastify";
import type { Clock } from "../../base/clock.ts";
import { NotAllowedError } from "../../base/errors.ts";
import type { Identity } from "../../domain/identity/identity.ts";
import { type Caller, type Reach, reachOf } from "../../domain/identity/policy.ts";
import type { Callers } from "./caller.ts";
import { cookieOf, SESSION_COOKIE } from "./cookies.ts";

/** So long a move in the tree of customers may go unnoticed. */
const REACH_KEPT_MS = 3_000;
const REACHES_KEPT_MAX = 1_000;
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

declare module "fastify" {
  interface FastifyRequest {
    /** The browser's session, for a caller who came with one. */
    sessionId: string | undefined;
  }
}

interface CallersDeps {
  readonly identity: Pick<Identity, "keys" | "sessions" | "customersBelow">;
  readonly clock: Clock;
  /** `host[:port]` of PUBLIC_URL. */
  readonly publicHost: string | undefined;
}

/** People by the session in their cookie, programs by their key. */
export function createCallers({ identity, clock, publicHost }: CallersDeps): Callers {
  const kept = new Map<string, { readonly reach: Reach; readonly untilMs: number }>();
  return {
    async find(request) {
      const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      if (bearer !== undefined) return identity.keys.findCaller(bearer); // whoever shows a key means it
      const token = cookieOf(request, SESSION_COOKIE);
      if (token === undefined || token === "") return undefined;
      const found = await identity.sessions.find(token);
      if (found === undefined) return undefined;
      requireOwnOrigin(request, publicHost);
      request.sessionId = found.sessionId;
      return found.caller;
    },

    async reach({ customerId }: Caller) {
      if (customerId === null) return "all";
      const nowMs = clock.now();
      const before = kept.get(customerId);
      if (before !== undefined && nowMs < before.untilMs) return before.reach;
      const tree = await identity.customersBelow(customerId);
      const reach = reachOf({ customerId }, tree);
      kept.delete(customerId);
      kept.set(customerId, { reach, untilMs: nowMs + REACH_KEPT_MS });
      const [eldest] = kept.keys();
      if (kept.size > REACHES_KEPT_MAX && eldest !== undefined) kept.delete(eldest);
      return reach;
    },
  };
}

/** A page of another site may have a browser send its cookie, but not hide whose page it is. */
function requireOwnOrigin({ method, headers }: FastifyRequest, publicHost: string | undefined) {
  const { origin, host } = headers;
  if (origin === undefined || SAFE.has(method)) return;
  const from = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (from !== undefined && (from === host || from === publicHost)) return;
  throw new NotAllowedError("a page of another site may not do this in your name");
}
