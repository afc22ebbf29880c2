import type { ChannelName } from "./backoff.ts";
import type { SendResult } from "./channel.ts";
import type { Occasion } from "./occasion.ts";

/** A delivery that this process has taken on, until the lease ends. */
export interface Claimed {
  readonly id: string;
  readonly customerId: string | null;
  readonly recipientKind: "user" | "contact" | "webhook" | "topic";
  readonly recipientId: string;
  readonly channel: ChannelName;
  readonly target: string;
  readonly language: "en" | "zh-CN";
  readonly isUrgent: boolean;
  readonly isLifeSafety: boolean;
  /** This one included; the first is 1. */
  readonly attempt: number;
  /** How many notifications it stands for. */
  readonly items: number;
  readonly fallback: ChannelName | null;
}

/** An alarm that a delivery tells of. */
export interface DeliveredItem {
  readonly occasion: Occasion;
  /** The asset's name, else the terminal's, else nothing. */
  readonly place: string;
}

export interface Outcome {
  readonly result: SendResult;
  /** When it is tried again; undefined: not any more. */
  readonly nextAtMs: number | undefined;
  readonly costMicros: number;
  readonly nowMs: number;
}

/** Deliveries on their way out. */
export interface Deliveries {
  /** Takes the next that are due on this channel, what is critical first. Nobody else gets them until the lease ends. */
  claim(channel: ChannelName, nowMs: number, limit: number): Promise<readonly Claimed[]>;
  /** Gives back what a process took and did not finish. Answers how many. */
  release(nowMs: number): Promise<number>;
  /** What it tells of, what is critical first, at most so many. */
  items(deliveryId: string, limit: number): Promise<readonly DeliveredItem[]>;
  /** The person's zone and the language's say are the message's; of machines UTC. */
  timeZoneOf(claimed: Claimed): Promise<string>;
  /** Writes down what became of an attempt; with the last one its usage, or its fallback. */
  finish(claimed: Claimed, outcome: Outcome): Promise<void>;
  /** A receipt for a message, or a part of one. It may come twice, and before `finish`. */
  receipt(
    reference: string,
    state: "delivered" | "failed",
    detail: string,
    nowMs: number,
  ): Promise<void>;
  /** A dead letter once more, by hand. False when there is none with this id. */
  replay(deliveryId: string, nowMs: number): Promise<boolean>;
}
