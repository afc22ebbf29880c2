import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOCKS_APART_MS, judgeEnvelope } from "./envelope.ts";
import { STANDS_STILL, vehicleAt } from "./test-commands.ts";

const NOW = Date.UTC(2026, 0, 1);
const refusalOf = (facts: Parameters<typeof judgeEnvelope>[1], envelope = STANDS_STILL) => {
  const judged = judgeEnvelope(envelope, facts, NOW);
  return judged.ok ? undefined : judged.refusal;
};

describe("the safety envelope", () => {
  it("lets a vehicle that stands be immobilised for as long as the data is young", () => {
    expect(judgeEnvelope(STANDS_STILL, vehicleAt(0, NOW - 20_000), NOW)).toEqual({
      ok: true,
      holdsUntilMs: NOW + 100_000,
    });
  });

  it("refuses with the reason", () => {
    expect(refusalOf(vehicleAt(40, NOW))).toBe("precondition-not-met");
    expect(refusalOf(vehicleAt(0, NOW - 121_000))).toBe("data-too-old");
    expect(refusalOf(vehicleAt(null, NOW))).toBe("no-data");
    expect(refusalOf(vehicleAt(0, NOW + CLOCKS_APART_MS + 1))).toBe("data-from-the-future");
    expect(refusalOf({ ...vehicleAt(0, NOW), values: {} })).toBe("no-data");
    expect(refusalOf({ ...vehicleAt(0, NOW), lifeCycle: "retired" })).toBe(
      "terminal-not-in-service",
    );
  });

  it("keeps to the place that was asked for", () => {
    const place = { latitude: 31.2, longitude: 121.4, radiusM: 100, maxAgeS: 60 };
    const envelope = { ...STANDS_STILL, place };
    expect(refusalOf(vehicleAt(0, NOW), envelope)).toBeUndefined();
    expect(refusalOf({ ...vehicleAt(0, NOW), position: undefined }, envelope)).toBe(
      "place-unknown",
    );
    expect(refusalOf(vehicleAt(0, NOW - 61_000), envelope)).toBe("data-too-old");
    const elsewhere = { latitude: 31.21, longitude: 121.4, measuredAtMs: NOW };
    expect(refusalOf({ ...vehicleAt(0, NOW), position: elsewhere }, envelope)).toBe("not-in-place");
  });

  it("cuts a suspended subscriber's conveniences and nothing that protects", () => {
    const suspended = { ...vehicleAt(0, NOW), lifeCycle: "suspended" as const };
    const plain = { ...STANDS_STILL, preconditions: [] };
    expect(refusalOf(suspended, { ...plain, safetyClass: "convenience" })).toBe(
      "terminal-suspended",
    );
    expect(refusalOf(suspended, { ...plain, safetyClass: "life-safety" })).toBeUndefined();
  });

  it("never holds longer than its data is young, and never with a speed that is too high", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 200 })),
        fc.integer({ min: -30_000, max: 400_000 }),
        (speed, ageMs) => {
          const judged = judgeEnvelope(STANDS_STILL, vehicleAt(speed, NOW - ageMs), NOW);
          if (!judged.ok) return;
          expect(speed).not.toBeNull();
          expect(speed).toBeLessThan(5);
          expect(judged.holdsUntilMs).toBe(NOW - ageMs + 120_000);
          expect(judged.holdsUntilMs).toBeGreaterThanOrEqual(NOW);
        },
      ),
    );
  });
});
