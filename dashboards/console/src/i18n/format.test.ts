import { expect, it } from "vitest";
import { createFormat } from "./format.ts";

const format = createFormat("en", (key) => key, "Asia/Shanghai");

it("writes money with its currency and its digits", () => {
  const chinese = createFormat("zh-CN", (key) => key, "Asia/Shanghai");
  expect(format.money(-123_456, "CNY")).toBe("-CN¥1,234.56");
  expect(chinese.money(123_456, "CNY")).toBe("¥1,234.56");
  expect(format.money(500, "JPY")).toBe("¥500");
  expect([format.day("2026-02-28"), chinese.month("2026-02")]).toEqual([
    "Feb 28, 2026",
    "2026年2月",
  ]);
});

// Codes as SAE J2012 lists them: what a tester reads out of the two bytes.
it.each([
  [0x0217, "P0217"], // engine coolant over temperature
  [0x4035, "C0035"], // left front wheel speed sensor
  [0x9234, "B1234"],
  [0xc100, "U0100"], // lost communication with the engine computer
  [0, "—"],
])("writes the fault code %i as %s", (code, text) => {
  expect(format.value(code, "DTC")).toBe(text);
});
