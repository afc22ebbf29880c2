import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuiet, quietUntil } from "./quiet-hours.ts";

const MINUTE_MS = 60_000;
const night = { fromMinute: 22 * 60, toMinute: 7 * 60 };

describe("quiet hours", () => {
  // worked by hand from the zones' rules of 2026
  it.each([
    ["Europe/Berlin", "a night of 8 hours", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"],
    ["Europe/Berlin", "a night of 10 hours", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z"],
    ["America/New_York", "a night of 8 hours", "2026-03-08T03:00:00Z", "2026-03-08T11:00:00Z"],
    ["America/New_York", "a night of 10 hours", "2026-11-01T02:00:00Z", "2026-11-01T12:00:00Z"],
    ["Asia/Shanghai", "any night", "2026-03-28T14:00:00Z", "2026-03-28T23:00:00Z"],
    ["Australia/Lord_Howe", "half an hour", "2026-10-03T11:30:00Z", "2026-10-03T20:00:00Z"],
  ])("in %s end as the clock on the wall shows (%s)", (zone, _what, from, to) => {
    expect(new Date(quietUntil(night, zone, Date.parse(from))).toISOString()).toBe(
      to.replace("Z", ".000Z"),
    );
  });

  it("end at three where half past two is skipped", () => {
    const quiet = { fromMinute: 60, toMinute: 150 };
    const end = quietUntil(quiet, "Europe/Berlin", Date.parse("2026-03-29T00:10:00Z"));
    expect(new Date(end).toISOString()).toBe("2026-03-29T01:00:00.000Z");
  });

  it("end at the first minute that is not quiet, in three zones over a year", () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
        fc.record({ fromMinute: minute, toMinute: minute }),
        // around a change of one of the clocks, where it is hard
        fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25"),
        fc.integer({ min: -1_440, max: 1_440 }),
        (zone, quiet, day, shift) => {
          fc.pre(quiet.fromMinute !== quiet.toMinute);
          const from = Date.parse(`${day}T00:00:00Z`) + shift * MINUTE_MS;
          let oracle = from;
          while (isQuiet(quiet, zone, oracle)) oracle += MINUTE_MS;
          expect(quietUntil(quiet, zone, from)).toBe(oracle);
        },
      ),
      { numRuns: 40 },
    );
  });
});
