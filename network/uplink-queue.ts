import type { Clock } from "../base/clock.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import type { Uplink } from "../protocol/messages.ts";
import type { NetworkCounters } from "./counters.ts";
import type { Link } from "./link.ts";
import { createReceipts } from "./receipts.ts";
import type { Uplinks } from "./uplinks.ts";

export interface UplinkQueueDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly link: Pick<Link, "publish">;
  readonly uplinks: Pick<Uplinks, "store">;
  readonly counters: NetworkCounters;
}

/** While a batch commits the next one gathers, so load makes batches larger and cheaper by itself. */
export const BATCH_UPLINKS_MAX = 512;
const GATHER_MS = 20;
/** When full, the newest are dropped and counted: their gateways keep them and send them again. */
export const QUEUE_UPLINKS_MAX = 50_000;
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 10_000;

export type UplinkQueue = ReturnType<typeof createUplinkQueue>;

/** Uplinks between broker and database. Nothing is acknowledged to a gateway before it is committed. */
export function createUplinkQueue(deps: UplinkQueueDeps) {
  const { clock, log, counters } = deps;
  let waiting: Uplink[] = [];
  let underWay: Promise<unknown> = Promise.resolve();
  const receipts = createReceipts(deps);
  let retryAtMs = 0;
  let retryMs = RETRY_FIRST_MS;

  async function work(): Promise<void> {
    receipts.add([]); // of earlier batches, when their time has come
    while (waiting.length > 0 && clock.steadyMs() >= retryAtMs) {
      const batch = waiting.slice(0, BATCH_UPLINKS_MAX);
      waiting = waiting.slice(batch.length);
      const storing = storeBatch(batch);
      underWay = storing;
      if (!(await storing)) {
        waiting = [...batch, ...waiting];
        return;
      }
      if (waiting.length < BATCH_UPLINKS_MAX) return; // gather more first
    }
  }

  async function storeBatch(batch: readonly Uplink[]): Promise<boolean> {
    try {
      const stored = await deps.uplinks.store(batch);
      counters.batches += 1;
      counters.failed += batch.length - stored.length;
      counters.databaseAway = false;
      retryMs = RETRY_FIRST_MS;
      receipts.add(stored);
      return true;
    } catch (error) {
      counters.databaseAway = true;
      retryAtMs = clock.steadyMs() + retryMs;
      retryMs = Math.min(retryMs * 2, RETRY_LAST_MS);
      log.warn({ err: error, waiting: waiting.length }, "database away");
      return false;
    }
  }

  const timer = every(GATHER_MS, work, (error) => {
    log.error({ err: error }, "queue failed");
  });
  return {
    get waiting(): number {
      return waiting.length;
    },

    push(uplink: Uplink): void {
      counters.received += 1;
      if (waiting.length >= QUEUE_UPLINKS_MAX) counters.dropped += 1;
      else waiting.push(uplink);
    },

    /** Drops what waits for partitions that are no longer ours; resolves when nothing of theirs is under way either. */
    async keepOnly(isOurs: (uplink: Uplink) => boolean): Promise<void> {
      waiting = waiting.filter(isOurs);
      await underWay;
      waiting = waiting.filter(isOurs); // a batch that failed has put itself back
    },

    stop: () => timer.stop(),
  };
}
