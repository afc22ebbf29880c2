import type { Clock } from "../base/clock.ts";
import { encodeStored, STORED_RANGES_MAX, type Stored, type Uplink } from "../protocol/messages.ts";
import { storedTopic } from "../protocol/topics.ts";
import type { NetworkCounters } from "./counters.ts";
import type { Link } from "./link.ts";

/** Of many gateways each has few packets in a batch, and a message for each of them would cost more than judging it. */
const STORED_TOGETHER_MS = 200;
/** A gateway that waits for room is told at once. */
const STORED_TOGETHER_MAX = 100;

export interface ReceiptsDeps {
  readonly clock: Clock;
  readonly link: Pick<Link, "publish">;
  readonly counters: NetworkCounters;
}

/** Tells gateways what is stored, of several batches in one message. */
export function createReceipts({ clock, link, counters }: ReceiptsDeps) {
  const untold = new Map<string, Uplink[]>(); // by gateway
  let tellAtMs = 0;

  function add(uplinks: readonly Uplink[]): void {
    for (const uplink of uplinks) {
      const known = untold.get(uplink.gatewayId);
      if (known) known.push(uplink);
      else untold.set(uplink.gatewayId, [uplink]);
    }
    const steadyMs = clock.steadyMs();
    const isDue = steadyMs >= tellAtMs;
    if (isDue && untold.size > 0) tellAtMs = steadyMs + STORED_TOGETHER_MS;
    for (const [gatewayId, stored] of untold) {
      if (!isDue && stored.length < STORED_TOGETHER_MAX) continue;
      untold.delete(gatewayId);
      tell(stored);
    }
  }

  function tell(uplinks: readonly Uplink[]): void {
    for (const [gatewayId, messages] of storedMessages(uplinks)) {
      for (const message of messages) {
        // A lost one is no harm: the gateway sends the packet again, and is told again.
        link.publish(storedTopic(gatewayId), encodeStored(message)).catch(() => {
          counters.storedUnsent += 1;
        });
      }
    }
  }

  /** To be called again and again, also with nothing: then what was held back goes out when its time has come. */
  return { add };
}

/** By gateway: one message an outbox, as ranges, for sequences mostly follow each other. */
export function storedMessages(uplinks: readonly Uplink[]): ReadonlyMap<string, readonly Stored[]> {
  const outboxes = new Map<string, Map<string, bigint[]>>();
  for (const { gatewayId, outboxId, sequence } of uplinks) {
    const gateway = outboxes.get(gatewayId) ?? new Map<string, bigint[]>();
    outboxes.set(gatewayId, gateway);
    const sequences = gateway.get(outboxId);
    if (sequences) sequences.push(sequence);
    else gateway.set(outboxId, [sequence]);
  }
  return new Map(
    [...outboxes].map(([gatewayId, gateway]) => [
      gatewayId,
      [...gateway].flatMap(([outboxId, sequences]) => storedOf(outboxId, sequences)),
    ]),
  );
}

function storedOf(outboxId: string, sequences: readonly bigint[]): Stored[] {
  const ranges: { first: bigint; last: bigint }[] = [];
  for (const sequence of sequences.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const range = ranges.at(-1);
    if (range && sequence <= range.last + 1n) range.last = sequence;
    else ranges.push({ first: sequence, last: sequence });
  }
  const messages: Stored[] = [];
  for (let at = 0; at < ranges.length; at += STORED_RANGES_MAX) {
    messages.push({ outboxId, ranges: ranges.slice(at, at + STORED_RANGES_MAX) });
  }
  return messages;
}
