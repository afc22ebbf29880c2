import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  type Calendar,
  dayAt,
  dueMoments,
  momentsBetween,
  momentsOfDay,
  nextMomentMs,
  type Switch,
  sunOf,
} from "./calendar.ts";

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const sun = (kind: "sunrise" | "sunset", offsetMin = 0): Switch["at"] => ({
  ...{ kind, offsetMin, notBefore: null, notAfter: null },
});
const daily = (at: Switch["at"], on = true): Switch => ({
  ...{ days: EVERY_DAY, at, name: "switch", arguments: { on } },
});
const clock = (time: string, on = true): Switch => daily({ kind: "time", time }, on);
const at = (
  timeZone: string,
  latitude: number,
  longitude: number,
  ...switches: Switch[]
): Calendar => ({
  ...{ isActive: true, timeZone, latitude, longitude, switches },
});
const SHANGHAI = ["Asia/Shanghai", 31.23, 121.47] as const;
const BERLIN = ["Europe/Berlin", 52.52, 13.4] as const;
const PLACES = { Shanghai: SHANGHAI, Berlin: BERLIN };
const TROMSO = ["Europe/Oslo", 69.65, 18.96] as const;
const DAY_MS = 86_400_000;
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const said = ({ timeZone }: Calendar, atMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: "never", smallestUnit: "minute" });

const anyZone = fc.constantFrom(
  ...([
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
  ] as const),
  ...([
    "America/St_Johns",
    "Africa/Casablanca",
    "America/Santiago",
    "UTC",
    "Asia/Shanghai",
  ] as const),
);
const anyTime = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const anySwitch: fc.Arbitrary<Switch> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    fc.oneof(
      anyTime.map((time) => ({ kind: "time" as const, time })),
      fc
        .tuple(
          fc.constantFrom("sunrise" as const, "sunset" as const),
          fc.integer({ min: -180, max: 180 }),
        )
        .map(([kind, offsetMin]) => ({ kind, offsetMin, notBefore: null, notAfter: null })),
    ),
  )
  .map(([days, time]) => ({ days, at: time, name: "switch", arguments: {} }));
const anyCalendar: fc.Arbitrary<Calendar> = fc
  .tuple(
    anyZone,
    fc.double({ min: -89, max: 89, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.array(anySwitch, { minLength: 1, maxLength: 4 }),
  )
  .map(([timeZone, latitude, longitude, switches]) =>
    at(timeZone, latitude, longitude, ...switches),
  );
const anyStartMs = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });

