import type { Message } from "./templates.ts";

/** A message on its way out. Its id is the delivery's and stays the same however often it is tried. */
export interface Outgoing {
  readonly deliveryId: string;
  readonly attempt: number;
  readonly target: string;
  readonly recipientId: string;
  readonly message: Message;
  /** For machines: the same in fields. */
  readonly event: MachineEvent;
  readonly isUrgent: boolean;
  readonly customerId: string | null;
  /** Lets the adapter go when the process stops. */
  readonly signal: AbortSignal;
}

export interface MachineAlarm {
  readonly notificationId: string;
  readonly kind: string;
  readonly alarmId: string | null;
  readonly customerId: string | null;
  readonly address: number | null;
  readonly assetId: string | null;
  readonly severity: string;
  readonly isDrill: boolean;
  readonly title: { readonly en: string; readonly "zh-CN": string };
  readonly at: string;
}

export interface MachineEvent {
  readonly type: "alarms";
  readonly timestamp: string;
  readonly data: { readonly alarms: readonly MachineAlarm[] };
}

/**
 * `sent`: the other side has taken it; a receipt may still come. `delivered`: it is known to have arrived. `retry`: it
 * may go through later. `refused`: it never will, and `isGone` says that the address is none any more.
 */
export type SendResult =
  | { readonly outcome: "sent" | "delivered"; readonly reference: string; readonly units: number }
  | { readonly outcome: "retry"; readonly why: string }
  | { readonly outcome: "refused"; readonly why: string; readonly isGone?: true };

/** One way out. It never throws for what the other side does; a throw is a bug and counts as `retry`. */
export interface Channel {
  /** false: the operator has not set it up, and nothing is planned for it. */
  readonly isSetUp: boolean;
  /** Cost of a unit in millionths of the currency. */
  readonly unitCostMicros: number;
  send(outgoing: Outgoing): Promise<SendResult>;
  /** Looked at now and then: for a line that is to stay open while there is nothing to send. */
  tend?(): Promise<void>;
  stop(): Promise<void>;
}

/** A channel that nobody has set up. */
export const notSetUp: Channel = {
  isSetUp: false,
  unitCostMicros: 0,
  send: async () => ({ outcome: "retry", why: "the channel is not set up" }),
  stop: async () => undefined,
};
