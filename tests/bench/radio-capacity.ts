import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { BIT_MS, FRAGMENT_BITS, fragmentCount, HEADER_BITS } from "../../protocol/air/lr-fhss.ts";
import { decodePayload } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeFrame, type LrFhssFrame } from "../../protocol/air/lr-fhss-encode.ts";
import type { Figure } from "./figure.ts";

/**
 * Share of packets delivered when only collisions hurt: Poisson arrivals, random hop sequences,
 * device offsets, as many demodulators as it takes. Hops of two packets that overlap in
 * time on carriers nearer than a slot destroy each other. What is left of a packet goes through the
 * real decoder, lost fragments as erasures.
 */

const PACKETS_PER_DAY = 1_000_000;
const DAY_MS = 86_400_000;
const PACKETS = 200_000;
/** Hops that start within a step of each other overlap anyway, in whichever order. */
const SORT_STEPS_PER_MS = 50;
const PAYLOAD_BYTES = 20;
const HEADERS = 3;
const HOP_SEQUENCES = 384;
const HOPS_PER_PACKET = HEADERS + fragmentCount(PAYLOAD_BYTES, 3);
/** Two carrier units are the 488 Hz slot of a hop. */
const SLOT_UNITS = 2;

const MODE = {
  syncWord: 0x2c0f7995,
  codingRate: 3,
  grid: 1,
  bandwidth: 2,
  hopping: true,
  headerCount: HEADERS,
} as const;

interface Hops {
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  readonly carrier: Int16Array;
  readonly lost: Uint8Array;
  /** Hops in order of their start. */
  readonly order: Uint32Array;
}

interface Sent {
  readonly payload: Uint8Array;
  readonly frame: LrFhssFrame;
}

const ASSUMED =
  "137 kHz, CR 1/3 × 3 headers, 20 bytes, no noise, no capture effect, unlimited demodulators. Assumed: random device " +
  "offsets −4..3 on the device offset grid, so 35 channels × 8 offsets = 280 slots";

export function capacityFigures(): Figure[] {
  const random = seededRandom("radio capacity");
  const pool = Array.from({ length: HOP_SEQUENCES }, (_, id) => randomFrame(random, id));
  const { hops, sequences } = makeTraffic(random, pool);
  const delivered = (headersReach: 0 | 1): number => {
    loseCollisions(hops, headersReach);
    let count = 0;
    // The first and the last packets meet less traffic than the others; they are a few of many.
    sequences.forEach((sequence, packet) => {
      const sent = pool[sequence];
      if (sent && isDelivered(sent, lossesOf(hops, packet))) count += 1;
    });
    return Number((count / PACKETS).toFixed(4));
  };
  const share = delivered(0);
  return [
    {
      name: "radio.capacity_1m_day",
      value: share,
      unit: "share delivered",
      peer: { name: "published collision study", value: 0.985, unit: "share delivered" },
      ratio: Number((share / 0.985).toFixed(4)),
      note: `${ASSUMED}; a header shifted by half a slot counts in its own slot. ${PACKETS} packets, all through the real decoder`,
    },
    {
      name: "radio.capacity_1m_day_half_slots",
      value: delivered(1),
      unit: "share delivered",
      note: "the same traffic where any overlap in frequency is a loss: a header shifted by half a slot collides with both slots that it touches",
    },
  ];
}

function randomFrame(random: Random, hopSequenceId: number): Sent {
  const payload = Uint8Array.from({ length: PAYLOAD_BYTES }, () => randomInteger(random, 256));
  return { payload, frame: encodeFrame({ ...MODE, hopSequenceId, deviceOffset: 0 }, payload) };
}

function makeTraffic(
  random: Random,
  pool: readonly Sent[],
): { hops: Hops; sequences: Uint16Array } {
  const gapMs = DAY_MS / PACKETS_PER_DAY;
  const sequences = Uint16Array.from({ length: PACKETS }, () => randomInteger(random, pool.length));
  const count = PACKETS * HOPS_PER_PACKET;
  const startMs = new Float64Array(count);
  const endMs = new Float64Array(count);
  const carrier = new Int16Array(count);
  let nowMs = 0;
  sequences.forEach((sequence, packet) => {
    nowMs -= gapMs * Math.log(1 - random.next());
    const offsetUnits = SLOT_UNITS * (randomInteger(random, 8) - 4);
    pool[sequence]?.frame.hops.forEach((hop, i) => {
      const at = packet * HOPS_PER_PACKET + i;
      startMs[at] = nowMs + hop.firstBit * BIT_MS;
      endMs[at] = nowMs + (hop.firstBit + hop.bits) * BIT_MS;
      carrier[at] = hop.carrierUnits - offsetUnits;
    });
  });
  const hops = { startMs, endMs, carrier, lost: new Uint8Array(count), order: byStart(startMs) };
  return { hops, sequences };
}

/**
 * Marks both of any two hops that overlap in time and slot; hops of one packet follow each other and
 * never do. With a reach of 1 a header shifted by half a slot meets both slots that it touches.
 */
function loseCollisions({ carrier, endMs, startMs, lost, order }: Hops, reach: 0 | 1): void {
  lost.fill(0);
  /** By carrier: the hop that holds it longest so far, and until when. */
  const holders = new Map<number, { readonly hop: number; readonly endMs: number }>();
  for (const hop of order) {
    const carrierUnits = carrier[hop] ?? 0;
    const own = reach === 0 ? carrierUnits - (carrierUnits & 1) : carrierUnits;
    const held = { hop, startMs: startMs[hop] ?? 0, endMs: endMs[hop] ?? 0 };
    for (let near = own - reach; near <= own + reach; near++) {
      const holder = holders.get(near);
      if (holder && holder.endMs > held.startMs) {
        lost[hop] = 1;
        lost[holder.hop] = 1;
      }
    }
    if ((holders.get(own)?.endMs ?? 0) < held.endMs) holders.set(own, held);
  }
}

/** Hops by start. Sorted as numbers that carry their index: a comparator would take seconds. */
function byStart(startMs: Float64Array): Uint32Array {
  const count = startMs.length;
  const keys = startMs.map((start, hop) => Math.round(start * SORT_STEPS_PER_MS) * count + hop);
  return Uint32Array.from(keys.sort(), (key) => key % count);
}

const lossesOf = ({ lost }: Hops, packet: number): Uint8Array =>
  lost.subarray(packet * HOPS_PER_PACKET, (packet + 1) * HOPS_PER_PACKET);

/** One header is enough to find the payload; what is lost of that is unknown to the decoder. */
function isDelivered({ payload, frame }: Sent, lost: Uint8Array): boolean {
  if (lost.subarray(0, HEADERS).every((each) => each === 1)) return false;
  const bits = frame.bits.subarray(HEADERS * HEADER_BITS);
  const heard = Array.from(lost.subarray(HEADERS), (each, j) =>
    each === 1
      ? null
      : Int8Array.from(bits.subarray(j * FRAGMENT_BITS, (j + 1) * FRAGMENT_BITS), (bit) =>
          bit === 1 ? 127 : -127,
        ),
  );
  const decoded = decodePayload(
    { payloadBytes: PAYLOAD_BYTES, codingRate: MODE.codingRate },
    heard,
  );
  return decoded.ok && payload.every((byte, i) => decoded.payload[i] === byte);
}
