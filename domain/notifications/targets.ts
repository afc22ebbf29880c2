import { BlockList, isIP } from "node:net";

/**
 * Where somebody else's webhook may not lead: this machine, its neighbours, and what a cloud tells its own machines.
 * RFC 6890's special-purpose addresses, and the IPv6 forms that have an IPv4 address inside.
 */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3], // multicast, reserved, broadcast
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 96], // unspecified, loopback, and IPv4 inside
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv6");

/** Whether an IP address is of this machine or a network behind it; what is no address counts as one. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return PRIVATE.check(address, family === 4 ? "ipv4" : "ipv6"); // an IPv4-mapped one is checked as the IPv4 inside
}

export type TargetFault = "not-a-url" | "not-https" | "has-credentials" | "private";

/** What is wrong with an address by itself; where its name leads is looked at again at every attempt. */
export function targetFault(url: string, isPrivateAllowed: boolean): TargetFault | undefined {
  if (!URL.canParse(url)) return "not-a-url";
  const { protocol, username, password, hostname } = new URL(url);
  if (protocol !== "https:" && !(isPrivateAllowed && protocol === "http:")) return "not-https";
  if (username !== "" || password !== "") return "has-credentials";
  return isPrivateAllowed || isPublicHost(hostname) ? undefined : "private";
}

/** A name is looked up when it is used; some names are this machine's whatever the look-up says. */
function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return !isPrivateAddress(host);
  return !/(^|\.)(localhost|internal|local)\.?$/.test(host);
}
