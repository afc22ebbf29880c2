import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { CommandQueue } from "../domain/commands/command-queue.ts";
import { createCommandQueue } from "../domain/commands/command-queue-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import type { SecretSeal } from "../domain/devices/secret-seal.ts";
import { createCalendarClock } from "../domain/groups/calendar-clock-postgres.ts";
import { createGroupKeys } from "../domain/groups/group-keys-postgres.ts";
import type { GroupQueue } from "../domain/groups/group-queue.ts";
import { createGroupQueue } from "../domain/groups/group-queue-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import { KEY_BYTES } from "../protocol/packet/keys.ts";
import { createAirtime } from "./airtime.ts";
import { sealCommandPages, sealGroupPages } from "./command-pages.ts";
import { createPager, type PagerDeps } from "./pager.ts";
import type { ReportProfile } from "./report.ts";
import type { TerminalKeys } from "./terminal-keys.ts";
import type { Turns } from "./turns.ts";

export interface DownlinkDeps
  extends Pick<PagerDeps, "link" | "partitions" | "counters" | "faultPoint"> {
  readonly db: Db;
  readonly clock: Clock;
  readonly profiles: ReadonlyMap<string, ReportProfile>;
  readonly keys: TerminalKeys;
  readonly secrets: SecretSeal;
  /** Shared with the uplink: both use up a session's counters. */
  readonly turns: Turns;
}

export interface DownlinkConfig {
  readonly PAGE_RATE: PagerDeps["pageRate"];
  readonly PAGE_DUTY_PERCENT: number;
}

/** What leads to the terminals: commands and what groups are told, and the pages of all. */
export function startDownlink(deps: DownlinkDeps, config: DownlinkConfig) {
  const { db, clock, profiles, keys, secrets, turns, ...rest } = deps;
  const { faultPoint = () => undefined } = deps;
  const making = { db, profiles, audit: createAudit(db), makeId: randomUUID };
  const commands = createCommandQueue({ ...making, faultPoint });
  const groups = createGroupQueue(making);
  const makeKey = () => new Uint8Array(randomBytes(KEY_BYTES));
  const groupKeys = createGroupKeys({ ...making, secrets, makeKey });
  const calendars = createCalendarClock(making);
  const pages = pageStorePostgres(db);
  const airtime = createAirtime(config.PAGE_DUTY_PERCENT);
  const queues = bothQueues(commands, groups);
  const pageRate = config.PAGE_RATE;
  return {
    pager: createPager({ clock, pages, commands: queues, airtime, pageRate, ...rest }),
    /** One round of what is due. */
    work: async (): Promise<void> => {
      const { held } = rest.partitions;
      const seal = sealCommandPages(keys, secrets);
      const looked = await turns.take(() => commands.work(clock.now(), held, seal));
      if (looked > 0) faultPoint("command-begun");
      await groups.work(clock.now(), held, sealGroupPages(secrets));
    },
    /** One round of groups' keys and calendars. */
    workOnGroups: async (): Promise<void> => {
      try {
        await groupKeys.work(clock.now());
      } finally {
        await calendars.work(clock.now()); // keys that fail keep no calendar waiting
      }
    },
  };
}

type Judging = Pick<CommandQueue, "handOver" | "paged">;

/** A page belongs to one of them; the other finds nothing under its id. */
export const bothQueues = (
  commands: Judging,
  groups: Pick<GroupQueue, "handOver" | "paged">,
): Judging => ({
  handOver: async (pageIds, requestId, nowMs) => [
    ...(await commands.handOver(pageIds, requestId, nowMs)),
    ...(await groups.handOver(pageIds, requestId, nowMs)),
  ],
  async paged(requestId, result, nowMs) {
    await commands.paged(requestId, result, nowMs);
    await groups.paged(requestId, result, nowMs);
  },
});
