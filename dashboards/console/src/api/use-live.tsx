import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { type LiveEvents, type LiveState, openLiveEvents } from "./live-events.ts";
import { queryClient } from "./queries.ts";
import type { LiveEventTypes } from "./types.ts";

const LiveContext = createContext<LiveEvents | undefined>(undefined);

interface LiveProviderProps {
  /** Whether whoever is signed in may have it at all. */
  readonly allowed: boolean;
  readonly children: ReactNode;
}

/** One stream of live events for the whole console. */
export function LiveProvider({ allowed, children }: LiveProviderProps) {
  const [live, setLive] = useState<LiveEvents>();
  useEffect(() => {
    if (!allowed) return undefined;
    const opened = openLiveEvents("/api/events");
    let before = opened.state();
    const unsubscribe = opened.subscribeState(() => {
      // What happened while the stream was away is asked for.
      if (opened.state() === "live" && before === "lost") void queryClient.invalidateQueries();
      before = opened.state();
    });
    const off = opened.on("missed", () => void queryClient.invalidateQueries());
    setLive(opened);
    return () => {
      off();
      unsubscribe();
      opened.close();
      setLive(undefined);
    };
  }, [allowed]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export const useLive = (): LiveEvents | undefined => use(LiveContext);

const nothing = () => () => undefined;

export function useLiveState(live: LiveEvents | undefined): LiveState {
  return useSyncExternalStore(live?.subscribeState ?? nothing, () => live?.state() ?? "connecting");
}

/** Calls for each live event of the name while the component is shown. */
export function useLiveEvent<N extends keyof LiveEventTypes>(
  live: LiveEvents | undefined,
  name: N,
  handle: (event: LiveEventTypes[N]) => void,
): void {
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(
    () =>
      live?.on(name, (event) => {
        latest.current(event);
      }),
    [live, name],
  );
}
