import type { Client } from "aedes";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Grants, Identity } from "./acl.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Pace } from "./rate-limit.ts";

export type Authenticate = (
  clientId: string,
  username: string | undefined,
  password: string | undefined,
) => Identity | undefined | Promise<Identity | undefined>;

/** API keys as the broker asks for them. */
export interface Keys {
  find(secret: string): Promise<Identity | undefined>;
  /** Of keys found before: who they are now; one that is over is missing. */
  current(keyIds: readonly string[]): Promise<ReadonlyMap<string, Identity>>;
}

export interface BrokerCounters {
  refusedConnections: number;
  refusedPublishes: number;
  refusedSubscriptions: number;
  refusedPackets: number;
  slowedPublishes: number;
}

/** Where a test may stop the process: no message of a client may be lost for good by it, or change what is stored. */
export const BROKER_STEPS = ["publish-allowed", "publish-forwarding", "publish-forwarded"] as const;
export type BrokerStep = (typeof BROKER_STEPS)[number];

export interface LiveClient {
  readonly client: Client;
  readonly identity: Identity;
}

/** A client that has proven who it is. */
export interface Member {
  readonly identity: Identity;
  readonly grants: Grants;
  readonly filters: Set<string>;
  pace: Pace;
}

interface Waiting {
  readonly client: Client;
  readonly dueMs: number;
  readonly allow: () => void;
}

export interface BrokerDeps {
  readonly authenticate: Authenticate;
  readonly limits: BrokerLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly faultPoint: (step: BrokerStep) => void;
  /** API keys of customers' own systems, looked at again now and then. */
  readonly keys?: Keys | undefined;
}

/** What is known of who is in, for all that looks at them. */
export interface Parts extends BrokerDeps {
  readonly members: WeakMap<Client, Member>;
  readonly wills: WeakMap<Client, { topic: string; retain: boolean }>;
  readonly live: Map<string, LiveClient>;
  readonly waiting: Waiting[];
  readonly counters: BrokerCounters;
}
