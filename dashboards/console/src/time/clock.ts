/**
 * The console's only clock and its only timer: the browser's, read here and nowhere else.
 * Whatever waits looks at the clock on a tick.
 */
export function nowMs(): number {
  return Date.now();
}

export type Stop = () => void;

export function every(ms: number, tick: () => void): Stop {
  const timer = setInterval(tick, ms);
  return () => {
    clearInterval(timer);
  };
}

const listeners = new Set<() => void>();
let stop: Stop | undefined;
let tickMs = nowMs();

/** Calls once a second while anyone listens: ages tick together, by one timer. */
export function onSecond(listener: () => void): Stop {
  listeners.add(listener);
  stop ??= every(1000, () => {
    tickMs = nowMs();
    for (const each of listeners) each();
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

/** The time of the last tick, so that all ages of one screen agree. */
export const lastSecondMs = (): number => (listeners.size > 0 ? tickMs : (tickMs = nowMs()));
