import { nowMs } from "../time/clock.ts";

/** Whether the API answers: one state for the banner, told by every request. */
let awaySinceMs: number | undefined;
const listeners = new Set<() => void>();

function become(next: number | undefined): void {
  if ((awaySinceMs === undefined) === (next === undefined)) return;
  awaySinceMs = next;
  for (const listener of listeners) listener();
}

export const apiAwaySince = (): number | undefined => awaySinceMs;
export const apiAnswered = (): void => {
  become(undefined);
};
export const apiFailed = (): void => {
  become(nowMs());
};
export function subscribeReachability(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
