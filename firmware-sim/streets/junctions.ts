import type { Street, StreetClass } from "./blocks.ts";
import { between, distance, type Point, segments } from "./plane.ts";

interface Segment {
  readonly street: number;
  readonly class: StreetClass;
  readonly a: Point;
  readonly b: Point;
  /** Shares of the way from a to b at which another street meets this one. */
  readonly cuts: { readonly share: number; readonly point: Point }[];
}

const CELL_M = 250;
const SNAP_M = 12;

/** An elevated road has ramps to arterials and others of its kind; all else passes beneath it. */
const meets = (one: StreetClass, other: StreetClass): boolean => {
  if (one === "expressway") return other === "expressway" || other === "arterial";
  if (other === "expressway") return one === "arterial";
  return true;
};

/** The streets with a vertex wherever two of them meet; vertices in common are the same object. */
export function joinStreets(streets: readonly Street[]): Street[] {
  const all: Segment[] = streets.flatMap((street, index) =>
    Array.from(segments(street.line), ([a, b]) => ({
      street: index,
      class: street.class,
      a,
      b,
      cuts: [],
    })),
  );
  for (const [one, other] of neighbours(all)) crossAt(one, other);
  const joined = streets.map((street) => ({ ...street, line: [] as Point[] }));
  for (const segment of all) {
    const line = joined[segment.street]?.line;
    if (!line) continue;
    if (line.length === 0) line.push(segment.a);
    segment.cuts.sort((x, y) => x.share - y.share);
    for (const cut of segment.cuts) line.push(cut.point);
    line.push(segment.b);
  }
  return joined.map((street) => ({ ...street, line: dropNear(street.line) }));
}

function* neighbours(all: readonly Segment[]): Generator<readonly [Segment, Segment]> {
  const cells = new Map<string, Segment[]>();
  for (const segment of all) {
    for (const key of cellsOf(segment)) {
      const cell = cells.get(key) ?? [];
      for (const other of cell) {
        // A pair may share several cells; it is taken in the first one of both.
        if (other.street !== segment.street && firstCommon(segment, other) === key) {
          yield [segment, other];
        }
      }
      cell.push(segment);
      cells.set(key, cell);
    }
  }
}

function cellsOf({ a, b }: Segment): string[] {
  const keys: string[] = [];
  const span = (from: number, to: number): [number, number] => [
    Math.floor(Math.min(from, to) / CELL_M),
    Math.floor(Math.max(from, to) / CELL_M),
  ];
  const [west, east] = span(a.x, b.x);
  const [south, north] = span(a.y, b.y);
  for (let x = west; x <= east; x++) {
    for (let y = south; y <= north; y++) keys.push(`${String(x)} ${String(y)}`);
  }
  return keys;
}

const firstCommon = (one: Segment, other: Segment): string | undefined => {
  const keys = new Set(cellsOf(other));
  return cellsOf(one).find((key) => keys.has(key));
};

function crossAt(one: Segment, other: Segment): void {
  if (!meets(one.class, other.class)) return;
  const [ax, ay] = [one.b.x - one.a.x, one.b.y - one.a.y];
  const [bx, by] = [other.b.x - other.a.x, other.b.y - other.a.y];
  const cross = ax * by - ay * bx;
  if (Math.abs(cross) < 1e-6) return;
  const [dx, dy] = [other.a.x - one.a.x, other.a.y - one.a.y];
  const share = (dx * by - dy * bx) / cross;
  const otherShare = (dx * ay - dy * ax) / cross;
  const reach = SNAP_M / Math.hypot(ax, ay);
  const otherReach = SNAP_M / Math.hypot(bx, by);
  if (share < -reach || share > 1 + reach) return;
  if (otherShare < -otherReach || otherShare > 1 + otherReach) return;
  const point = endNear(one, share, reach) ?? endNear(other, otherShare, otherReach);
  const meeting = point ?? between(one.a, one.b, share);
  add(one, share, meeting);
  add(other, otherShare, meeting);
}

const endNear = (segment: Segment, share: number, reach: number): Point | undefined => {
  if (Math.abs(share) <= reach) return segment.a;
  return Math.abs(1 - share) <= reach ? segment.b : undefined;
};

function add(segment: Segment, share: number, point: Point): void {
  if (point !== segment.a && point !== segment.b) segment.cuts.push({ share, point });
}

/** Drops what would make an edge of no length; a vertex in common stays by its place. */
const dropNear = (line: readonly Point[]): Point[] =>
  line.filter((point, index) => {
    const before = line[index - 1];
    return !before || distance(before, point) > 0.01;
  });
