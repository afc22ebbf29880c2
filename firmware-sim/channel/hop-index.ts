import type { LrFhssFrame } from "../../protocol/air/lr-fhss-encode.ts";
import type { Place } from "./propagation.ts";

/** A frame on the air. */
export interface Transmission extends Place {
  /** Of the frame's first bit. */
  readonly startNs: bigint;
  readonly frame: LrFhssFrame;
  readonly powerDbm: number;
  /** The terminal's, which fixes its crystal and its shadows. */
  readonly address: number;
  /** What the frame's carriers count from; the default channel's when left out. */
  readonly centreHz?: number;
}

/** One hop of it, in the air's own numbers: times from the air's epoch, carriers from the default centre. */
export interface HopOnAir {
  readonly transmission: Transmission;
  readonly index: number;
  readonly isHeader: boolean;
  readonly startNs: number;
  readonly endNs: number;
  readonly carrierUnits: number;
  readonly bits: Uint8Array;
  /** Level at each site, worked out once. */
  readonly levels: Map<string, number>;
}

const BUCKET_NS = 250_000_000;

/** Hops by the time they are on the air. */
export class HopIndex {
  readonly #buckets = new Map<number, HopOnAir[]>();
  readonly #keepBuckets: number;
  #oldest = Number.NEGATIVE_INFINITY;

  constructor(keepNs: number) {
    this.#keepBuckets = Math.ceil(keepNs / BUCKET_NS);
  }

  add(hop: HopOnAir): void {
    const last = Math.floor(hop.endNs / BUCKET_NS);
    for (let bucket = Math.floor(hop.startNs / BUCKET_NS); bucket <= last; bucket++) {
      const hops = this.#buckets.get(bucket);
      if (hops) hops.push(hop);
      else this.#buckets.set(bucket, [hop]);
    }
  }

  /** Each hop that shares time with this span and carrier with this one, by less than `withinUnits`. */
  overlapping(startNs: number, endNs: number, carrierUnits: number, withinUnits: number) {
    const found: HopOnAir[] = [];
    const first = Math.floor(startNs / BUCKET_NS);
    const last = Math.floor(endNs / BUCKET_NS);
    for (let bucket = first; bucket <= last; bucket++) {
      for (const hop of this.#buckets.get(bucket) ?? []) {
        if (hop.startNs >= endNs || hop.endNs <= startNs) continue;
        if (Math.abs(hop.carrierUnits - carrierUnits) >= withinUnits) continue;
        // a hop on two buckets is taken in the first one that both it and the span know
        if (bucket === Math.max(first, Math.floor(hop.startNs / BUCKET_NS))) found.push(hop);
      }
    }
    return found;
  }

  /** Drops what ended longer ago than the index keeps. */
  forget(nowNs: number): void {
    const oldest = Math.floor(nowNs / BUCKET_NS) - this.#keepBuckets;
    if (oldest <= this.#oldest) return;
    this.#oldest = oldest;
    for (const bucket of this.#buckets.keys()) if (bucket < oldest) this.#buckets.delete(bucket);
  }

  get bucketCount(): number {
    return this.#buckets.size;
  }
}
