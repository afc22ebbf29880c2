import { expect, it } from "vitest";
import { hexDump } from "./hex-dump.ts";

it("shows sixteen bytes a row with their text", () => {
  expect(hexDump("486f706c696e6500ff0102030405060708")).toEqual([
    {
      offset: "0000",
      hex: "48 6f 70 6c 69 6e 65 00  ff 01 02 03 04 05 06 07",
      text: "Hopline·········",
    },
    { offset: "0010", hex: "08", text: "·" },
  ]);
});

it("has no row for no bytes", () => {
  expect(hexDump("")).toEqual([]);
});
