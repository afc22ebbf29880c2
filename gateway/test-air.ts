import { BIT_NS, type LrFhssSettings } from "../protocol/air/lr-fhss.ts";
import { encodeFrame, type LrFhssFrame } from "../protocol/air/lr-fhss-encode.ts";
import type {
  CaptureFrame,
  CollectFrame,
  HeaderFrame,
  ModemFrame,
} from "../protocol/modem/line-frame.ts";

// For tests: what a modem with perfect ears says about frames on the air, worked out from the encoder alone.

export const CHANNEL = { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2 } as const;
export const START_NS = 1_735_689_600_000_000_000n;

export interface OnAir {
  readonly frame: LrFhssFrame;
  readonly startNs: bigint;
  /** A carrier error of the transmitter. */
  readonly driftUnits: number;
}

export function onAir(
  payload: Uint8Array,
  settings: Partial<LrFhssSettings> & { startNs?: bigint; driftUnits?: number } = {},
): OnAir {
  const { startNs = START_NS, driftUnits = 0, ...rest } = settings;
  const whole: LrFhssSettings = {
    ...CHANNEL,
    ...{ codingRate: 3, hopping: true, headerCount: 3, hopSequenceId: 5, deviceOffset: 0 },
    ...rest,
  };
  return { frame: encodeFrame(whole, payload), startNs, driftUnits };
}

const softOf = ({ frame }: OnAir, firstBit: number, bits: number): Int8Array =>
  Int8Array.from(frame.bits.subarray(firstBit, firstBit + bits), (bit) => (bit === 1 ? 100 : -100));

const hopStartNs = (air: OnAir, firstBit: number): bigint =>
  air.startNs + BigInt(firstBit) * BIT_NS;

/** The HEADERs of a frame in order, tokens from `token` up. */
export function headersOf(air: OnAir, token = 1): HeaderFrame[] {
  return air.frame.hops
    .filter(({ kind }) => kind === "header")
    .map((hop, i) => ({
      name: "header",
      token: token + i,
      timeNs: hopStartNs(air, hop.firstBit),
      carrierUnits: hop.carrierUnits + air.driftUnits,
      rssiTenthDbm: -1200,
      snrQuarterDb: 10 + i,
      softBits: softOf(air, hop.firstBit, hop.bits),
    }));
}

/** What was on the air at a COLLECT's times and carriers: CAPTUREs and the END. */
export function capturesOf(airs: readonly OnAir[], collect: CollectFrame): ModemFrame[] {
  let timeNs = collect.startNs;
  const captures = collect.fragments.map(({ carrierUnits, bits }, fragment): CaptureFrame => {
    const startNs = timeNs;
    timeNs += BigInt(bits) * BIT_NS;
    const head = { name: "capture", token: collect.token, fragment } as const;
    for (const air of airs) {
      const hop = air.frame.hops.find(
        (each) =>
          hopStartNs(air, each.firstBit) === startNs &&
          each.carrierUnits + air.driftUnits === carrierUnits &&
          each.bits === bits,
      );
      if (!hop) continue;
      const softBits = softOf(air, hop.firstBit, bits);
      return { ...head, status: "heard", rssiTenthDbm: -1185, softBits };
    }
    return { ...head, status: "nothing", rssiTenthDbm: undefined, softBits: new Int8Array() };
  });
  const end = { name: "capture-end", token: collect.token, capturesSent: captures.length } as const;
  return [...captures, end];
}
