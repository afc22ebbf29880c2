import { expect, it } from "vitest";
import { crc16 } from "./crc16.ts";

it("gives the catalogue's check value of CRC-16/IBM-3740", () => {
  expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x29b1);
  expect(crc16(new Uint8Array())).toBe(0xffff);
});
