import type { DeliveryState } from "../db/tables-notifications.ts";
import type { Reach } from "../identity/policy.ts";
import type { ChannelName } from "./backoff.ts";
import type { InLanguages } from "./occasion.ts";
import type { Severity } from "./severity.ts";

export const DELIVERY_STATES = [
  "waiting",
  "sending",
  "sent",
  "delivered",
  "dead",
  "suppressed",
] as const satisfies readonly DeliveryState[];

/** A message to one person or machine, and how far it got. */
export interface LoggedDelivery {
  readonly id: string;
  readonly seq: bigint;
  readonly customerId: string | null;
  readonly recipientKind: "user" | "contact" | "webhook" | "topic";
  readonly recipientId: string;
  /** Empty once the person is gone. */
  readonly recipientName: string;
  readonly channel: ChannelName;
  readonly target: string;
  readonly language: string;
  readonly severity: Severity;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly isBundle: boolean;
  readonly items: number;
  /** Of the first notification in it. */
  readonly title: InLanguages;
  readonly kind: string;
  readonly alarmId: string | null;
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly nextAtMs: number;
  readonly sentAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly units: number;
  readonly costMicros: number;
  readonly fallbackOf: string | null;
}

export interface DeliveryAttempt {
  readonly number: number;
  readonly atMs: number;
  readonly outcome: string;
  readonly detail: string;
}

export interface LogQuery {
  readonly reach: Reach;
  readonly state?: DeliveryState | undefined;
  readonly channel?: ChannelName | undefined;
  readonly severity?: Severity | undefined;
  readonly customerId?: string | undefined;
  readonly recipientId?: string | undefined;
  readonly alarmId?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly before?: bigint | undefined;
  readonly limit: number;
}

/** What was told to whom. Out of reach is the same as not there: NotFoundError. */
export interface NotificationLog {
  list(query: LogQuery): Promise<readonly LoggedDelivery[]>;
  /** How many dead letters there are within reach, counted to 1,000. */
  deadCount(reach: Reach): Promise<number>;
  find(
    id: string,
    reach: Reach,
  ): Promise<LoggedDelivery & { readonly history: readonly DeliveryAttempt[] }>;
}
