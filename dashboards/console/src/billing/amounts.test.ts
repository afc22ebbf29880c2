import fc from "fast-check";
import { expect, it } from "vitest";
import { majorText, minorOf } from "./amounts.ts";

it.each([
  ["12.5", "CNY", 1_250],
  ["12", "JPY", 12],
  ["1.234", "KWD", 1_234],
  ["0", "CNY", undefined],
  ["-1", "CNY", undefined],
  ["1.234", "CNY", undefined],
  ["1,5", "CNY", undefined],
])("reads %s %s", (text, currency, minor) => {
  expect(minorOf(text, currency)).toBe(minor);
});

it("reads what it writes", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e12 - 1 }),
      fc.constantFrom("CNY", "JPY", "KWD"),
      (minor, of) => {
        expect(minorOf(majorText(minor, of), of)).toBe(minor);
      },
    ),
  );
});
