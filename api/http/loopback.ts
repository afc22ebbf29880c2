import { isIPv4, isIPv6 } from "node:net";
import { InvalidConfigError } from "../../base/errors.ts";

/** Whether an address or name can only be reached from this machine (RFC 1122 3.2.1.3, RFC 4291 2.5.3, RFC 6761 6.3). */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIPv4(host)) return host.startsWith("127.");
  return isIPv6(host) && (host === "::1" || host === "0:0:0:0:0:0:0:1");
}

/**
 * Other machines reach the console only where PUBLIC_URL says under which name: it is what the Host header is held
 * against, and TLS in front of it is what keeps the session's cookie a secret.
 */
export function requireReachable(host: string, publicUrl: string | undefined): void {
  if (publicUrl !== undefined && !URL.canParse(publicUrl))
    throw new InvalidConfigError(["PUBLIC_URL must be a URL such as https://hopline.example.org"]);
  if (isLoopback(host) || publicUrl !== undefined) return;
  throw new InvalidConfigError([
    `HTTP_HOST is ${host}, which other machines can reach: set PUBLIC_URL to the address at which they do, such as https://hopline.example.org, or HTTP_HOST to a loopback address: 127.0.0.1, ::1 or localhost`,
  ]);
}

/** `host[:port]` as browsers send it; none without PUBLIC_URL. */
export const publicHostOf = (publicUrl: string | undefined): string | undefined =>
  publicUrl === undefined ? undefined : new URL(publicUrl).host;

/**
 * Whether the Host header of a request names this machine or PUBLIC_URL. A page of another site that had its own
 * name resolve to this machine (DNS rebinding) would otherwise be taken for ours.
 */
export function isOwnHost(hostHeader: string | undefined, publicHost?: string): boolean {
  if (hostHeader === undefined) return false;
  if (publicHost !== undefined && hostHeader.toLowerCase() === publicHost) return true;
  return isLoopback(hostHeader.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
}
