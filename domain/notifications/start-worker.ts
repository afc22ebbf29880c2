import type { Clock } from "../../base/clock.ts";
import { every } from "../../base/every.ts";
import type { Log } from "../../base/log.ts";
import type { Random } from "../../base/random.ts";
import type { Db } from "../db/database.ts";
import { readAlarms } from "./alarm-feed-postgres.ts";
import { CHANNEL_NAMES, type ChannelName } from "./backoff.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Channels, createDispatcher } from "./dispatcher.ts";
import { escalateNext } from "./escalation-postgres.ts";
import { planNext } from "./planning-postgres.ts";
import { trimMessages } from "./trim-postgres.ts";

export interface WorkerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly deliveries: Deliveries;
  readonly channels: Channels;
  readonly acknowledgeUrl: (alarmId: string, deliveryId: string) => Promise<string | undefined>;
  readonly consoleUrl: string | undefined;
}

export interface Worker {
  /** Everything that is due now, until nothing is; for tests and for those who do not want to wait. */
  run(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const PLAN_EVERY_MS = 250;
const SEND_EVERY_MS = 250;
const ESCALATE_EVERY_MS = 5_000;
const RELEASE_EVERY_MS = 15_000;
const TEND_EVERY_MS = 10_000;
const TRIM_EVERY_MS = 3_600_000;

/** Plans, sends, escalates and takes up what a process that is gone has left. Several may run on one database. */
export function createWorker(deps: WorkerDeps): Worker {
  const { db, clock, log, channels, deliveries } = deps;
  const isSetUp = (channel: ChannelName): boolean => channels[channel].isSetUp;
  const plan = async (): Promise<number> => {
    const read = await readAlarms({ db, clock });
    return read + (await planNext({ db, clock, isSetUp }));
  };
  const escalate = (): Promise<number> => escalateNext({ db, clock });
  const dispatchers = CHANNEL_NAMES.map((name) => createDispatcher(deps, name));
  const timers: { stop(): Promise<void> }[] = [];
  let isStopping = false;

  const untilNone = async (work: () => Promise<number>): Promise<void> => {
    while (!isStopping && (await work()) > 0);
  };
  const round = (ms: number, what: string, work: () => Promise<number>): void => {
    timers.push(
      every(
        ms,
        () => untilNone(work),
        (error) => {
          log.warn({ err: error, what }, "notifications are late");
        },
      ),
    );
  };

  return {
    async run() {
      await deliveries.release(clock.now());
      await untilNone(escalate);
      await untilNone(plan);
      await Promise.all(dispatchers.map((each) => untilNone(() => each.tick())));
    },
    start() {
      round(PLAN_EVERY_MS, "planning", plan);
      round(ESCALATE_EVERY_MS, "escalation", escalate);
      round(RELEASE_EVERY_MS, "leases", async () => {
        await deliveries.release(clock.now());
        return 0;
      });
      round(TRIM_EVERY_MS, "trimming", () => trimMessages(db, clock.now()));
      round(TEND_EVERY_MS, "lines that stay open", async () => {
        for (const channel of Object.values(channels)) await channel.tend?.();
        return 0;
      });
      for (const [at, dispatcher] of dispatchers.entries())
        round(SEND_EVERY_MS, CHANNEL_NAMES[at] ?? "", () => dispatcher.tick());
    },
    async stop() {
      isStopping = true;
      for (const dispatcher of dispatchers) dispatcher.stop();
      for (const timer of timers) await timer.stop();
      for (const channel of Object.values(channels)) await channel.stop();
    },
  };
}
