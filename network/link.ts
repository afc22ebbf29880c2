/** The message broker in this process's words. */
export interface Link {
  readonly isConnected: boolean;
  /** Resolves once the broker has taken it; throws an UnavailableError while there is none. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** With 0, what the connection loses when it breaks is lost: for what its sender repeats. */
  subscribe(filters: readonly string[], qos?: 0 | 1): Promise<void>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export type TakeMessage = (topic: string, payload: Uint8Array) => void;
