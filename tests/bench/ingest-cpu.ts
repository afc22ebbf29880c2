import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_S = 100; // USER_HZ on Linux
const PAGE_BYTES = 4096;

/** CPU seconds of these processes so far, and of the children that they have or had. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) ticks += ticksOf(pid, true);
  const parents = new Set(pids);
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat && parents.has(Number(stat[1]))) ticks += ticksOf(Number(name), false);
  }
  return ticks / TICKS_PER_S;
}

export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(statOf(pid)?.[21] ?? 0) * PAGE_BYTES, 0);
}

function ticksOf(pid: number, withEnded: boolean): number {
  const stat = statOf(pid) ?? [];
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = stat.slice(11, 15).map(Number);
  return user + system + (withEnded ? endedUser + endedSystem : 0);
}

/** Fields of proc(5) from the third on, the state; undefined when the process has ended. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
