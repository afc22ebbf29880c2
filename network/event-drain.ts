import type { Clock } from "../base/clock.ts";
import type { EventStore } from "../domain/packets/event-store.ts";
import type { NetworkCounters } from "./counters.ts";
import type { Link } from "./link.ts";
import type { Partitions } from "./partitions.ts";

export interface EventDrainDeps {
  readonly clock: Clock;
  readonly events: EventStore;
  readonly link: Pick<Link, "publish" | "isConnected">;
  readonly partitions: Pick<Partitions, "held">;
  readonly counters: NetworkCounters;
}

const EVENTS_PER_BATCH = 200;

/** Events leave the database once the broker has taken them: at least once, under the same id. */
export function createEventDrain({ clock, events, link, partitions, counters }: EventDrainDeps) {
  return {
    async tick(): Promise<void> {
      counters.eventsExpired += await events.expire(clock.now());
      while (link.isConnected) {
        const batch = await events.oldest(partitions.held, EVENTS_PER_BATCH);
        const sent = await Promise.allSettled(
          batch.map(({ topic, payload }) => link.publish(topic, payload)),
        );
        const taken = batch.filter((_, at) => sent[at]?.status === "fulfilled");
        await events.remove(taken.map(({ id }) => id));
        counters.eventsSent += taken.length;
        if (taken.length < EVENTS_PER_BATCH) return;
      }
    },
  };
}
