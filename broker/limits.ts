import type { RateLimit } from "./rate-limit.ts";

export interface BrokerLimits {
  readonly connectionsMax: number;
  readonly connectionsPerIdentityMax: number;
  readonly packetBytesMax: number;
  readonly clientIdBytesMax: number;
  readonly topicBytesMax: number;
  readonly topicLevelsMax: number;
  readonly subscriptionsPerClientMax: number;
  readonly publishes: RateLimit;
  /** How often it is asked what a key that is connected may still hear. */
  readonly keysAskedEveryMs: number;
}

export const BROKER_LIMITS: BrokerLimits = {
  connectionsMax: 10_000,
  connectionsPerIdentityMax: 20,
  packetBytesMax: 262_144, // a gateway's state with many modems, or 64 k of receipts, is far below
  clientIdBytesMax: 128,
  topicBytesMax: 256,
  topicLevelsMax: 12,
  subscriptionsPerClientMax: 100,
  publishes: { perSecond: 2000, burst: 4000 },
  keysAskedEveryMs: 2_000,
};
