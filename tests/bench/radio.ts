import { type Random, randomInteger, randomNormal, seededRandom } from "../../base/random.ts";
import {
  FRAGMENT_BITS,
  fragmentCount,
  HEADER_BITS,
  informationBits,
  type LrFhssSettings,
} from "../../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeFrame } from "../../protocol/air/lr-fhss-encode.ts";
import { placeSoft } from "../../protocol/air/lr-fhss-payload-soft.ts";
import { decodeTrellis } from "../../protocol/air/lr-fhss-payload-trellis.ts";
import { type Figure, median, rounded } from "./figure.ts";
import { capacityFigures } from "./radio-capacity.ts";
import { libfecFigures } from "./radio-libfec.ts";

const ROUNDS = 21;
const STAGE_ROUNDS = 101;
const STAGE_WARM_UP = 30;
const FRAMES = 200;
const SIGMA = 0.7458; // 9 % of the bits are wrong before decoding

const ROBUST: LrFhssSettings = {
  syncWord: 0x2c0f7995,
  codingRate: 3,
  grid: 1,
  bandwidth: 2,
  hopping: true,
  headerCount: 3,
  hopSequenceId: 0,
  deviceOffset: 0,
};

export async function figures(): Promise<Figure[]> {
  return [...(await libfecFigures()), ...decoderFigures(), ...capacityFigures()];
}

function noisyFrame(random: Random): Int8Array {
  const payload = Uint8Array.from({ length: 20 }, () => randomInteger(random, 256));
  const settings = { ...ROBUST, hopSequenceId: randomInteger(random, 384) };
  return Int8Array.from(encodeFrame(settings, payload).bits, (bit) => {
    const level = (bit === 1 ? 1 : -1) + SIGMA * randomNormal(random);
    return Math.round(Math.max(-127, Math.min(127, 40 * level)));
  });
}

/** Microseconds of one call, as the median of rounds that follow two to warm up. */
function microseconds(calls: readonly (() => unknown)[]): number {
  const rounds = Array.from({ length: ROUNDS + 2 }, () => {
    const start = performance.now();
    for (const call of calls) call();
    return (1000 * (performance.now() - start)) / calls.length;
  });
  return rounded(median(rounds.slice(2)));
}

function decoderFigures(): Figure[] {
  const random = seededRandom("radio decoders");
  const frames = Array.from({ length: FRAMES }, () => noisyFrame(random));
  const headers = frames.map((soft) => soft.slice(0, HEADER_BITS));
  const fragments = frames.map((soft) =>
    Array.from({ length: fragmentCount(20, 3) }, (_, j) => {
      const start = 3 * HEADER_BITS + j * FRAGMENT_BITS;
      return soft.slice(start, start + FRAGMENT_BITS);
    }),
  );
  return [
    {
      name: "radio.header_us",
      value: microseconds(headers.map((soft) => () => decodeHeader(soft, ROBUST))),
      unit: "µs",
      note: "114 soft bits at 9 % bit errors to a checked header; exact tail-biting search of 16 start states",
    },
    ...payloadFigures(fragments),
  ];
}

/** A whole payload, and which share of it each stage takes. */
function payloadFigures(frames: readonly (readonly Int8Array[])[]): Figure[] {
  const shape = { payloadBytes: 20, codingRate: 3 } as const;
  const steps = informationBits(shape.payloadBytes);
  const stages = [
    () => {
      frames.forEach((heard) => decodePayload(shape, heard));
    },
    () => {
      frames.forEach((heard) => placeSoft(shape, heard));
    },
    () => {
      frames.forEach(() => decodeTrellis(steps));
    },
  ];
  // Rounds in turn, after enough for the compilers: what else the machine does meets all stages.
  const rounds = Array.from({ length: STAGE_WARM_UP + STAGE_ROUNDS }, () =>
    stages.map((stage) => {
      const start = performance.now();
      stage();
      return (1000 * (performance.now() - start)) / frames.length;
    }),
  ).slice(STAGE_WARM_UP);
  const [whole = 0, place = 0, trellis = 0] = stages.map((_, i) =>
    median(rounds.map((times) => times[i] ?? Number.NaN)),
  );
  const share = (stage: string, value: number, note: string): Figure => ({
    name: `radio.payload_share_${stage}`,
    value: rounded(value / whole),
    unit: "share of radio.payload_us",
    note,
  });
  return [
    {
      name: "radio.payload_us",
      value: rounded(whole),
      unit: "µs",
      note: "20 bytes at CR 1/3 and 9 % bit errors, 12 fragments to a checked payload",
    },
    share("place", place, "fragments to mother code: deinterleaved, depunctured, in one pass"),
    share("trellis", trellis, "forward and back, in WebAssembly"),
    share("check", whole - place - trellis, "CRC-16 and whitening, as what is left"),
  ];
}
