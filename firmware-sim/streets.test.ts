import { describe, expect, it } from "vitest";
import { RIVER, RIVER_HALF_WIDTH_M } from "./streets/landmarks.ts";
import { CITY_BOUNDS, distance, distanceToLine } from "./streets/plane.ts";
import { placeOnRoute, reverseRoute } from "./streets/route.ts";
import { createStreets } from "./streets.ts";

const streets = createStreets("test");

describe("createStreets", () => {
  it("gives the same network for the same seed and another for another", () => {
    expect(createStreets("test").geoJson).toEqual(streets.geoJson);
    expect(createStreets("other").geoJson).not.toEqual(streets.geoJson);
  });

  it("stays below 1.5 MB of GeoJSON and inside the bounds of the city", () => {
    expect(JSON.stringify(streets.geoJson).length).toBeLessThan(1_500_000);
    const [west, south, east, north] = CITY_BOUNDS;
    for (const { geometry } of streets.geoJson.features) {
      if (geometry.type !== "LineString") continue;
      for (const [longitude, latitude] of geometry.coordinates) {
        expect(longitude >= west && longitude <= east).toBe(true);
        expect(latitude >= south && latitude <= north).toBe(true);
      }
    }
  });

  it("names every street in both languages and knows its class", () => {
    const classes = new Set<string>();
    for (const { properties } of streets.geoJson.features) {
      classes.add(properties.class);
      expect(properties.name).not.toBe("");
      expect(properties.nameZh).toMatch(/\p{Script=Han}/u);
    }
    expect([...classes].sort()).toEqual(
      ["arterial", "expressway", "local", "park", "secondary", "water"].sort(),
    );
  });

  it("lets no block street cross the river, while bridges and tunnels do", () => {
    const over = streets.streets.filter(({ line }) =>
      line.some((point) => distanceToLine(point, RIVER) < RIVER_HALF_WIDTH_M),
    );
    for (const street of over) expect(street.name).toMatch(/Bridge|Tunnel/);
    expect(new Set(over.map(({ name }) => name)).size).toBeGreaterThanOrEqual(8);
  });
});

describe("route", () => {
  const from = streets.nearestNode({ latitude: 31.19, longitude: 121.43 });
  const to = streets.nearestNode({ latitude: 31.26, longitude: 121.58 });

  it("joins both sides of the river by unbroken legs", () => {
    const route = streets.route(from, to);
    expect(route?.legs.length).toBeGreaterThan(10);
    let before = streets.nodes[from]?.point;
    for (const leg of route?.legs ?? []) {
      expect(leg.from).toEqual(before);
      expect(leg.metres).toBeCloseTo(distance(leg.from, leg.to), 6);
      before = leg.to;
    }
    expect(before).toEqual(streets.nodes[to]?.point);
  });

  it("finds a way between any two nodes", () => {
    for (let i = 0; i < 40; i++) {
      const one = (i * 7_919) % streets.nodes.length;
      const other = (i * 104_729 + 13) % streets.nodes.length;
      if (one !== other) expect(streets.route(one, other)?.metres).toBeGreaterThan(0);
    }
  });

  it("begins and ends where it should, and so does the way back", () => {
    const route = streets.route(from, to);
    if (!route) throw new Error("no route");
    const back = reverseRoute(route);
    const start = placeOnRoute(route, 0);
    const end = placeOnRoute(back, back.metres);
    expect(end.latitude).toBeCloseTo(start.latitude, 9);
    expect(end.longitude).toBeCloseTo(start.longitude, 9);
  });
});
