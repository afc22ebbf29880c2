import { setTimeout as pause } from "node:timers/promises";

const cleanups: (() => Promise<unknown>)[] = [];

/** Runs after the test, the last first, whatever became of it. */
export function onCleanup(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** `clean-up.ts` asks for it after each test. */
export async function runCleanups(): Promise<void> {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop())
    await cleanup();
}

/** Looks again and again until a fact holds; the test's own time limit ends it. For real processes alone, whose events nobody can await. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(20);
}
