import { type GeoPoint, type GeoShape, SHAPE_POINTS_MAX } from "./rule.ts";
import { type Complaint, complaint } from "./rule-problem.ts";

// Written by hand on a plane around the shape: within 500 km it is right within the exactness of a fix, it is few lines,
// and the same three functions answer inside, crossing and distance. @turf/* would answer each on a sphere, through GeoJSON.

interface Plane {
  readonly x: number;
  readonly y: number;
}

const METRES_PER_DEGREE = 111_195.08;

/** In degrees; a longitude beyond the date line counts from the near side. */
const eastOf = (origin: number, longitude: number): number =>
  ((longitude - origin + 540) % 360) - 180;

/** Metres east and north of an origin. */
function project(origin: GeoPoint, { latitude, longitude }: GeoPoint): Plane {
  const east = eastOf(origin.longitude, longitude);
  const shrink = Math.cos((origin.latitude * Math.PI) / 180);
  return {
    x: east * shrink * METRES_PER_DEGREE,
    y: (latitude - origin.latitude) * METRES_PER_DEGREE,
  };
}

export function isInside(shape: GeoShape, point: GeoPoint): boolean {
  return shape.shape === "circle"
    ? metresBetween(shape.centre, point) <= shape.radiusM
    : insideLine(shape, point);
}

type Line = Exclude<GeoShape, { shape: "circle" }>;

function insideLine(shape: Line, point: GeoPoint): boolean {
  if (isBeside(shape, point, point)) return false;
  if (shape.shape === "polygon") return isInPolygon(shape.points, point);
  const at = { x: 0, y: 0 };
  const reachM = shape.widthM / 2;
  return someSide(shape, point, (a, b) => distanceToSide(at, a, b) <= reachM);
}

/** Whether the straight way between two fixes touches the shape, although neither end need be inside. */
export function isCrossed(shape: GeoShape, from: GeoPoint, to: GeoPoint): boolean {
  if (isInside(shape, from) || isInside(shape, to)) return true;
  const end = project(from, to);
  const start = { x: 0, y: 0 };
  if (shape.shape === "circle")
    return distanceToSide(project(from, shape.centre), start, end) <= shape.radiusM;
  if (isBeside(shape, from, to)) return false;
  const way = [start, end] as const;
  const reachM = shape.shape === "polygon" ? 0 : shape.widthM / 2;
  return someSide(shape, from, (a, b) => {
    if (areApart(start, end, [a, b], reachM)) return false;
    return doCross(start, end, a, b) || (reachM > 0 && apart(way, [a, b]) <= reachM);
  });
}

/** Latitudes, and degrees east of its first corner, that a line does not leave with half its width. */
interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

const boxes = new WeakMap<Line, Box>();

function boxOf(shape: Line): Box {
  const known = boxes.get(shape);
  if (known) return known;
  const latitudes = shape.points.map(({ latitude }) => latitude);
  const easts = shape.points.map(({ longitude }) =>
    eastOf(shape.points[0]?.longitude ?? 0, longitude),
  );
  const margin = shape.shape === "corridor" ? shape.widthM / METRES_PER_DEGREE : 0;
  const [south, north] = [Math.min(...latitudes) - margin, Math.max(...latitudes) + margin];
  const shrink = Math.cos((Math.min(89, Math.max(-south, north)) * Math.PI) / 180);
  const [west, east] = [Math.min(...easts) - margin / shrink, Math.max(...easts) + margin / shrink];
  const box = { south, north, west, east };
  boxes.set(shape, box);
  return box;
}

/** A way that keeps to one side of the whole shape: nearly all do, and cost nothing then. */
function isBeside(shape: Line, from: GeoPoint, to: GeoPoint): boolean {
  const { south, north, west, east } = boxOf(shape);
  const origin = shape.points[0]?.longitude ?? 0;
  const [fromEast, toEast] = [eastOf(origin, from.longitude), eastOf(origin, to.longitude)];
  if (Math.abs(fromEast - toEast) > 180) return false; // around the far side of the earth
  return (
    Math.max(from.latitude, to.latitude) < south ||
    Math.min(from.latitude, to.latitude) > north ||
    Math.max(fromEast, toEast) < west ||
    Math.min(fromEast, toEast) > east
  );
}

/** Its sides in metres around an origin, one after the other: none is kept. */
function someSide(shape: Line, origin: GeoPoint, holds: (a: Plane, b: Plane) => boolean): boolean {
  const last = shape.points.at(-1);
  let before = shape.shape === "polygon" && last ? project(origin, last) : undefined;
  for (const corner of shape.points) {
    const here = project(origin, corner);
    if (before && holds(before, here)) return true;
    before = here;
  }
  return false;
}

export function metresBetween(a: GeoPoint, b: GeoPoint): number {
  const middle = { latitude: (a.latitude + b.latitude) / 2, longitude: a.longitude };
  const { x } = project(middle, b);
  return Math.hypot(x, (b.latitude - a.latitude) * METRES_PER_DEGREE);
}

