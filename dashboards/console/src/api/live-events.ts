import { nowMs, onSecond } from "../time/clock.ts";
import type { LiveEventTypes } from "./types.ts";

export type LiveState = "connecting" | "live" | "lost";
type Name = keyof LiveEventTypes;
type Listener<N extends Name> = (event: LiveEventTypes[N]) => void;

const NAMES: readonly Name[] = [
  ...(["packet", "reception", "position", "alarm", "command"] as const),
  ...(["group-command", "gateway", "missed"] as const),
];
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 15_000;

/** The live event stream: one connection that comes back by itself and says how it is. */
export interface LiveEvents {
  readonly state: () => LiveState;
  readonly subscribeState: (listener: () => void) => () => void;
  on<N extends Name>(name: N, listener: Listener<N>): () => void;
  /** Tries again at once. */
  retry(): void;
  close(): void;
}

export function openLiveEvents(url: string): LiveEvents {
  const listeners = new Map<Name, Set<(event: never) => void>>();
  const stateListeners = new Set<() => void>();
  let source: EventSource | undefined;
  let state: LiveState = "connecting";
  let retryMs = RETRY_MS_MIN;
  let retryAtMs = 0;

  const become = (next: LiveState): void => {
    if (state === next) return;
    state = next;
    for (const listener of stateListeners) listener();
  };

  const connect = (): void => {
    source?.close();
    source = new EventSource(url);
    source.onopen = () => {
      retryMs = RETRY_MS_MIN;
      become("live");
    };
    source.onerror = () => {
      become("lost");
      // The browser comes back by itself unless the answer was an error: then it gives up.
      if (source?.readyState !== EventSource.CLOSED) return;
      retryAtMs = nowMs() + retryMs;
      retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        const event: unknown = JSON.parse(message.data);
        // The server's schema stands for the shape: the stream is of the same origin.
        for (const listener of listeners.get(name) ?? []) listener(event as never);
      });
    }
  };

  connect();
  const stopTicking = onSecond(() => {
    if (source?.readyState === EventSource.CLOSED && nowMs() >= retryAtMs) connect();
  });

  return {
    state: () => state,
    subscribeState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    retry() {
      become("connecting");
      connect();
    },
    close() {
      stopTicking();
      source?.close();
    },
  };
}
