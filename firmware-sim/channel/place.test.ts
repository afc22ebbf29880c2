import { describe, expect, it } from "vitest";
import { placeHash, placeKey, placeNormal, placeUniform } from "./noise.ts";
import { distanceKm, noiseFloorDbm, pathLossDb } from "./propagation.ts";
import { steppedSchedule } from "./schedule.ts";
import { siteClock } from "./site-clock.ts";
import { EPOCH_NS } from "./test-frame.ts";

describe("noise of a place", () => {
  const key = placeKey("seed", "a");
  const many = Array.from({ length: 20_000 }, (_, n) => n);

  it("is standard normal along either axis", () => {
    for (const values of [
      many.map((n) => placeNormal(key, n, 3)),
      many.map((n) => placeNormal(key, 3, n)),
    ]) {
      const mean = values.reduce((sum, value) => sum + value, 0) / many.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length;
      const neighbours =
        values.reduce((sum, value, n) => sum + value * (values[n + 1] ?? 0), 0) / many.length;
      expect(Math.abs(mean)).toBeLessThan(0.03);
      expect(Math.abs(variance - 1)).toBeLessThan(0.05);
      expect(Math.abs(neighbours)).toBeLessThan(0.03);
    }
  });

  it("is the same for the same place and another for any other", () => {
    expect(placeHash(key, 5, 6)).toBe(placeHash(key, 5, 6));
    const hashes = [
      placeHash(key, 5, 6),
      placeHash(key, 6, 5),
      placeHash(key + 1, 5, 6),
      placeHash(key, 5),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(placeKey("ab", "c")).not.toBe(placeKey("a", "bc"));
    expect(placeUniform(key, 1)).toBeLessThan(1);
  });
});

describe("propagation", () => {
  it("has the distances of the map", () => {
    expect(
      distanceKm({ latitude: 31, longitude: 121 }, { latitude: 32, longitude: 121 }),
    ).toBeCloseTo(111.2, 1);
    expect(
      distanceKm({ latitude: 31, longitude: 121 }, { latitude: 31, longitude: 122 }),
    ).toBeCloseTo(95.3, 1);
  });

  // Okumura and Hata, large city, 900 MHz, 30 m and 1.5 m: 126.4 dB at 1 km and 35.22 dB a decade
  it("follows the published curve", () => {
    expect(pathLossDb(1, 30, 900)).toBeCloseTo(126.4, 1);
    expect(pathLossDb(10, 30, 900) - pathLossDb(1, 30, 900)).toBeCloseTo(35.22, 1);
    expect(pathLossDb(0, 30, 900)).toBe(pathLossDb(0.02, 30, 900));
    expect(pathLossDb(3, 60, 900)).toBeLessThan(pathLossDb(3, 20, 900));
  });

  it("has the thermal noise of the bandwidth", () => {
    expect(noiseFloorDbm(488.28125, 6)).toBeCloseTo(-141.11, 2);
  });
});

describe("a site's clock", () => {
  it("shows its error and its drift, and is turned back to true time", () => {
    const clock = siteClock({ clockErrorNs: 2_000_000, clockDriftPpb: -500 }, EPOCH_NS);
    const hour = EPOCH_NS + 3_600_000_000_000n;
    expect(clock.shown(EPOCH_NS)).toBe(EPOCH_NS + 2_000_000n);
    expect(clock.shown(hour)).toBe(hour + 2_000_000n - 1_800_000n);
    for (const ns of [EPOCH_NS, hour, hour + 123_456_789n]) {
      expect(Math.abs(Number(clock.trueAt(clock.shown(ns)) - ns))).toBeLessThanOrEqual(1);
    }
  });
});

describe("the schedule", () => {
  it("runs what is due in the order of its moments, equal ones in the order of asking", () => {
    const schedule = steppedSchedule(EPOCH_NS);
    const ran: string[] = [];
    const at = (ns: bigint, name: string) => {
      schedule.at(EPOCH_NS + ns, () => ran.push(`${name}@${schedule.nowNs() - EPOCH_NS}`));
    };
    at(20n, "late");
    at(10n, "first");
    at(10n, "second");
    at(-5n, "past");
    schedule.at(EPOCH_NS + 10n, () => {
      at(15n, "nested");
    });
    at(30n, "never");
    expect(schedule.nextNs()).toBe(EPOCH_NS - 5n);
    schedule.stepTo(EPOCH_NS + 25n);
    expect(ran).toEqual(["past@0", "first@10", "second@10", "nested@15", "late@20"]);
    expect(schedule.nowNs()).toBe(EPOCH_NS + 25n);
  });
});
