import fc from "fast-check";
import { expect, it } from "vitest";
import { PacketSizeGuard } from "./packet-size.ts";

function packet(length: number): number[] {
  const bytes = [0x30];
  for (let left = length; ; ) {
    const byte = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? byte | 0x80 : byte);
    if (left === 0) break;
  }
  return [...bytes, ...Array<number>(length).fill(0xff)];
}

it("accepts a packet of the limit and refuses one byte more, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { maxLength: 8 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      (lengths, tooLong, cut) => {
        const all = [...lengths, ...(tooLong ? [301] : [300])].flatMap(packet);
        const guard = new PacketSizeGuard(300);
        let accepted = true;
        for (let at = 0; at < all.length && accepted; at += cut) {
          accepted = guard.accepts(Uint8Array.from(all.slice(at, at + cut)));
        }
        expect(accepted).toBe(!tooLong);
      },
    ),
  );
});

it("refuses a large length before any of its bytes has come", () => {
  expect(new PacketSizeGuard(65_536).accepts(Uint8Array.of(0x30, 0xff, 0xff, 0x7f))).toBe(false);
});

it("refuses a length of more than four bytes", () => {
  const guard = new PacketSizeGuard(65_536);
  expect(guard.accepts(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 0x00))).toBe(false);
});
