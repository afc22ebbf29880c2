import type { GeoPoint, GeoShape } from "./rule.ts";

// Written by hand on a plane around the shape: within 500 km it is right within the exactness of a fix, it is twenty lines,
// and the same three functions answer inside, crossing and distance. @turf/* would answer each on a sphere, through GeoJSON.

interface Plane {
  readonly x: number;
  readonly y: number;
}

const METRES_PER_DEGREE = 111_195.08;

/** Metres east and north of an origin; a longitude beyond the date line counts from the near side. */
function project(origin: GeoPoint, { latitude, longitude }: GeoPoint): Plane {
  const east = ((longitude - origin.longitude + 540) % 360) - 180;
  const shrink = Math.cos((origin.latitude * Math.PI) / 180);
  return { x: east * shrink * METRES_PER_DEGREE, y: (latitude - origin.latitude) * METRES_PER_DEGREE };
}

export function isInside(shape: GeoShape, point: GeoPoint): boolean {
  return shape.shape === "circle"
    ? metresBetween(shape.centre, point) <= shape.radiusM
    : insideLine(shape, point);
}

function insideLine(shape: Exclude<GeoShape, { shape: "circle" }>, point: GeoPoint): boolean {
  const at = { x: 0, y: 0 };
  const points = shape.points.map((one) => project(point, one));
  if (shape.shape === "polygon") return isInPolygon(points, at);
  return sides(points, false).some(([a, b]) => distanceToSide(at, a, b) <= shape.widthM / 2);
}

/** Whether the straight way between two fixes touches the shape, although neither end need be inside. */
export function isCrossed(shape: GeoShape, from: GeoPoint, to: GeoPoint): boolean {
  if (isInside(shape, from) || isInside(shape, to)) return true;
  const end = project(from, to);
  const start = { x: 0, y: 0 };
  if (shape.shape === "circle")
    return distanceToSide(project(from, shape.centre), start, end) <= shape.radiusM;
  const points = shape.points.map((one) => project(from, one));
  const isLoop = shape.shape === "polygon";
  const reachM = isLoop ? 0 : shape.widthM / 2;
  return sides(points, isLoop).some(
    ([a, b]) => doCross(start, end, a, b) || (reachM > 0 && apart([start, end], [a, b]) <= reachM),
  );
}

export function metresBetween(a: GeoPoint, b: GeoPoint): number {
  const middle = { latitude: (a.latitude + b.latitude) / 2, longitude: a.longitude };
  const { x } = project(middle, b);
  return Math.hypot(x, (b.latitude - a.latitude) * METRES_PER_DEGREE);
}

/** What is wrong with a shape; its numbers are within the bounds of rule.ts already. */
export function shapeProblem(shape: GeoShape): string | undefined {
  if (shape.shape !== "polygon") return undefined;
  const [first] = shape.points;
  if (first === undefined) return "a polygon needs three corners";
  const all = sides(
    shape.points.map((point) => project(first, point)),
    true,
  );
  if (all.some(([a, b]) => a.x === b.x && a.y === b.y)) return "two corners in a row are the same";
  for (const [at, [a, b]] of all.entries()) {
    for (let other = at + 2; other < all.length; other++) {
      const side = all[other];
      const isNeighbour = at === 0 && other === all.length - 1;
      if (side === undefined || isNeighbour) continue;
      if (doCross(a, b, side[0], side[1]))
        return `its side ${at + 1} crosses its side ${other + 1}`;
    }
  }
  return undefined;
}

function sides(points: readonly Plane[], isLoop: boolean): (readonly [Plane, Plane])[] {
  const all = points.slice(1).flatMap((to, at): (readonly [Plane, Plane])[] => {
    const from = points[at];
    return from ? [[from, to]] : [];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (isLoop && first && last) all.push([last, first]);
  return all;
}

/** Counts the sides that a ray to the east meets. */
function isInPolygon(points: readonly Plane[], at: Plane): boolean {
  let isIn = false;
  for (const [a, b] of sides(points, true)) {
    if (a.y > at.y === b.y > at.y) continue;
    if (at.x < a.x + ((at.y - a.y) / (b.y - a.y)) * (b.x - a.x)) isIn = !isIn;
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
