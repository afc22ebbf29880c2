import {
  BIT_NS,
  CARRIER_UNIT_HZ,
  HEADER_BITS,
  type LrFhssChannel,
  type LrFhssHeader,
} from "../../protocol/air/lr-fhss.ts";
import {
  decodeHeader,
  decodePayload,
  type FragmentPlan,
  planFragments,
} from "../../protocol/air/lr-fhss-decode.ts";
import { toHex } from "../../protocol/hex.ts";
import { differences } from "./differences.ts";
import {
  type Fields,
  hexBytes,
  hexWord,
  integer,
  number,
  object,
  objectOrNull,
  objects,
  oneOf,
  ShapeError,
  text,
} from "./vector-fields.ts";

/** A measured carrier may be off by this much and still be the hop that was planned. */
const CARRIER_TOLERANCE_UNITS = 2;
const GRIDS: readonly (0 | 1)[] = [0, 1];

interface ReceivedHop {
  readonly order: number;
  readonly firstBit: number;
  readonly bits: number;
  readonly carrierUnits: number;
  /** Null: the hop was lost. */
  readonly soft: Int8Array | null;
}

/**
 * A case of lr-fhss-noisy.json or lr-fhss-onair.json, received as a gateway does: any header that
 * decodes says where the payload is, and only hops at those times and carriers are looked at.
 */
export function checkLrFhssReceive(vector: Fields): string[] {
  const config = object(vector, "config");
  const channel: LrFhssChannel = {
    syncWord: hexWord(config, "sync_word"),
    grid: oneOf(config, "grid", GRIDS),
    bandwidth: integer(config, "bw"),
  };
  const hops = hopsOf(vector);
  const received = hops.flatMap((hop) => receiveFrom(hop, hops, channel));
  const expected = objectOrNull(vector, "expect");
  return expected === null ? checkNothing(received) : checkReceived(expected, received);
}

interface Received {
  readonly order: number;
  readonly header: LrFhssHeader;
  /** Planned fragments that no hop of the file, lost or not, stands for. */
  readonly unplaced: number;
  readonly payload: Uint8Array | undefined;
}

function receiveFrom(
  hop: ReceivedHop,
  hops: readonly ReceivedHop[],
  channel: LrFhssChannel,
): Received[] {
  if (hop.bits !== HEADER_BITS || hop.soft === null) return [];
  const decoded = decodeHeader(hop.soft, channel);
  if (!decoded.ok) return [];
  const { header } = decoded;
  const plan = planFragments(header, BigInt(hop.firstBit) * BIT_NS, hop.carrierUnits);
  const placed = plan.fragments.map((fragment) => hops.find((each) => isAt(each, fragment)));
  const found = decodePayload(
    header,
    placed.map((each) => each?.soft ?? null),
  );
  const unplaced = placed.filter((each) => each === undefined).length;
  return [{ order: hop.order, header, unplaced, payload: found.ok ? found.payload : undefined }];
}

function isAt(hop: ReceivedHop, fragment: FragmentPlan): boolean {
  return (
    BigInt(hop.firstBit) * BIT_NS === fragment.startNs &&
    hop.bits === fragment.bits &&
    Math.abs(hop.carrierUnits - fragment.carrierUnits) <= CARRIER_TOLERANCE_UNITS
  );
}

function checkNothing(received: readonly Received[]): string[] {
  return received.flatMap(({ order, payload }) =>
    payload === undefined ? [] : [`hop ${order} must give no payload, gives ${toHex(payload)}`],
  );
}

function checkReceived(expected: Fields, received: readonly Received[]): string[] {
  const payload = toHex(hexBytes(expected, "payload"));
  const header = object(expected, "header");
  const isTrue = (each: Received) =>
    differences(header, headerFields(each.header), "header").length === 0;
  const [any] = received;
  if (any === undefined) return ["no header decodes"];
  if (!received.some(isTrue)) return differences(header, headerFields(any.header), "header");

  return received.flatMap((each) => {
    const path = `payload by the header in hop ${each.order}`;
    if (!isTrue(each)) return each.payload ? [`${path} comes of a false header`] : [];
    const shown = each.payload ? toHex(each.payload) : "undecodable";
    return [
      ...differences(0, each.unplaced, `fragments off their hops in the ${path}`),
      ...differences(payload, shown, path),
    ];
  });
}

function headerFields(header: LrFhssHeader) {
  return {
    payload_length: header.payloadBytes,
    cr: header.codingRate,
    grid: header.grid,
    bw: header.bandwidth,
    hop_sequence_id: header.hopSequenceId,
  };
}

function hopsOf(vector: Fields): ReceivedHop[] {
  const hops = objects(vector, "hops").map((hop) => {
    const bits = integer(hop, "bits");
    return {
      order: integer(hop, "order"),
      firstBit: integer(hop, "first_bit"),
      bits,
      carrierUnits: Math.round(number(hop, "offset_hz") / CARRIER_UNIT_HZ),
      soft: hop["soft"] === null ? null : softBits(text(hop, "soft"), bits),
    };
  });
  return hops.sort((a, b) => a.order - b.order);
}

function softBits(base64: string, bits: number): Int8Array {
  const soft = Int8Array.from(base64Bytes(base64));
  if (soft.length !== bits) throw new ShapeError(`soft must hold ${bits} bits`);
  return soft;
}

function base64Bytes(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new ShapeError("soft must be base64", { cause });
  }
}
