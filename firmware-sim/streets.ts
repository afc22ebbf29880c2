import { planBlocks, type Street, type StreetClass } from "./streets/blocks.ts";
import { joinStreets } from "./streets/junctions.ts";
import { CREEK, CREEK_HALF_WIDTH_M, MAIN_ROADS, PARKS } from "./streets/landmarks.ts";
import {
  CITY_BOUNDS,
  distance,
  offset,
  type Place,
  type Point,
  toPlace,
  toPoint,
} from "./streets/plane.ts";
import { bridge, embankments, keepDry, riverOutline } from "./streets/river.ts";
import { findRoute, type Route } from "./streets/route.ts";
import { buildGraph, type StreetNode } from "./streets/street-graph.ts";

type Position = readonly [longitude: number, latitude: number];

export interface StreetFeature {
  readonly type: "Feature";
  readonly properties: {
    readonly class: StreetClass | "water" | "park";
    readonly name: string;
    readonly nameZh: string;
  };
  readonly geometry:
    | { readonly type: "LineString"; readonly coordinates: readonly Position[] }
    | { readonly type: "Polygon"; readonly coordinates: readonly (readonly Position[])[] };
}

export interface StreetsGeoJson {
  readonly type: "FeatureCollection";
  readonly bbox: readonly [west: number, south: number, east: number, north: number];
  readonly features: readonly StreetFeature[];
}

export interface Streets {
  readonly geoJson: StreetsGeoJson;
  readonly streets: readonly Street[];
  readonly nodes: readonly StreetNode[];
  nearestNode(place: Place): number;
  placeOf(node: number): Place;
  /** Whether the street of this number lies under the river. */
  isTunnel(street: number): boolean;
  /** The quickest way between two nodes; never undefined for nodes of this network. */
  route(fromNode: number, toNode: number): Route | undefined;
}

/** A street network in the bounds of Shanghai: its landmarks are where they are, its blocks come from the seed. */
export function createStreets(seed: string): Streets {
  const planned: Street[] = [
    ...MAIN_ROADS.flatMap(bridge),
    ...embankments(),
    ...planBlocks(seed).flatMap(keepDry),
  ].flatMap(keepInBounds);
  const streets = joinStreets(planned);
  const nodes = buildGraph(streets);
  return {
    geoJson: { type: "FeatureCollection", bbox: CITY_BOUNDS, features: draw(planned) },
    streets,
    nodes,
    nearestNode: (place) => nearest(nodes, toPoint(place)),
    placeOf: (node) => toPlace(nodes[node]?.point ?? { x: 0, y: 0 }),
    isTunnel: (street) => streets[street]?.name.endsWith("Tunnel") ?? false,
    route: (fromNode, toNode) => findRoute(nodes, fromNode, toNode),
  };
}

function keepInBounds(street: Street): Street[] {
  const [west, south, east, north] = CITY_BOUNDS;
  const pieces: Point[][] = [];
  let outside = true;
  for (const point of street.line) {
    const { longitude, latitude } = toPlace(point);
    const wasOutside = outside;
    outside = longitude < west || longitude > east || latitude < south || latitude > north;
    if (outside) continue;
    if (wasOutside) pieces.push([]);
    pieces.at(-1)?.push(point);
  }
  return pieces.filter((line) => line.length > 1).map((line) => ({ ...street, line }));
}

function nearest(nodes: readonly StreetNode[], point: Point): number {
  let [best, metres] = [0, Infinity];
  for (const [index, node] of nodes.entries()) {
    const there = distance(node.point, point);
    if (there < metres) [best, metres] = [index, there];
  }
  return best;
}

const position = (point: Point): Position => {
  const { longitude, latitude } = toPlace(point);
  return [Number(longitude.toFixed(5)), Number(latitude.toFixed(5))];
};

function draw(streets: readonly Street[]): StreetFeature[] {
  const river = { class: "water", name: "Huangpu River", nameZh: "黄浦江" } as const;
  const creek = { class: "water", name: "Suzhou Creek", nameZh: "苏州河" } as const;
  const creekBanks = [
    ...offset(CREEK, -CREEK_HALF_WIDTH_M),
    ...offset(CREEK, CREEK_HALF_WIDTH_M).reverse(),
  ];
  return [
    polygon(river, riverOutline()),
    polygon(creek, creekBanks),
    ...PARKS.map(({ name, nameZh, halfWidthM, halfHeightM, ...place }) =>
      polygon(
        { class: "park", name, nameZh },
        parkOutline(toPoint(place), halfWidthM, halfHeightM),
      ),
    ),
    ...streets.map(
      ({ class: streetClass, name, nameZh, line }): StreetFeature => ({
        type: "Feature",
        properties: { class: streetClass, name, nameZh },
        geometry: { type: "LineString", coordinates: line.map(position) },
      }),
    ),
  ];
}

function polygon(
  properties: StreetFeature["properties"],
  outline: readonly Point[],
): StreetFeature {
  const ring = outline.map(position);
  const first = ring[0];
  const coordinates = [first ? [...ring, first] : ring];
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates } };
}

/** A park with rounded corners, a little smaller than the blocks that it takes. */
const parkOutline = (middle: Point, halfWidthM: number, halfHeightM: number): Point[] =>
  Array.from({ length: 32 }, (_, index) => {
    const angle = (2 * Math.PI * index) / 32;
    const round = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value));
    return {
      x: middle.x + (halfWidthM - 40) * round(Math.cos(angle)),
      y: middle.y + (halfHeightM - 40) * round(Math.sin(angle)),
    };
  });
