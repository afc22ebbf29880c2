import { randomInteger, seededRandom } from "../../base/random.ts";
import { BIT_NS, type LrFhssSettings } from "../../protocol/air/lr-fhss.ts";
import { encodeFrame } from "../../protocol/air/lr-fhss-encode.ts";
import type { LrFhssHop } from "../../protocol/air/lr-fhss-hops.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import type { LineFrame } from "../../protocol/modem/line-frame.ts";

const ROBUST = {
  syncWord: 0x2c0f7995,
  codingRate: 3,
  grid: 1,
  bandwidth: 2,
  hopping: true,
  headerCount: 3,
  deviceOffset: 0,
} satisfies Omit<LrFhssSettings, "hopSequenceId">;

const TOKEN_FIRST = 16;
const TOKENS = 0x1_0000 - TOKEN_FIRST;
const HOP_SEQUENCES = 384;
const LEVELS = 4096;

/** One reception as a modem tells it: what goes over which gateway's line. */
export interface LineReception {
  readonly gateway: number;
  readonly bytes: Uint8Array;
}

export interface LineOptions {
  readonly gateways: number;
  readonly gatewaysPerPacket: number;
  readonly startNs: bigint;
  readonly packetsPerS: number;
}

/**
 * What modems say of packets: three HEADERs, all CAPTUREs and the END, in one piece. A COLLECT is not waited for: its token
 * is known beforehand, because a gateway hands its tokens out in turn.
 */
export function createLines(options: LineOptions) {
  const { gateways, gatewaysPerPacket, startNs, packetsPerS } = options;
  const random = seededRandom("ingest lines");
  const levels = Int8Array.from({ length: LEVELS }, () => 30 + randomInteger(random, 97));
  const heard = new Uint32Array(gateways);
  let packets = 0;

  function soft(bits: Uint8Array, { firstBit, bits: length }: LrFhssHop): Int8Array {
    const at = randomInteger(random, LEVELS - length);
    return Int8Array.from(bits.subarray(firstBit, firstBit + length), (bit, i) =>
      bit === 1 ? (levels[at + i] ?? 0) : -(levels[at + i] ?? 0),
    );
  }

  function reception(bits: Uint8Array, hops: readonly LrFhssHop[], air: Air): LineReception {
    const { gateway, timeNs } = air;
    const count = heard[gateway] ?? 0;
    heard[gateway] = count + 1;
    const token = TOKEN_FIRST + (count % TOKENS);
    const headers = hops.filter(({ kind }) => kind === "header");
    const captures = hops.filter(({ kind }) => kind === "payload");
    const frames: LineFrame[] = [
      ...headers.map(
        (hop, i): LineFrame => ({
          name: "header",
          token: 1 + ((count * headers.length + i) % 0xffff),
          timeNs: timeNs + BigInt(hop.firstBit) * BIT_NS,
          carrierUnits: hop.carrierUnits,
          rssiTenthDbm: -1100,
          snrQuarterDb: 20,
          softBits: soft(bits, hop),
        }),
      ),
      ...captures.map(
        (hop, fragment): LineFrame => ({
          name: "capture",
          token,
          fragment,
          status: "heard",
          rssiTenthDbm: -1100,
          softBits: soft(bits, hop),
        }),
      ),
      { name: "capture-end", token, capturesSent: captures.length },
    ];
    return { gateway, bytes: joined(frames.map(encodeLineFrame)) };
  }

  return (payload: Uint8Array): LineReception[] => {
    const packet = packets++;
    const hopSequenceId = randomInteger(random, HOP_SEQUENCES);
    const { bits, hops } = encodeFrame({ ...ROBUST, hopSequenceId }, payload);
    const timeNs = startNs + BigInt(Math.round((packet * 1e9) / packetsPerS));
    return Array.from({ length: gatewaysPerPacket }, (_, copy) => {
      const apart = copy * Math.floor(gateways / gatewaysPerPacket);
      const gateway = (packet + apart) % gateways;
      return reception(bits, hops, { gateway, timeNs: timeNs + BigInt(copy) * 1_000_000n });
    });
  };
}

interface Air {
  readonly gateway: number;
  readonly timeNs: bigint;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
