import { gridChannels, gridSlots } from "../../protocol/air/lr-fhss.ts";

/** What a modem needs of whatever brings it bursts: the simulated air, or a file of recordings. Times are true times. */
export interface Tuning {
  readonly centreHz: number;
  readonly grid: 0 | 1;
  readonly bandwidth: number;
  readonly syncWord: number;
  readonly pageHz: number;
  readonly inverted: boolean;
}

export interface Detection {
  /** Of the header hop's first guard bit. */
  readonly timeNs: bigint;
  /** From the tuned centre in units of 244.140625 Hz, finer than the line can say. */
  readonly carrierUnits: number;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
  readonly softBits: Int8Array;
}

export interface Asked {
  readonly startNs: bigint;
  readonly carrierUnits: number;
  readonly bits: number;
}

export interface Heard {
  /** None when nothing is there. */
  readonly softBits: Int8Array | undefined;
  readonly rssiDbm: number | undefined;
}

export interface PageSignal {
  readonly startNs: bigint;
  readonly bitRate: number;
  readonly words: Uint32Array;
}

export interface Radio {
  tune(tuning: Tuning): void;
  /** One listener: the modem. Called when the header's hop has ended and not before. */
  onDetection(listener: (detection: Detection) => void): void;
  /** Asked once the last bit has passed. */
  listen(asked: Asked): Heard;
  send(page: PageSignal): void;
}

/** From the centre to either edge of the channel; a slot is two units. */
export const halfBandUnits = ({ grid, bandwidth }: Pick<Tuning, "grid" | "bandwidth">): number =>
  (gridChannels(grid, bandwidth) ?? 0) * gridSlots(grid);
