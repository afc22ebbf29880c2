import type { FastifyReply, FastifyRequest } from "fastify";

export const SESSION_COOKIE = "hopline_session";

/** RFC 6265 5.4, of a header that anybody may have written; the first of a name counts. */
export function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  for (const pair of (headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** No script reads it, no other site sends it, and over TLS alone where there is TLS. */
function cookieText(value: string, maxAgeS: number, isSecure: boolean): string {
  const parts = [`${SESSION_COOKIE}=${value}`, "Path=/", "HttpOnly", "SameSite=Strict"];
  return [...parts, `Max-Age=${maxAgeS}`, ...(isSecure ? ["Secure"] : [])].join("; ");
}

export function sendSession(
  reply: FastifyReply,
  token: string,
  lastsMs: number,
  isSecure: boolean,
): void {
  reply.header("set-cookie", cookieText(token, Math.floor(lastsMs / 1_000), isSecure));
}

export function dropSession(reply: FastifyReply, isSecure: boolean): void {
  reply.header("set-cookie", cookieText("", 0, isSecure));
}
