import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, it } from "vitest";
import { addMonths, startOfDayNs } from "./calendar.ts";

const anyDay = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

it("adds months as Temporal does: what lacks the day ends on its last", () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -400, max: 400 }), (day, months) => {
      expect(addMonths(day, months)).toBe(Temporal.PlainDate.from(day).add({ months }).toString());
    }),
  );
  expect(addMonths("2028-01-31", 1)).toBe("2028-02-29");
});

it("says the same start of a day again, and another one in another place", () => {
  const shanghaiNs = BigInt(Date.parse("2026-01-31T16:00:00Z")) * 1_000_000n;
  for (const [timeZone, ns] of [
    ["Asia/Shanghai", shanghaiNs],
    ["UTC", shanghaiNs + 28_800_000_000_000n],
    ["Asia/Shanghai", shanghaiNs],
  ] as const)
    expect(startOfDayNs("2026-02-01", timeZone)).toBe(ns);
});
