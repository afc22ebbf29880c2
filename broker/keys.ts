import type { KeyReach, MqttAccess } from "../domain/identity/mqtt-access.ts";
import type { Reach } from "../domain/identity/policy.ts";
import { type Identity, isPlainId } from "./acl.ts";
import type { Authenticate, Keys } from "./members.ts";

/** Strangers who guess keys get no further than this at once; beyond, they are refused unasked. */
const ASKED_AT_ONCE_MAX = 50;

/** Users of the broker's own first; whoever else comes with a password may have an API key. */
export function authenticateKeys(authenticate: Authenticate, keys: Keys): Authenticate {
  let asking = 0;
  return async (clientId, username, password) => {
    const known = await authenticate(clientId, username, password);
    if (known !== undefined || !password || asking >= ASKED_AT_ONCE_MAX) return known;
    asking += 1;
    try {
      return await keys.find(password);
    } finally {
      asking -= 1;
    }
  };
}

export function keysOf(access: MqttAccess): Keys {
  return {
    async find(secret) {
      const found = await access.find(secret);
      return found && identityOf(found);
    },
    async current(keyIds) {
      if (keyIds.length === 0) return new Map();
      const reaches = await access.current([...new Set(keyIds)]);
      return new Map(
        [...reaches].map(([keyId, reach]) => [keyId, identityOf({ keyId, reach })] as const),
      );
    },
  };
}

const identityOf = ({ keyId, reach }: KeyReach): Identity => ({
  kind: "customer",
  keyId,
  customerIds: idsOf(reach),
});

const idsOf = (reach: Reach): "all" | readonly string[] =>
  reach === "all" ? "all" : [...reach].filter(isPlainId);