/** What is wrong with a shape; its numbers are within the bounds of rule.ts already. Worked out once a shape. */
export function shapeProblem(shape: GeoShape): Complaint | undefined {
  if (!judged.has(shape)) judged.set(shape, problemOf(shape));
  return judged.get(shape);
}

/** A rule for many device types is compiled for each. */
const judged = new WeakMap<GeoShape, Complaint | undefined>();

function problemOf(shape: GeoShape): Complaint | undefined {
  if (shape.shape === "circle") return undefined;
  const count = shape.points.length;
  if (count > SHAPE_POINTS_MAX)
    return complaint(
      "too-many-corners",
      `a shape has at most ${SHAPE_POINTS_MAX} corners, and this one has ${count}`,
      ...[SHAPE_POINTS_MAX, count],
    );
  if (shape.shape !== "polygon") return undefined;
  const [first] = shape.points;
  if (first === undefined) return undefined; // the schema wants three
  const all = loopOf(shape.points.map((point) => project(first, point)));
  const same = all.findIndex(([a, b]) => a.x === b.x && a.y === b.y);
  if (same < 0) return crossing(all);
  const corner = ((same + 1) % all.length) + 1;
  return complaint("same-corner", "two corners in a row are the same", corner);
}

/** The first two sides of a loop that cross: neighbours meet in a corner and are not asked. */
function crossing(all: readonly (readonly [Plane, Plane])[]): Complaint | undefined {
  for (const [at, [a, b]] of all.entries()) {
    for (let other = at + 2; other < all.length; other++) {
      const side = all[other];
      const isNeighbour = at === 0 && other === all.length - 1;
      if (side === undefined || isNeighbour || areApart(a, b, side)) continue;
      if (doCross(a, b, side[0], side[1]))
        return complaint(
          "crosses-itself",
          `its side ${at + 1} crosses its side ${other + 1}`,
          ...[at + 1, other + 1],
        );
    }
  }
  return undefined;
}

/** Their boxes do not meet: nearly all pairs of a drawn shape, and cheap to see. */
function areApart(a: Plane, b: Plane, [c, d]: readonly [Plane, Plane], reachM = 0): boolean {
  return (
    Math.max(a.y, b.y) + reachM < Math.min(c.y, d.y) ||
    Math.min(a.y, b.y) - reachM > Math.max(c.y, d.y) ||
    Math.max(a.x, b.x) + reachM < Math.min(c.x, d.x) ||
    Math.min(a.x, b.x) - reachM > Math.max(c.x, d.x)
  );
}

function loopOf(points: readonly Plane[]): readonly (readonly [Plane, Plane])[] {
  return points.flatMap((from, at): (readonly [Plane, Plane])[] => {
    const to = points[(at + 1) % points.length];
    return to ? [[from, to]] : [];
  });
}

/**
 * Counts the sides that a ray to the east meets, in degrees: which side of a line a point lies on does not depend on how
 * far a degree is. Nothing is made on the way, for each report of a terminal is asked of each corner.
 */
function isInPolygon(points: readonly GeoPoint[], at: GeoPoint): boolean {
  let isIn = false;
  let before = points.at(-1);
  for (const corner of points) {
    if (before === undefined) return false;
    const [ay, by] = [before.latitude - at.latitude, corner.latitude - at.latitude];
    if (ay > 0 !== by > 0) {
      const ax = eastOf(at.longitude, before.longitude);
      if (0 < ax - (ay / (by - ay)) * (eastOf(at.longitude, corner.longitude) - ax)) isIn = !isIn;
    }
    before = corner;
  }
  return isIn;
}

const turn = (a: Plane, b: Plane, c: Plane): number =>
  Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

function doCross(a: Plane, b: Plane, c: Plane, d: Plane): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  const lies = (p: Plane, q: Plane, r: Plane): boolean =>
    Math.min(p.x, q.x) <= r.x &&
    r.x <= Math.max(p.x, q.x) &&
    Math.min(p.y, q.y) <= r.y &&
    r.y <= Math.max(p.y, q.y);
  return (
    (abc === 0 && lies(a, b, c)) ||
    (abd === 0 && lies(a, b, d)) ||
    (cda === 0 && lies(c, d, a)) ||
    (cdb === 0 && lies(c, d, b))
  );
}

function distanceToSide(at: Plane, a: Plane, b: Plane): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((at.x - a.x) * dx + (at.y - a.y) * dy) / length;
  const near = Math.max(0, Math.min(1, along));
  return Math.hypot(at.x - (a.x + near * dx), at.y - (a.y + near * dy));
}

/** Of two segments that do not cross. */
function apart(one: readonly [Plane, Plane], other: readonly [Plane, Plane]): number {
  return Math.min(
    ...one.map((end) => distanceToSide(end, other[0], other[1])),
    ...other.map((end) => distanceToSide(end, one[0], one[1])),
  );
}
