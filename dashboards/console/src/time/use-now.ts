import { useEffect, useState, useSyncExternalStore } from "react";
import { every, lastSecondMs, onSecond } from "./clock.ts";

/** The time in milliseconds; the component is drawn again each second. */
export const useNow = (): number => useSyncExternalStore(onSecond, lastSecondMs);

/** The value once it has not changed for a while: a search is not sent for every letter. */
export function useSettled<T>(value: T, quietMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const stop = every(quietMs, () => {
      setSettled(value);
      stop();
    });
    return stop;
  }, [value, quietMs]);
  return settled;
}
