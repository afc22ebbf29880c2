/** A gateway that heard a terminal, and how well: the way down is about as good as the way up. */
export interface HeardBy {
  readonly gatewayId: string;
  /** dBm; of a modem that gives none, its SNR over a quiet channel's noise. */
  readonly levelDbm: number;
}

/** A page whose time has come, with the gateways that heard its terminal, best first. */
export interface DuePage {
  readonly id: string;
  readonly kind: "attach-accept" | "acknowledgement" | "command" | "group-command";
  /** 3 goes first. */
  readonly priority: number;
  /** A command's page is for this gateway of its zone; others go to the best, and to the next at each attempt. */
  readonly zoneGatewayId: string | null;
  readonly words: Uint32Array;
  readonly attempts: number;
  readonly expiresAtMs: number;
  readonly gateways: readonly HeardBy[];
}

export interface Transmission {
  readonly id: string;
  readonly gatewayId: string;
  readonly airMs: number;
  /** What the gateway may page in any hour; null: as much as it can. */
  readonly budgetMs: number | null;
}

export interface PageStore {
  /** Pages that are due and have not expired. */
  due(nowMs: number, partitions: ReadonlySet<number>, limit: number): Promise<readonly DuePage[]>;
  /** A gateway has been asked; undefined: no more attempts. */
  requested(id: string, gatewayId: string, nextAtMs: number | undefined): Promise<void>;
  /** What a gateway says became of it. One that was not sent is due again at once, elsewhere. Commands' pages are their queue's. */
  result(id: string, result: string, startedAtNs: bigint, nowMs: number): Promise<void>;
  /** Before a gateway is asked for it: its airtime counts from here, whatever becomes of it. */
  transmitted(transmission: Transmission, nowMs: number): Promise<void>;
  /**
   * Milliseconds on the air within the last hour, by gateway. What a clock that has since been set back wrote down for a time to come counts
   * as of now, so that it is neither forgotten nor counted for ever.
   */
  airtimeOfHour(nowMs: number): Promise<ReadonlyMap<string, number>>;
  /** Ends those that are too late; answers how many. */
  expire(nowMs: number): Promise<number>;
}
