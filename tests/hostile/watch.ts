import { monitorEventLoopDelay } from "node:perf_hooks";

/** What an attack cost the thread that it met. */
export interface Cost {
  /** The longest turn of the event loop by the clock: all that the machine did meanwhile is in it. */
  readonly turnMaxMs: number;
  /** The longest turn by this thread's own CPU time, which a busy machine does not change. */
  readonly turnCpuMaxMs: number;
  readonly rssGrowthMb: number;
  readonly cpuS: number;
}

/** What an attack is run by once all that it needs has been started. */
export type Watch = <T>(attack: () => Promise<T>) => Promise<T>;
export const unwatched: Watch = (attack) => attack();

const MB = 2 ** 20;
const RSS_LOOK_TURNS = 1_000;

/** Looks on at every turn of the event loop while an attack runs. */
export function createWatch(): { readonly watch: Watch; readonly cost: () => Cost } {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let turnCpuMaxUs = 0;
  let cpuUs = 0;
  let rssGrowth = 0;
  const watch: Watch = async (attack) => {
    const rssBefore = process.memoryUsage.rss();
    let before = cpuUsOfThread();
    let turns = 0;
    let isOver = false;
    const look = (): void => {
      const now = cpuUsOfThread();
      turnCpuMaxUs = Math.max(turnCpuMaxUs, now - before);
      cpuUs += now - before;
      before = now;
      if (turns++ % RSS_LOOK_TURNS === 0 || isOver)
        rssGrowth = Math.max(rssGrowth, process.memoryUsage.rss() - rssBefore);
      if (!isOver) setImmediate(look);
    };
    delay.enable();
    setImmediate(look);
    try {
      return await attack();
    } finally {
      isOver = true;
      look();
      delay.disable();
    }
  };
  const cost = () => ({
    turnMaxMs: delay.max / 1e6,
    turnCpuMaxMs: turnCpuMaxUs / 1e3,
    rssGrowthMb: rssGrowth / MB,
    cpuS: cpuUs / 1e6,
  });
  return { watch, cost };
}

function cpuUsOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
