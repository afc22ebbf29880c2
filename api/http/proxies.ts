import { isIP } from "node:net";
import { InvalidConfigError } from "../../base/errors.ts";

/** Addresses and networks of proxies, or whether the one at this hop, 0 the nearest, is one. */
export type TrustedProxies = string[] | ((address: string, hop: number) => boolean);

const NAMES: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);

/** What TRUST_PROXY says. Throws an InvalidConfigError that names each part which is no address or network. */
export function trustedProxiesOf(setting: string | undefined): TrustedProxies | undefined {
  if (setting === undefined) return undefined;
  if (/^[1-9]$/.test(setting)) {
    // a number as such is not taken by Fastify: whoever can reach the port past the proxy could say anything
    return (_address, hop) => hop < Number(setting);
  }
  const parts = setting.split(",");
  const wrong = parts.filter((part) => !NAMES.has(part) && !isNetwork(part));
  if (wrong.length === 0) return parts;
  throw new InvalidConfigError(
    wrong.map((part) => `TRUST_PROXY: ${part} is no IP address and no network such as 10.0.0.0/8`),
  );
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  const most = family === 4 ? 32 : 128;
  // all addresses would be everybody's word, which is what the setting is there to prevent
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most;
}
