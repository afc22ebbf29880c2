import { expect, it } from "vitest";
import { freshnessOf } from "./freshness.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

it.each([
  ["vehicle", 15, "fresh"],
  ["vehicle", 16, "stale"],
  ["bus", 181, "silent"],
  ["groundwater", 6 * 60, "fresh"],
  ["groundwater", 6 * 60 + 1, "stale"],
  ["siren", 48 * 60 + 1, "silent"],
])("calls a %s that was heard %i minutes ago %s", (profile, minutes, freshness) => {
  expect(freshnessOf(profile, ago(minutes), NOW)).toBe(freshness);
});

it("calls a terminal that was never heard silent", () => {
  expect(freshnessOf("vehicle", null, NOW)).toBe("silent");
});
