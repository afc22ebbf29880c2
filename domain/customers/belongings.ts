/** What a customer has, as far as its own page shows it. */
export interface CustomerAsset {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly plate: string | null;
  readonly terminals: readonly CustomerTerminal[];
}

/** A terminal that serves the customer now. */
export interface CustomerTerminal {
  readonly address: number;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly lifeCycle: string;
  readonly fromNs: bigint;
  /** When it was last heard as this customer's; null: not since it is. */
  readonly receivedAtNs: bigint | null;
  readonly batteryPercent: number | null;
}

export interface CustomerUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly isDisabled: boolean;
  readonly lastSeenAtMs: number | null;
}

/** What belongs to a customer and is kept by others. */
export interface CustomerBelongings {
  /** Those in use, by name; at most so many. */
  assets(customerId: string, limit: number): Promise<readonly CustomerAsset[]>;
  users(customerId: string): Promise<readonly CustomerUser[]>;
}
