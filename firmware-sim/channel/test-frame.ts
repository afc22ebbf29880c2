import { type Random, randomInteger } from "../../base/random.ts";
import type { LrFhssSettings } from "../../protocol/air/lr-fhss.ts";
import { encodeFrame } from "../../protocol/air/lr-fhss-encode.ts";
import type { Transmission } from "./hop-index.ts";
import type { Tuning } from "./radio.ts";

/** What the tests of the channel and the modem send and how they tune. */
export const TUNING: Tuning = {
  centreHz: 868_130_000,
  grid: 1,
  bandwidth: 2,
  syncWord: 0x2c0f7995,
  pageHz: 466_075_000,
  inverted: false,
};

export const ROBUST: LrFhssSettings = {
  syncWord: TUNING.syncWord,
  grid: 1,
  bandwidth: 2,
  codingRate: 3,
  hopping: true,
  headerCount: 3,
  hopSequenceId: 5,
  deviceOffset: 0,
};

export const EPOCH_NS = 1_790_000_000_000_000_000n;

export const randomPayload = (random: Random, bytes = 20): Uint8Array =>
  Uint8Array.from({ length: bytes }, () => randomInteger(random, 256));

export const burst = (
  payload: Uint8Array,
  rest: Partial<Transmission> = {},
  settings: Partial<LrFhssSettings> = {},
): Transmission => ({
  startNs: EPOCH_NS + 1_000_000_000n,
  frame: encodeFrame({ ...ROBUST, ...settings }, payload),
  latitude: 31.23,
  longitude: 121.47,
  powerDbm: 14,
  address: 1,
  ...rest,
});
