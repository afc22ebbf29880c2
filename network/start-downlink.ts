import type { Clock } from "../base/clock.ts";
import { createCommandQueue } from "../domain/commands/command-queue-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import { createAirtime } from "./airtime.ts";
import { sealCommandPages } from "./command-pages.ts";
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
  /** Shared with the uplink: both use up a session's counters. */
  readonly turns: Turns;
}

export interface DownlinkConfig {
  readonly PAGE_RATE: PagerDeps["pageRate"];
  readonly PAGE_DUTY_PERCENT: number;
}

/** What leads to the terminals: commands, and the pages of both. */
export function startDownlink(deps: DownlinkDeps, config: DownlinkConfig) {
  const { db, clock, profiles, keys, turns, ...rest } = deps;
  const { faultPoint = () => undefined } = deps;
  const commands = createCommandQueue({ db, profiles, faultPoint });
  const pages = pageStorePostgres(db);
  const airtime = createAirtime(config.PAGE_DUTY_PERCENT);
  const seal = sealCommandPages(keys);
  return {
    pager: createPager({ clock, pages, commands, airtime, pageRate: config.PAGE_RATE, ...rest }),
    /** One round of what is due. */
    work: async (): Promise<void> => {
      const { held } = rest.partitions;
      const looked = await turns.take(() => commands.work(clock.now(), held, seal));
      if (looked > 0) faultPoint("command-begun");
    },
  };
}
