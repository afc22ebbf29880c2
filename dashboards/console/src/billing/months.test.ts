import { expect, it } from "vitest";
import { monthsBefore } from "./months.ts";

it("offers the months by the clock of the place, this one first", () => {
  const newYear = Date.parse("2026-01-01T00:30:00+08:00");
  expect(monthsBefore(newYear, "Asia/Shanghai").slice(0, 2)).toEqual(["2026-01", "2025-12"]);
  expect(monthsBefore(newYear, "UTC").slice(0, 2)).toEqual(["2025-12", "2025-11"]);
  expect(monthsBefore(newYear, "America/New_York")).toHaveLength(13);
});
