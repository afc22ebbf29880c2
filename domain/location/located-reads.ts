import type { Window } from "../identity/policy.ts";

/** Where the network found a terminal that did not know it itself, and the ellipse it is in. */
export interface LocatedPosition {
  readonly measuredAtNs: bigint;
  readonly method: "arrival-times" | "signal-strength";
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Half axes, and the longer one's direction clockwise from north. */
  readonly majorM: number;
  readonly minorM: number;
  readonly bearingDeg: number;
  readonly gateways: number;
}

export interface LocatedReads {
  /** In [from, to) as far as it may be read, in order of time; the newest, where there are more than `limit`. */
  within(
    query: {
      readonly address: number;
      readonly fromNs: bigint;
      readonly toNs: bigint;
      readonly limit: number;
    },
    windows: "always" | readonly Window[],
  ): Promise<readonly LocatedPosition[]>;
}
