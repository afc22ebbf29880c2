import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hex, unhex } from "../../tests/hex.ts";
import {
  CARRIER_UNIT_HZ,
  type CodingRate,
  type LrFhssHeader,
  type LrFhssSettings,
} from "./lr-fhss.ts";
import { bytesOf } from "./lr-fhss-coding.ts";
import { decodeHeader, decodePayload, planFragments, planHeaders } from "./lr-fhss-decode.ts";
import { encodeFrame } from "./lr-fhss-encode.ts";

interface Hop {
  kind: string;
  first_bit: number;
  bits: number;
  channel: number;
  grid_index: number;
  offset_hz: number;
}
interface FrameCase {
  id: string;
  in: {
    sync_word: string;
    cr: CodingRate;
    grid: 0 | 1;
    bw: number;
    hopping: boolean;
    header_count: number;
    hop_sequence_id: number;
    device_offset: number;
    payload: string;
  };
  mid: { whitened: string; crc16: string; raw_headers: string[] };
  out: { frame_bits: number; frame: string; hops: Hop[] };
}
interface SoftCase {
  id: string;
  config: { sync_word: string; grid: 0 | 1; bw: number };
  hops: { first_bit: number; bits: number; offset_hz: number; soft: string | null }[];
  expect: { payload: string; header: Record<string, number> } | null;
}

const read = <Case>(path: string): Case[] =>
  // Reference data in the shape its own description gives.
  (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { cases: Case[] }).cases;

const frames = read<FrameCase>("../../tests/vectors/lr-fhss.json");
const noisy = read<SoftCase>("../../tests/vectors/lr-fhss-noisy.json");
/** Research data of others: read where it lies, never kept here. */
const ON_AIR = "../../../shared/vectors/lr-fhss-onair.json";

const settingsOf = ({ in: input }: FrameCase): LrFhssSettings => ({
  syncWord: Number.parseInt(input.sync_word, 16),
  codingRate: input.cr,
  grid: input.grid,
  bandwidth: input.bw,
  hopping: input.hopping,
  headerCount: input.header_count,
  hopSequenceId: input.hop_sequence_id,
  deviceOffset: input.device_offset,
});

const packed = (bits: Uint8Array): string => {
  const padded = new Uint8Array(Math.ceil(bits.length / 8) * 8);
  padded.set(bits);
  return hex(bytesOf(padded));
};

describe("frames of the reference transmitter", () => {
  it.each(frames.map((c) => [c.id, c] as const))("encodes %s", (_id, c) => {
    const frame = encodeFrame(settingsOf(c), unhex(c.in.payload));
    expect(hex(frame.whitened)).toBe(c.mid.whitened);
    expect(frame.crc16.toString(16).padStart(4, "0")).toBe(c.mid.crc16);
    expect(frame.headers.map(hex)).toEqual(c.mid.raw_headers);
    expect(frame.bits.length).toBe(c.out.frame_bits);
    expect(packed(frame.bits)).toBe(c.out.frame);
    expect(
      frame.hops.map((hop) => ({
        kind: hop.kind,
        first_bit: hop.firstBit,
        bits: hop.bits,
        channel: hop.channel,
        grid_index: hop.gridIndex,
        offset_hz: hop.carrierUnits * CARRIER_UNIT_HZ,
      })),
    ).toEqual(
      c.out.hops.map(({ kind, first_bit, bits, channel, grid_index, offset_hz }) => ({
        kind,
        first_bit,
        bits,
        channel,
        grid_index,
        offset_hz,
      })),
    );
  });

  it.each(frames.filter((c) => c.in.hopping).map((c) => [c.id, c] as const))(
    "plans fragments and replicas of %s from each header",
    (_id, c) => {
      const hops = c.out.hops.map((hop) => ({
        ns: BigInt(hop.first_bit) * 2_048_000n,
        units: hop.offset_hz / CARRIER_UNIT_HZ,
        ...hop,
      }));
      const headers = hops.filter((hop) => hop.kind === "header");
      for (const [i, own] of headers.entries()) {
        const header: LrFhssHeader = {
          ...settingsOf(c),
          payloadBytes: c.in.payload.length / 2,
          headerIndex: headers.length - 1 - i,
        };
        const plan = planFragments(header, own.ns + 77n, own.units + 3);
        expect(plan.fragments).toEqual(
          hops
            .filter((hop) => hop.kind === "payload")
            .map((hop) => ({ startNs: hop.ns + 77n, carrierUnits: hop.units + 3, bits: hop.bits })),
        );
        expect(plan.payloadStartNs).toBe(plan.fragments[0]?.startNs);
        expect(plan.payloadEndNs).toBe(BigInt(c.out.frame_bits) * 2_048_000n + 77n);
        expect(
          headers.map((_, n) => planHeaders(header, own.ns, own.units)[headers.length - 1 - n]),
        ).toEqual(headers.map((hop) => ({ timeNs: hop.ns, carrierUnits: hop.units })));
      }
    },
  );
});

/** What a gateway does: any header, then the payload where it says. */
function receive(c: SoftCase): { header: LrFhssHeader; payload: Uint8Array }[] {
  const hops = c.hops.map((hop) => ({
    ...hop,
    units: hop.offset_hz / CARRIER_UNIT_HZ,
    soft: hop.soft === null ? null : Int8Array.from(atob(hop.soft), (c) => c.charCodeAt(0)),
  }));
  const channel = {
    syncWord: Number.parseInt(c.config.sync_word, 16),
    grid: c.config.grid,
    bandwidth: c.config.bw,
  };
  return hops.flatMap((hop) => {
    if (hop.bits !== 114 || hop.soft === null) return [];
    const found = decodeHeader(hop.soft, channel);
    if (!found.ok) return [];
    const plan = planFragments(found.header, BigInt(hop.first_bit) * 2_048_000n, hop.units);
    const heard = plan.fragments.map(
      ({ startNs, carrierUnits, bits }) =>
        hops.find(
          (at) =>
            BigInt(at.first_bit) * 2_048_000n === startNs &&
            at.units === carrierUnits &&
            at.bits === bits,
        )?.soft ?? null,
    );
    const decoded = decodePayload(found.header, heard);
    return decoded.ok ? [{ header: found.header, payload: decoded.payload }] : [];
  });
}

function expectReceived(c: SoftCase): void {
  const received = receive(c);
  if (c.expect === null) {
    expect(received).toEqual([]);
    return;
  }
  expect(received.length).toBeGreaterThan(0);
  for (const { header, payload } of received) {
    expect(hex(payload)).toBe(c.expect.payload);
    expect({
      payload_length: header.payloadBytes,
      cr: header.codingRate,
      grid: header.grid,
      bw: header.bandwidth,
      hop_sequence_id: header.hopSequenceId,
    }).toEqual(c.expect.header);
  }
}

describe("frames through a noisy channel", () => {
  it.each(noisy.map((c) => [c.id, c] as const))("receives %s as expected", (_id, c) => {
    expectReceived(c);
  });
});

const recorded = existsSync(new URL(ON_AIR, import.meta.url)) ? read<SoftCase>(ON_AIR) : [];

describe("recordings of a real transmitter", () => {
  it.skipIf(recorded.length === 0)(
    recorded.length === 0
      ? "NOT RUN: the recordings are not beside this project (shared/vectors/lr-fhss-onair.json)"
      : `receives all ${String(recorded.length)}`,
    () => {
      for (const c of recorded) expectReceived(c);
    },
  );
});
