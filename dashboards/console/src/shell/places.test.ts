import { expect, it } from "vitest";
import { PLACES } from "./places.ts";
import { PORTAL_PLACES } from "./portal-places.ts";

it.each([
  ["console", PLACES],
  ["portal", PORTAL_PLACES],
])("each key leads to one page of the %s", (_name, places) => {
  const keys = places.map((place) => place.keys);
  expect(keys).toEqual([...new Set(keys)]);
});
