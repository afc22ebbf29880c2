import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyHostFrame, anyModemFrame } from "../../tests/arbitrary-line-frames.ts";
import { Deframer } from "./deframer.ts";
import { encodeLineFrame, type LineReceiver } from "./line.ts";
import type { LineFrame } from "./line-frame.ts";
import { SlipDeframer, slipEncode } from "./slip.ts";

const concat = (parts: readonly Uint8Array[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

function inPieces(stream: Uint8Array, pieceBytes: number): Uint8Array[] {
  const count = Math.ceil(stream.length / pieceBytes);
  return Array.from({ length: count }, (_, at) =>
    stream.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  );
}

const directions: readonly [LineReceiver, fc.Arbitrary<LineFrame>][] = [
  ["host", anyModemFrame],
  ["modem", anyHostFrame],
];

// A serial port may cut the stream anywhere; where it cuts must not matter.
describe.each(directions)("the deframer of the %s", (receiver, anyFrame) => {
  it("finds every frame however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(anyFrame), fc.integer({ min: 1, max: 64 }), (frames, pieceBytes) => {
        const deframer = new Deframer(receiver);
        const pieces = inPieces(concat(frames.map(encodeLineFrame)), pieceBytes);
        const found = pieces.flatMap((piece) => deframer.push(piece));
        expect(found).toEqual(frames.map((frame) => ({ ok: true, frame })));
        expect(deframer.counters).toMatchObject({ frames: frames.length, badFrames: 0 });
      }),
    );
  });

  it("finds the frames between noise, and counts the same noise however it is cut", () => {
    const noise = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, anyFrame)),
        fc.integer({ min: 1, max: 9 }),
        (parts, pieceBytes) => {
          const stream = concat(
            parts.flatMap(([before, frame]) => [before, encodeLineFrame(frame)]),
          );
          const whole = new Deframer(receiver);
          const cut = new Deframer(receiver);
          const found = whole.push(stream);
          expect(inPieces(stream, pieceBytes).flatMap((piece) => cut.push(piece))).toEqual(found);
          expect(cut.counters).toEqual(whole.counters);
          expect(found.filter((each) => each.ok)).toMatchObject(
            parts.map(([, frame]) => ({ frame })),
          );
        },
      ),
    );
  });
});

describe("SLIP", () => {
  it("escapes the two bytes that RFC 1055 names", () => {
    expect(slipEncode(Uint8Array.of(1, 0xc0, 2, 0xdb))).toEqual(
      Uint8Array.of(0xc0, 1, 0xdb, 0xdc, 2, 0xdb, 0xdd, 0xc0),
    );
  });

  it("takes 4096 bytes and not 4097, escapes not counted", () => {
    const full = new Uint8Array(4096).fill(0xdb);
    const slip = new SlipDeframer(4096);
    expect(slip.push(slipEncode(full))).toEqual([{ ok: true, bytes: full }]);
    expect(slip.push(slipEncode(new Uint8Array(4097)))).toEqual([{ ok: false, fault: "long" }]);
    expect(slip.push(slipEncode(full))).toEqual([{ ok: true, bytes: full }]);
  });

  it("keeps nothing of an endless frame beyond its buffer, and counts it once", () => {
    const deframer = new Deframer("host");
    const chunk = new Uint8Array(65_536).fill(0x55);
    for (let n = 0; n < 100; n++) expect(deframer.push(chunk)).toEqual([]);
    expect(deframer.push(Uint8Array.of(0xc0))).toEqual([{ ok: false, fault: "long" }]);
    expect(deframer.counters.badFrames).toBe(1);
  });

  it("gives frames that later bytes do not overwrite", () => {
    const slip = new SlipDeframer(16);
    const [first] = slip.push(slipEncode(Uint8Array.of(1, 2, 3)));
    slip.push(slipEncode(Uint8Array.of(9, 9, 9)));
    expect(first).toEqual({ ok: true, bytes: Uint8Array.of(1, 2, 3) });
  });
});
