import { createHash, timingSafeEqual } from "node:crypto";

/** Which secret each gateway may come in with; a retired or revoked one has none. */
export type GatewaySecrets = ReadonlyMap<string, string>;

export interface GatewayCredentials {
  /** The gateway whom this name and secret prove, in equal time whoever asks. */
  identify(username: string | undefined, password: string | undefined): string | undefined;
  /** Looks again; answers the gateways whose secret is not what it was, so that they are cut off. */
  refresh(): Promise<readonly string[]>;
}

export const secretHash = (secret: string): string =>
  createHash("sha256").update(secret, "utf8").digest("hex");

/** Held in memory, because a broker asks at every connection and must not wait for a database that is away. */
export function createGatewayCredentials(load: () => Promise<GatewaySecrets>): GatewayCredentials {
  const nobody = secretHash("");
  let known: GatewaySecrets = new Map();
  return {
    identify(username, password) {
      if (username === undefined || !password) return undefined;
      const hash = known.get(username);
      const expected = new TextEncoder().encode(hash ?? nobody);
      const given = new TextEncoder().encode(secretHash(password));
      return timingSafeEqual(expected, given) && hash !== undefined ? username : undefined;
    },

    async refresh() {
      const before = known;
      known = await load();
      return [...before].filter(([id, hash]) => known.get(id) !== hash).map(([id]) => id);
    },
  };
}
