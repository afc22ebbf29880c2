import { expect, it } from "vitest";
import { bodyOf, expiriesOf, NEW_DRAFT } from "./draft.ts";

const CAR = { address: 5, name: "Car 5", profile: "vehicle", latitude: 31.2, longitude: 121.5 };

it("asks for what was chosen and leaves out the rest", () => {
  expect(bodyOf(CAR, { ...NEW_DRAFT, name: "locate" })).toEqual({
    ...{ terminal: 5, name: "locate", arguments: {} },
  });
  const draft = { ...NEW_DRAFT, name: "immobilise", note: " stolen ", expiryS: 60, isDrill: true };
  expect(bodyOf(CAR, { ...draft, isBoundToPlace: true })).toEqual({
    ...{ terminal: 5, name: "immobilise", arguments: {}, expiryS: 60, drill: true, note: "stolen" },
    place: { latitude: 31.2, longitude: 121.5, radiusM: 500, maxAgeS: 300 },
  });
  const nowhere = { ...CAR, latitude: null };
  expect(bodyOf(nowhere, { ...draft, isBoundToPlace: true })).not.toHaveProperty("place");
});

it("offers the usual time and none beyond the class's", () => {
  expect(expiriesOf(120, 900)).toEqual([30, 60, 120, 300, 600, 900]);
  expect(expiriesOf(45, 600)).toEqual([30, 45, 60, 120, 300, 600]);
});