describe("a calendar", () => {
  it("has the same moments however the time is cut, each once", () => {
    fc.assert(
      fc.property(
        anyCalendar,
        anyStartMs,
        fc.array(fc.integer({ min: 1, max: 3 * DAY_MS }), { minLength: 1, maxLength: 8 }),
        (calendar, startMs, cuts) => {
          let fromMs = startMs;
          const cut = cuts.flatMap((ms) => {
            const some = momentsBetween(calendar, fromMs, fromMs + ms);
            fromMs += ms;
            return some;
          });
          expect(cut).toEqual(momentsBetween(calendar, startMs, fromMs));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has a time of day once on every day that it names, also when the clocks change", () => {
    fc.assert(
      fc.property(anyZone, anyTime, anyStartMs, (timeZone, time, startMs) => {
        const calendar = at(timeZone, 0, 0, clock(time));
        const first = dayAt(calendar, startMs);
        const moments = Array.from({ length: 200 }, (_, ahead) => {
          const [moment, ...more] = momentsOfDay(calendar, first.add({ days: ahead }));
          expect(more).toEqual([]);
          return moment?.atMs ?? 0;
        });
        for (const [ahead, atMs] of moments.entries())
          expect(atMs).toBeGreaterThan(moments[ahead - 1] ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it("knows its next moment", () => {
    fc.assert(
      fc.property(anyCalendar, anyStartMs, (calendar, startMs) => {
        const next = nextMomentMs(calendar, startMs);
        if (next === null) return;
        expect(next).toBeGreaterThan(startMs);
        expect(momentsBetween(calendar, startMs, next).map(({ atMs }) => atMs)).toContain(next);
        expect(momentsBetween(calendar, startMs, next - 1)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(nextMomentMs({ ...at(...SHANGHAI, clock("07:00")), isActive: false }, 0)).toBeNull();
  });

  it("goes by the zone's clocks: what they leave out comes later, what comes twice the first time", () => {
    const calendar = at(...BERLIN, clock("02:30"));
    const moment = (text: string) =>
      said(calendar, momentsOfDay(calendar, day(text))[0]?.atMs ?? 0);
    expect(moment("2026-03-29")).toBe("2026-03-29T03:30+02:00");
    expect(moment("2026-10-25")).toBe("2026-10-25T02:30+02:00");
  });
});

describe("sunrise and sunset", () => {
  // as almanacs have them, to the minute or two
  it.each([
    ["Shanghai", "2026-06-21", "04:50", "19:01"],
    ["Shanghai", "2026-12-22", "06:49", "16:55"],
    ["Berlin", "2026-03-29", "06:46", "19:33"],
    ["Berlin", "2026-12-22", "08:15", "15:54"],
  ] as const)("in %s on %s", (place, text, rise, set) => {
    const [timeZone, latitude, longitude] = PLACES[place];
    const calendar = at(timeZone, latitude, longitude);
    const { sunriseMs, sunsetMs } = sunOf(calendar, day(text));
    const minuteOf = (ms: number | null): number => {
      const local = said(calendar, ms ?? 0).slice(11, 16);
      return Number(local.slice(0, 2)) * 60 + Number(local.slice(3));
    };
    const expected = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    expect(Math.abs(minuteOf(sunriseMs) - expected(rise))).toBeLessThanOrEqual(2);
    expect(Math.abs(minuteOf(sunsetMs) - expected(set))).toBeLessThanOrEqual(2);
  });

  it("do not come in the polar night nor under the midnight sun, and come back after both", () => {
    const calendar = at(...TROMSO, daily(sun("sunset")), daily(sun("sunrise"), false));
    const count = (text: string) => momentsOfDay(calendar, day(text)).length;
    expect(count("2026-12-21")).toBe(0);
    expect(count("2026-06-21")).toBe(0);
    expect(count("2026-03-20")).toBe(2);
    expect(count("2026-09-23")).toBe(2);
    const next = nextMomentMs(calendar, Date.UTC(2026, 11, 21)) ?? 0;
    expect(said(calendar, next)).toMatch(/^2027-01-1[4-9]/);
  });

  it("lie within the bounds of the clock where there are some", () => {
    const bounded: Switch["at"] = {
      kind: "sunset",
      offsetMin: 30,
      notBefore: "17:30",
      notAfter: "19:00",
    };
    const calendar = at(...SHANGHAI, daily(bounded));
    const moment = (text: string) =>
      said(calendar, momentsOfDay(calendar, day(text))[0]?.atMs ?? 0);
    expect(moment("2026-12-22")).toBe("2026-12-22T17:30+08:00");
    expect(moment("2026-06-21")).toBe("2026-06-21T19:00+08:00");
  });
});

describe("moments that were missed", () => {
  const test: Switch = { ...clock("10:00"), name: "silent-test", arguments: {} };
  const calendar = at(...SHANGHAI, clock("06:00", false), test, clock("18:00"));
  const bound = (name: string) => ({ isLasting: name === "switch", expiryS: 900 });
  const missed = (fromHour: number, toHour: number) => {
    const fromMs = Date.UTC(2026, 4, 1, fromHour - 8);
    const toMs = Date.UTC(2026, 4, 1, toHour - 8);
    return dueMoments(calendar, momentsBetween(calendar, fromMs, toMs), toMs, bound).map(
      (moment) => moment.at,
    );
  };

  it("are made up for as far as they still hold", () => {
    expect(missed(5, 9)).toEqual([0]);
    expect(missed(5, 20)).toEqual([2]);
    expect(missed(9, 11)).toEqual([]);
    expect(missed(9, 10.2)).toEqual([1]);
  });

  it("are made up for in their order", () => {
    const noon = Date.UTC(2026, 4, 1, 4);
    const dim: Switch = { ...clock("11:00"), name: "dim" };
    const morning = at(...SHANGHAI, clock("06:00"), dim, clock("11:30", false));
    const moments = momentsBetween(morning, noon - 7 * 3_600_000, noon);
    const due = dueMoments(morning, moments, noon, () => ({ isLasting: true, expiryS: 900 }));
    expect(due.map((moment) => moment.at)).toEqual([1, 2]);
  });
});
