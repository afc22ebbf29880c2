import fc from "fast-check";
import { expect, it } from "vitest";
import { type Draft, draftOf, NEW_DRAFT, POINTS_MAX, specOf } from "./draft.ts";

const FAST: Draft = {
  ...NEW_DRAFT,
  ...{ titleEn: "Too fast", profiles: ["vehicle"], condition: "speed > 80.0" },
};
const gapsOf = (draft: Draft): readonly string[] => [...specOf(draft).gaps].toSorted();
const corner = (at: number) => ({ latitude: at / 100, longitude: at / 50 });
const corners = (count: number) => Array.from({ length: count }, (_, at) => corner(at));

it("says what a new rule still needs", () => {
  expect(gapsOf(NEW_DRAFT)).toEqual(["condition", "profiles", "title"]);
  expect(gapsOf({ ...NEW_DRAFT, kind: "silence" })).toEqual(["profiles", "title"]);
  expect(gapsOf({ ...NEW_DRAFT, kind: "guard", guardRadiusM: null })).toEqual([
    ...["disarmed", "parked", "profiles", "radius", "title"],
  ]);
  expect(gapsOf({ ...FAST, kind: "rate-of-change" })).toEqual(["change", "field"]);
  expect(gapsOf({ ...FAST, kind: "schedule", plan: [] })).toEqual(["plan"]);
  expect(gapsOf({ ...FAST, flapCount: 3 })).toEqual(["flap"]);
});

it("takes one title for both languages, and can be checked without any", () => {
  expect(specOf(FAST).spec?.title).toEqual({ en: "Too fast", "zh-CN": "Too fast" });
  const { spec, gaps } = specOf({ ...FAST, titleEn: " " });
  expect(spec).toBeDefined();
  expect(gaps.has("title")).toBe(true);
});

it("wants enough corners and not too many", () => {
  const area: Draft = { ...FAST, kind: "geofence" };
  expect(gapsOf({ ...area, points: corners(2) })).toEqual(["points"]);
  expect(gapsOf({ ...area, points: corners(3) })).toEqual([]);
  expect(gapsOf({ ...area, shape: "corridor", points: corners(2) })).toEqual([]);
  expect(gapsOf({ ...area, points: corners(POINTS_MAX) })).toEqual([]);
  expect(gapsOf({ ...area, points: corners(10_000) })).toEqual(["points-many"]);
  expect(gapsOf({ ...area, shape: "circle" })).toEqual(["centre"]);
});

const hours = fc.constantFrom<Draft["hours"][]>([], [{ days: [1, 7], from: "22:00", to: "06:00" }]);
const optional = fc.option(fc.integer({ min: 1, max: 604_800 }), { nil: null });
const anyDraft = fc
  .record({
    kind: fc.constantFrom(
      ...(["condition", "silence", "rate-of-change", "geofence", "schedule", "guard"] as const),
    ),
    shape: fc.constantFrom(...(["circle", "polygon", "corridor"] as const)),
    clear: fc.constantFrom("", "speed < 70.0"),
    direction: fc.constantFrom(...(["up", "down", "either"] as const)),
    groups: fc.constantFrom([], [1, 2]),
    customers: fc.constantFrom([], ["c1"]),
    clearHoldS: optional,
    respondS: optional,
    hours,
    opensCase: fc.constantFrom(...(["none", "panic", "breakdown"] as const)),
    strict: fc.boolean(),
  })
  .map(
    (some): Draft => ({
      ...FAST,
      ...{ points: corners(4), centre: corner(1), field: "speed", change: 5 },
      ...{ parked: "ignition == false", disarmed: "ignition == true" },
      ...some,
    }),
  );

it("says the same rule again after it was read back", () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      const { spec } = specOf(draft);
      expect(spec).toBeDefined();
      if (spec) expect(specOf(draftOf(spec)).spec).toEqual(spec);
    }),
  );
});
