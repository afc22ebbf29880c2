import fc from "fast-check";
import { expect, it } from "vitest";
import { parseHex, toHex } from "./hex.ts";

it("writes and reads bytes as hex digits", () => {
  expect(toHex(Uint8Array.of(0, 9, 0xab, 255))).toBe("0009abff");
  expect(parseHex("0009ABff")).toEqual(Uint8Array.of(0, 9, 0xab, 255));
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(parseHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

it.each(["0", "0g", "0x00", " 00", "00 "])("refuses %o", (text) => {
  expect(parseHex(text)).toBeUndefined();
});
