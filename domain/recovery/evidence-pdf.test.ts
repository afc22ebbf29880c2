import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidencePdfPdfkit } from "./evidence-pdf-pdfkit.ts";
import type { RecoveryDetail } from "./recoveries.ts";
import type { RecoveryTrack, TrackPoint } from "./track.ts";
import { pictureOf } from "./track-picture.ts";

const NOW_MS = Date.UTC(2026, 9, 1, 8);
const ONE: RecoveryDetail = {
  ...{ id: "r1", state: "recovered", address: 5, serial: "HL-5", profile: "vehicle" },
  ...{ assetId: "a5", customerId: "c1", customerName: "Harbour", isHeld: true, version: 3 },
  vehicle: { name: "Van 5", plate: "沪A·12345", vin: null },
  ...{ stolenAtMs: NOW_MS - 3_600_000, openedAtMs: NOW_MS - 1_800_000 },
  ...{ recoveredAtMs: NOW_MS, closedAtMs: null, result: "在码头找到", interval: null },
  ...{ intervalCommandId: null, intervalProblem: null, packs: [], commands: [] },
  moreCommands: false,
  openStops: [],
  entries: [
    { at: new Date(NOW_MS), kind: "opened", who: "ann", whoName: "Ann", text: "taken at night" },
  ],
  links: [
    {
      ...{ id: "l1", label: "Police", state: "valid", revokedAt: null },
      ...{ madeAt: new Date(NOW_MS), expiresAt: new Date(NOW_MS + 3_600_000) },
      readings: [
        { ip: "10.0.0.9", firstAt: new Date(NOW_MS), lastAt: new Date(NOW_MS), requests: 3 },
      ],
    },
  ],
};

const point = (at: number, latitude: number, longitude: number): TrackPoint => ({
  ...{ atMs: NOW_MS + at * 10_000, latitude, longitude, source: "terminal", accuracyM: 8 },
  ...{ ellipse: null, gateways: null, speedKmh: 40, heading: 90, filtered: null },
});
const found = (at: number, latitude: number, longitude: number): TrackPoint => {
  const ellipse = { majorM: 700, minorM: 300, bearingDeg: 20 };
  return {
    ...point(at, latitude, longitude),
    ...{ source: "network", accuracyM: 700, ellipse, gateways: 4, speedKmh: null, heading: null },
    filtered: { latitude, longitude, ...ellipse },
  };
};
const trackOf = (points: readonly TrackPoint[]): RecoveryTrack => ({
  ...{ points, rejected: 0, truncated: false },
});

const inputOf = (track: RecoveryTrack) => ({
  ...{ one: ONE, track, packId: "p1", madeAtMs: NOW_MS, keyFingerprint: "ab".repeat(32) },
  audit: { entries: "17", hash: "cd".repeat(32) },
  streets: [[31.2, 31.3].map((latitude) => ({ latitude, longitude: 121.45 }))],
});
const pagesOf = (bytes: Uint8Array): number =>
  new TextDecoder("latin1").decode(bytes).match(/\/Type \/Page\b/g)?.length ?? 0;

describe("an evidence pack's PDF", () => {
  it("is the same bytes whenever it is printed, over as many pages as its positions need", async () => {
    const track = trackOf([
      ...Array.from({ length: 130 }, (_, at) => point(at, 31.2 + at / 10_000, 121.45)),
      found(131, 31.22, 121.46),
    ]);
    const once = await evidencePdfPdfkit(inputOf(track), "zh-CN");
    expect(once).toEqual(await evidencePdfPdfkit(inputOf(track), "zh-CN"));
    expect(pagesOf(once)).toBeGreaterThan(3);
    expect(once.length).toBeLessThan(400_000); // of each font no more than it uses
    const nowhere = await evidencePdfPdfkit(inputOf(trackOf([])), "en");
    expect(pagesOf(nowhere)).toBeLessThan(pagesOf(once));
  });
});

describe("a track's picture", () => {
  const degrees = fc.double({ min: -0.2, max: 0.2, noNaN: true });

  it("holds every position and the ellipse of the last one, with a bar of a round length", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(degrees, degrees, fc.boolean()), { minLength: 1, maxLength: 20 }),
        (places) => {
          const track = trackOf(
            places.map(([north, east, isOwn], at) =>
              (isOwn ? point : found)(at, 31 + north, 121 + east),
            ),
          );
          const picture = pictureOf(track, { width: 300, height: 200 }, []);
          const { ways = [], found: dots = [], outline = [], bar } = picture ?? {};
          for (const { x, y } of [...ways.flat(), ...dots, ...outline]) {
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(300);
            expect(y).toBeGreaterThanOrEqual(0);
            expect(y).toBeLessThanOrEqual(200);
          }
          expect(String(bar?.metres)).toMatch(/^[125]0*$/);
          expect(bar?.length).toBeLessThanOrEqual(90.001);
        },
      ),
    );
  });

  it("is none of a vehicle that was nowhere", () => {
    expect(pictureOf(trackOf([]), { width: 300, height: 200 }, [])).toBeUndefined();
  });
});
