import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Away,
  isLongPause,
  lostByUs,
  type ProofFacts,
  proveService,
  type Stretch,
  sumOf,
} from "./service-proof.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse("2026-03-01T00:00:00Z");

const stretch = (fromHour: number, toHour: number): Stretch => ({
  fromMs: START_MS + fromHour * HOUR_MS,
  toMs: START_MS + toHour * HOUR_MS,
});
const daysOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    day: `2026-03-${String(at + 1).padStart(2, "0")}`,
    ...stretch(at * 24, at * 24 + 24),
  }));

/** An hourly terminal for ten days, with one pause. */
const facts = (pause: Stretch, away: readonly Away[] = []): ProofFacts => ({
  ...{ rhythmMs: HOUR_MS, held: stretch(0, 240), days: daysOf(10), pauses: [pause], away },
  counts: new Map([["2026-03-01", { reports: 24, late: 2 }]]),
});

it("counts what is expected and received, and lays what is missing to its cause", () => {
  const outage = { what: "backhaul-down", ...stretch(48, 120) } as const;
  const proof = proveService(facts(stretch(47.5, 120.5), [outage]));
  expect(proof.total).toMatchObject({ expected: 240, received: 168, reports: 24, late: 2 });
  expect(proof.total.missing).toMatchObject({ "backhaul-down": 72, "terminal-dead": 0 });
  expect(proof.availability).toBe(7_000);
  expect(proof.days.map(({ received }) => received)).toEqual([24, 24, 0, 0, 0, 24, 24, 24, 24, 24]);
  expect(proof.longestGap).toEqual(stretch(47.5, 120.5));
});

it("lays what nothing explains to the terminal, and takes nothing for it from what is promised", () => {
  const proof = proveService(facts(stretch(47.5, 240)));
  expect(proof.total.missing["terminal-dead"]).toBe(192);
  expect(proof).toMatchObject({ availability: 10_000, total: { received: 48 } });
});

it("blames no outage for a terminal that was silent before it began", () => {
  const outage = { what: "gateway-deaf", ...stretch(72, 120) } as const;
  const dead = proveService(facts(stretch(47.5, 240), [outage]));
  expect(lostByUs(dead.total)).toBe(0);
  // it was heard up to the outage, and never again
  const lost = proveService(facts(stretch(71.5, 240), [outage]));
  expect(lost.total.missing).toMatchObject({ "gateway-deaf": 48, "terminal-dead": 120 });
});

it("lays a silence to the outage that begins before the terminal could be heard again after another", () => {
  const first = { what: "backhaul-down", ...stretch(48, 72) } as const;
  const second = { what: "gateway-deaf", ...stretch(73, 96) } as const;
  const both = proveService(facts(stretch(47.5, 96.5), [second, first]));
  expect(both.total.missing).toMatchObject({
    ...{ "backhaul-down": 24, "gateway-deaf": 23, "terminal-dead": 1 },
  });
  // with its gateway back for ten hours it would have been heard: it is silent by itself
  const later = { ...second, ...stretch(82, 96) };
  const apart = proveService(facts(stretch(47.5, 96.5), [first, later]));
  expect(apart.total.missing).toMatchObject({ "gateway-deaf": 0, "terminal-dead": 24 });
});

it("expects nothing that was suspended, paused or worked on, whatever else was wrong", () => {
  const outage = { what: "backhaul-down", ...stretch(48, 120) } as const;
  const suspended = { what: "suspended", ...stretch(48, 96) } as const;
  const proof = proveService(facts(stretch(47.5, 120.5), [outage, suspended]));
  expect(proof.total).toMatchObject({ expected: 192, excluded: { suspended: 48 } });
  expect(proof.total.missing["backhaul-down"]).toBe(24);
});

it("lets a report be late by half a pause, and judges no hour that is not over", () => {
  expect(proveService(facts(stretch(10, 11.5))).total.missing["terminal-dead"]).toBe(0);
  const unfinished = { ...facts(stretch(10, 10.1)), held: stretch(0, 30.5) };
  expect(proveService(unfinished).total.expected).toBe(30);
});

it("knows nothing of a terminal without a rhythm but what came of it", () => {
  const proof = proveService({ ...facts(stretch(0, 240)), rhythmMs: null });
  expect(proof).toMatchObject({ availability: null, longestGap: null });
  expect(proof.total).toMatchObject({ expected: 0, received: 0, reports: 24 });
});

it("gives the day on which the clocks change its 23 or 25 hours", () => {
  const days = [
    { day: "2026-03-01", ...stretch(0, 23) },
    { day: "2026-03-02", ...stretch(23, 47) },
    { day: "2026-03-03", ...stretch(47, 72) },
  ];
  const held = { fromMs: START_MS, toMs: START_MS + 72 * HOUR_MS };
  const proof = proveService({ ...facts(stretch(80, 90)), days, held });
  expect(proof.days.map(({ expected }) => expected)).toEqual([23, 24, 25]);
});

