import type { GeoPoint } from "./rule-queries.ts";

/** A place to a centimetre; the map's drawing takes nine digits at most. */
const DIGITS = 7;
const round = (degrees: number): number => Number(degrees.toFixed(DIGITS));

export type ReadPoints =
  | { readonly ok: true; readonly points: readonly GeoPoint[] }
  /** The line, from 1, that is no place. */
  | { readonly ok: false; readonly line: number };

const LINE = /^([+-]?\d{1,3}(?:\.\d{1,15})?)[\s,;，]+([+-]?\d{1,3}(?:\.\d{1,15})?)$/;

/** One corner a line, latitude before longitude, as maps give them; empty lines are left out. */
export function readPoints(text: string): ReadPoints {
  const points: GeoPoint[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const [, first, second] = LINE.exec(trimmed) ?? [];
    const point = { latitude: round(Number(first)), longitude: round(Number(second)) };
    const isPlace = Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180;
    if (!isPlace) return { ok: false, line: at + 1 }; // NaN is none either
    points.push(point);
  }
  return { ok: true, points };
}

export const writePoints = (points: readonly GeoPoint[]): string =>
  points.map(({ latitude, longitude }) => `${latitude}, ${longitude}`).join("\n");

export type LngLat = readonly [longitude: number, latitude: number];

export const toLngLat = ({ latitude, longitude }: GeoPoint): [number, number] => [
  round(longitude),
  round(latitude),
];

/** A longitude that was drawn beyond the date line counts from the other side again. */
export const fromLngLat = ([longitude = 0, latitude = 0]: readonly number[]): GeoPoint => ({
  latitude: round(Math.max(-90, Math.min(90, latitude))),
  longitude: round(((((longitude + 180) % 360) + 360) % 360) - 180),
});

const METRES_PER_DEGREE = 111_195.08;
const RING_POINTS = 64;

/** A circle as the map draws it: a closed ring. `radiusM` in metres. */
export function ringOf({ latitude, longitude }: GeoPoint, radiusM: number): [number, number][] {
  const north = radiusM / METRES_PER_DEGREE;
  const east = north / Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
  const ring = Array.from({ length: RING_POINTS }, (_, at): [number, number] => {
    const angle = (2 * Math.PI * at) / RING_POINTS;
    return [round(longitude + east * Math.cos(angle)), round(latitude + north * Math.sin(angle))];
  });
  const [first] = ring;
  return first ? [...ring, first] : ring;
}

export interface Circle {
  readonly centre: GeoPoint;
  readonly radiusM: number;
}

/** The circle that a ring from the map is: its middle, and how far its corners are from there on average. */
export function circleOfRing(ring: readonly (readonly number[])[]): Circle | undefined {
  const corners = ring.slice(0, -1);
  if (corners.length < 3) return undefined;
  const mean = (at: 0 | 1): number =>
    corners.reduce((sum, corner) => sum + (corner[at] ?? 0), 0) / corners.length;
  const [longitude, latitude] = [mean(0), mean(1)];
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const away = corners.map(([lng = 0, lat = 0]) =>
    Math.hypot((lng - longitude) * shrink, lat - latitude),
  );
  const radiusM = (away.reduce((sum, each) => sum + each, 0) / away.length) * METRES_PER_DEGREE;
  return { centre: fromLngLat([longitude, latitude]), radiusM: Math.round(radiusM) };
}
