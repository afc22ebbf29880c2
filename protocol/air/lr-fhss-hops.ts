import assert from "node:assert/strict";
import { gridChannels, gridSlots, type LrFhssChannel } from "./lr-fhss.ts";

export interface LrFhssHop {
  /** "all" when hopping is off: the whole frame on one carrier. */
  readonly kind: "header" | "payload" | "all";
  readonly firstBit: number;
  readonly bits: number;
  readonly channel: number;
  readonly gridIndex: number;
  /** From the configured centre, in units of 244.140625 Hz. */
  readonly carrierUnits: number;
  readonly headerIndex: number | undefined;
}

export type HopGrid = Pick<LrFhssChannel, "grid" | "bandwidth">;

/** There are always four header positions; a frame with fewer headers skips the first ones. */
export const HEADER_POSITIONS = 4;

const MASKS_6 = [33, 45, 48, 51, 54, 57] as const;
const MASKS_7 = [65, 68, 71, 72] as const;
const MASKS_8 = [142, 149] as const;
const MASKS_9 = [264] as const;

interface HopRegister {
  readonly start: number;
  /** The id's low bits are the seed, the bits above them choose the mask. */
  readonly seedBits: number;
  readonly masks: readonly number[];
}

/** The register is the shortest that counts past all channels; only 60 and 62 start elsewhere. */
function hopRegister(channels: number): HopRegister {
  if (channels >= 390) return { start: 6, seedBits: 9, masks: MASKS_9 };
  if (channels >= 185) return { start: 6, seedBits: 8, masks: MASKS_8 };
  if (channels >= 86) return { start: 6, seedBits: 7, masks: MASKS_7 };
  return { start: channels >= 60 ? 56 : 6, seedBits: 6, masks: MASKS_6 };
}

export function hopIdValid(channel: HopGrid, hopSequenceId: number): boolean {
  const channels = gridChannels(channel.grid, channel.bandwidth);
  if (channels === undefined || !Number.isInteger(hopSequenceId) || hopSequenceId < 0) return false;
  const { seedBits, masks } = hopRegister(channels);
  return hopSequenceId >> seedBits < masks.length;
}

/** Channels of the first `count` hop positions (lr-fhss.md section 8). */
export function hopChannels(channel: HopGrid, hopSequenceId: number, count: number): number[] {
  const channels = gridChannels(channel.grid, channel.bandwidth);
  assert(channels !== undefined, "grid and bandwidth do not go together");
  const { start, seedBits, masks } = hopRegister(channels);
  const mask = masks[hopSequenceId >> seedBits];
  assert(mask !== undefined, "the hop sequence id is out of range");
  const seed = hopSequenceId & ((1 << seedBits) - 1);
  const sequence: number[] = [];
  let state = start;
  while (sequence.length < count) {
    state = (state & 1) === 1 ? (state >> 1) ^ mask : state >> 1;
    // Tested after stepping; the exception keeps the value away from zero.
    const value = state === seed ? seed : seed ^ state;
    if (value <= channels) sequence.push(value - 1);
  }
  return sequence;
}

/** The one channel of a frame that does not hop. */
export function fixedChannel(channel: HopGrid, hopSequenceId: number): number {
  const channels = gridChannels(channel.grid, channel.bandwidth);
  assert(channels !== undefined, "grid and bandwidth do not go together");
  return hopSequenceId % channels;
}

/** Channels counted from the middle of the band. */
export function gridIndexOf(channel: HopGrid, hopChannel: number): number {
  const channels = gridChannels(channel.grid, channel.bandwidth);
  assert(channels !== undefined, "grid and bandwidth do not go together");
  return hopChannel < Math.floor(channels / 2) ? hopChannel : hopChannel - channels;
}

/** A step of one channel, in carrier units: a slot is two of them. */
export const gridUnits = (grid: 0 | 1): number => 2 * gridSlots(grid);

/** Headers of index 1 and 3 sit half a slot higher, so the parity can be seen in the carrier. */
export const headerShiftUnits = (headerIndex: number, hopping: boolean): number =>
  hopping ? headerIndex & 1 : 0;

/** Carrier of a channel without the header's half-slot shift, in units from the centre. */
export function channelCarrierUnits(
  channel: HopGrid,
  hopChannel: number,
  deviceOffset: number,
): number {
  const channels = gridChannels(channel.grid, channel.bandwidth);
  assert(channels !== undefined, "grid and bandwidth do not go together");
  const slots = gridSlots(channel.grid);
  const middle = channels % 2 === 0 ? slots / 2 : slots;
  return -gridIndexOf(channel, hopChannel) * gridUnits(channel.grid) - 2 * (deviceOffset + middle);
}
