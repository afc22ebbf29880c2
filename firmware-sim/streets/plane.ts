/** Metres east and north of the middle of the city; flat, which is exact enough for 25 km. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** West, south, east, north: the order of GeoJSON. */
export const CITY_BOUNDS = [121.35, 31.12, 121.6, 31.32] as const;

const MIDDLE: Place = { latitude: 31.22, longitude: 121.475 };
const METRES_PER_DEGREE_NORTH = 110_900;
const METRES_PER_DEGREE_EAST = 111_320 * Math.cos((MIDDLE.latitude * Math.PI) / 180);

export const toPoint = (place: Place): Point => ({
  x: (place.longitude - MIDDLE.longitude) * METRES_PER_DEGREE_EAST,
  y: (place.latitude - MIDDLE.latitude) * METRES_PER_DEGREE_NORTH,
});

export const toPlace = (point: Point): Place => ({
  latitude: MIDDLE.latitude + point.y / METRES_PER_DEGREE_NORTH,
  longitude: MIDDLE.longitude + point.x / METRES_PER_DEGREE_EAST,
});

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** Degrees clockwise from north, 0 to below 360. */
export const heading = (from: Point, to: Point): number =>
  ((Math.atan2(to.x - from.x, to.y - from.y) * 180) / Math.PI + 360) % 360;

export function distanceToSegment(point: Point, a: Point, b: Point): number {
  const squared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  if (squared === 0) return distance(point, a);
  const along = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / squared;
  return distance(point, between(a, b, Math.min(1, Math.max(0, along))));
}

/** Neighbouring pairs of a line. */
export function* segments(line: readonly Point[]): Generator<readonly [Point, Point]> {
  let before: Point | undefined;
  for (const point of line) {
    if (before) yield [before, point];
    before = point;
  }
}

export function distanceToLine(point: Point, line: readonly Point[]): number {
  let nearest = Infinity;
  for (const [a, b] of segments(line)) nearest = Math.min(nearest, distanceToSegment(point, a, b));
  return nearest;
}

/** A smooth line through all the given points (Catmull and Rom), `steps` pieces between two of them. */
export function smooth(points: readonly Point[], closed: boolean, steps: number): Point[] {
  const count = points.length;
  const at = (index: number): Point => {
    const wrapped = closed ? (index + count) % count : Math.min(count - 1, Math.max(0, index));
    return points[wrapped] ?? { x: 0, y: 0 };
  };
  const line: Point[] = [];
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const axis = (name: "x" | "y"): number => {
        const [p0, p1, p2, p3] = [at(i - 1)[name], at(i)[name], at(i + 1)[name], at(i + 2)[name]];
        const curve =
          (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t ** 3;
        return (2 * p1 + (p2 - p0) * t + curve) / 2;
      };
      line.push({ x: axis("x"), y: axis("y") });
    }
  }
  line.push(closed ? at(0) : at(count - 1));
  return line;
}

/** The line moved sideways, to the right of its direction when `metres` is positive. */
export function offset(line: readonly Point[], metres: number): Point[] {
  return line.map((point, index) => {
    const a = line[index - 1] ?? point;
    const b = line[index + 1] ?? point;
    const length = distance(a, b) || 1;
    return {
      x: point.x + ((b.y - a.y) / length) * metres,
      y: point.y - ((b.x - a.x) / length) * metres,
    };
  });
}
