/** The way to the network: one connection at a time, each begun afresh. */
export interface Backhaul {
  /** Rejects when there is no connection to be had now. */
  connect(events: BackhaulEvents): Promise<BackhaulConnection>;
}

export interface BackhaulEvents {
  /** What everyone is told when the connection breaks. */
  readonly lastWill: Uint8Array;
  readonly stored: (message: Uint8Array) => void;
  readonly page: (message: Uint8Array) => void;
  /** Once, however it ended. */
  readonly closed: (reason: string) => void;
}

export interface BackhaulConnection {
  /** Resolves when the broker has it: not yet when the network has. */
  uplink(partition: number, message: Uint8Array): Promise<void>;
  paged(message: Uint8Array): Promise<void>;
  state(message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
