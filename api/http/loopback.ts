import { isIPv4, isIPv6 } from "node:net";
import { InvalidConfigError } from "../../base/errors.ts";

/** Whether an address or name can only be reached from this machine (RFC 1122 3.2.1.3, RFC 4291 2.5.3, RFC 6761 6.3). */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIPv4(host)) return host.startsWith("127.");
  return isIPv6(host) && (host === "::1" || host === "0:0:0:0:0:0:0:1");
}

/** Nobody signs in yet, so nobody outside this machine may reach the console. */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new InvalidConfigError([
    `HTTP_HOST is ${host}, which other machines can reach; until sign-in exists only a loopback address is allowed: 127.0.0.1, ::1 or localhost`,
  ]);
}

/**
 * Whether the Host header of a request names this machine. A page of another site that had its own
 * name resolve to 127.0.0.1 (DNS rebinding) would otherwise read everything that needs no sign-in.
 */
export function isOwnHost(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined) return false;
  return isLoopback(hostHeader.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
}
