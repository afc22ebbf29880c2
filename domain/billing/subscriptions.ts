import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Day } from "./calendar.ts";
import type { ChosenAddOn, Subscription, SubscriptionState } from "./subscription.ts";

export interface StoredSubscription extends Subscription {
  readonly customerName: string;
  readonly planId: string;
  readonly planCode: string;
  readonly planVersion: number;
  readonly address: number | null;
  readonly terminalName: string | null;
  /** Today at the customer's. */
  readonly state: SubscriptionState;
  readonly version: number;
}

export interface SubscriptionInput {
  readonly customerId: string;
  readonly planId: string;
  readonly addOns: readonly ChosenAddOn[];
  readonly address: number | null;
  /** null: on the day on which its terminal is accepted. */
  readonly startsOn: Day | null;
}

export type SubscriptionDeed =
  | {
      readonly kind: "move";
      readonly day: Day;
      readonly planId: string;
      readonly addOns: readonly ChosenAddOn[];
    }
  | { readonly kind: "pause" | "resume" | "end"; readonly day: Day }
  | { readonly kind: "swap"; readonly day: Day; readonly address: number };

export interface SubscriptionQuery {
  readonly reach: Reach;
  readonly customerId?: string | undefined;
  readonly address?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly nowMs: number;
}

export interface Subscriptions {
  /** By id. */
  list(query: SubscriptionQuery): Promise<readonly StoredSubscription[]>;
  find(id: string, reach: Reach, nowMs: number): Promise<StoredSubscription | undefined>;
  /** Throws a ConflictError where the terminal has one already, or the customer no account. */
  add(input: SubscriptionInput, act: Act): Promise<StoredSubscription>;
  change(
    at: { readonly id: string; readonly version: number | undefined },
    deed: SubscriptionDeed,
    act: Act,
  ): Promise<StoredSubscription>;
}
