import type { Clock } from "../base/clock.ts";
import { every } from "../base/every.ts";

export interface StepsDeps {
  readonly clock: Pick<Clock, "steadyMs">;
  readonly log: Record<"warn" | "info", (fields: object, message: string) => void>;
}

export type Steps = ReturnType<typeof createSteps>;

/** A store that is away is asked again this much later, however often its step comes round. */
const AFTER_FAILURE_MS = 1_000;

/** What this process does again and again. A failure is logged when it begins and when it is over: a step may come 20 times a second. */
export function createSteps({ clock, log }: StepsDeps) {
  const failing = new Map<string, { failures: number; againAtMs: number }>();

  /** Once, now; throws what the step throws. */
  async function run(name: string, step: () => Promise<void>): Promise<void> {
    if (clock.steadyMs() < (failing.get(name)?.againAtMs ?? -Infinity)) return;
    await step();
    const before = failing.get(name);
    if (before === undefined) return;
    failing.delete(name);
    log.info({ step: name, failures: before.failures }, "network step works again");
  }

  function failed(name: string, error: unknown): void {
    const failures = (failing.get(name)?.failures ?? 0) + 1;
    failing.set(name, { failures, againAtMs: clock.steadyMs() + AFTER_FAILURE_MS });
    if (failures === 1) log.warn({ step: name, err: error }, "network step fails");
  }

  return {
    isFailing: (name: string): boolean => failing.has(name),
    /** One round: what it throws is kept and told, never passed on. */
    attempt: (name: string, step: () => Promise<void>): Promise<void> =>
      run(name, step).catch((error: unknown) => {
        failed(name, error);
      }),
    every(name: string, ms: number, step: () => Promise<void>) {
      return every(
        ms,
        () => run(name, step),
        (error) => {
          failed(name, error);
        },
      );
    },
  };
}