const WHATS = ["gateway-deaf", "backhaul-down", "jammed", "suspended", "paused", "maintenance"];
const within = fc.integer({ min: -600, max: 15 * 24 * 60 });
const anyStretch = fc.tuple(within, within).map(
  ([a, b]): Stretch => ({
    fromMs: START_MS + Math.min(a, b) * MINUTE_MS,
    toMs: START_MS + Math.max(a, b) * MINUTE_MS,
  }),
);
const anyAway = fc.record({ what: fc.constantFrom(...(WHATS as Away["what"][])), at: anyStretch });
/** Reports at some minutes of the days and the pauses between them. */
const anyFacts = fc
  .record({
    rhythmMs: fc.integer({ min: 5, max: 1_500 }).map((minutes) => minutes * MINUTE_MS),
    minutes: fc.uniqueArray(fc.integer({ min: 1, max: 14 * 24 * 60 - 1 }), { minLength: 1 }),
    held: anyStretch.filter(({ fromMs, toMs }) => fromMs < toMs),
    away: fc.array(anyAway, { maxLength: 6 }),
  })
  .map(({ minutes, away, held, rhythmMs }) => {
    const reports = minutes.sort((a, b) => a - b).map((at) => START_MS + at * MINUTE_MS);
    const ends = [START_MS - 1, ...reports, START_MS + 20 * DAY_MS];
    const pauses = ends.slice(1).map((toMs, at) => ({ fromMs: ends[at] ?? 0, toMs }));
    const given: ProofFacts = {
      ...{ rhythmMs, held, pauses, days: daysOf(14), counts: new Map() },
      away: away.map(({ what, at }) => ({ what, ...at })),
    };
    return { given, reports };
  });

it("is for each day what it would be alone, in whatever order pauses come; the month is their sum", () => {
  fc.assert(
    fc.property(anyFacts, fc.nat(), ({ given }, seed) => {
      const proof = proveService(given);
      const turned = [...given.pauses.slice(seed % given.pauses.length), ...given.pauses];
      const pauses = turned.slice(0, given.pauses.length);
      const alone = given.days.flatMap(
        (day) => proveService({ ...given, pauses, days: [day] }).days,
      );
      expect(alone).toEqual(proof.days);
      expect(sumOf(alone)).toEqual(proof.total);
    }),
  );
});

it("is never more than all of it, and each expected report is either received or missing", () => {
  fc.assert(
    fc.property(anyFacts, ({ given }) => {
      const { total, days, availability } = proveService(given);
      for (const one of [total, ...days]) {
        const missing = Object.values(one.missing).reduce((sum, count) => sum + count, 0);
        expect(one.received + missing).toBe(one.expected);
        expect(Math.min(one.received, missing, one.expected)).toBeGreaterThanOrEqual(0);
      }
      if (availability !== null) {
        expect(availability).toBeGreaterThanOrEqual(0);
        expect(availability).toBeLessThanOrEqual(10_000);
        expect(availability === 10_000).toBe(lostByUs(total) === 0);
      }
    }),
  );
});

it("reads outages without number once, and says of each turn what a look at it alone says", () => {
  const flaps = Array.from({ length: 40_000 }, (_, at): Away => {
    const fromMs = START_MS + at * 20_000;
    return { what: at % 2 === 0 ? "backhaul-down" : "gateway-deaf", fromMs, toMs: fromMs + 10_000 };
  });
  const away = [{ what: "jammed", ...stretch(-1, 240) } as const, ...flaps];
  expect(proveService(facts(stretch(-0.5, 222), away)).total.missing).toMatchObject({
    ...{ "gateway-deaf": 222, "backhaul-down": 0, jammed: 0 },
  });
});

it("agrees with a count of each turn by itself", () => {
  fc.assert(
    fc.property(anyFacts, ({ given, reports }) => {
      const { rhythmMs, held, pauses, days } = given;
      if (rhythmMs === null) return;
      const first = days[0]?.fromMs ?? 0;
      const last = days.at(-1)?.toMs ?? 0;
      let expected = 0;
      let received = 0;
      for (let from = Math.ceil(first / rhythmMs) * rhythmMs; from < last; from += rhythmMs) {
        if (from < held.fromMs || from + rhythmMs > held.toMs) continue;
        const isHeard = reports.some((at) => at >= from && at < from + rhythmMs);
        const around = pauses.find(({ fromMs, toMs }) => fromMs < from && toMs >= from + rhythmMs);
        expected += 1;
        if (isHeard || around === undefined || !isLongPause(around, rhythmMs)) received += 1;
      }
      const { total } = proveService({ ...given, away: [] });
      expect(total).toMatchObject({ expected, received });
    }),
  );
});
