import type { Reach } from "./policy.ts";

/** What a customer's own system may hear by an API key. */
export interface MqttAccess {
  /** Whose topics this key opens now; undefined for one that is unknown, over, or has no `mqtt:read`. */
  find(secret: string): Promise<KeyReach | undefined>;
  /** The same of keys found before, as of now; one that is over is missing. */
  current(keyIds: readonly string[]): Promise<ReadonlyMap<string, Reach>>;
}

export interface KeyReach {
  readonly keyId: string;
  readonly reach: Reach;
}
