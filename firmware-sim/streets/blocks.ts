import { type Random, seededRandom } from "../../base/random.ts";
import { PARKS } from "./landmarks.ts";
import { streetName } from "./names.ts";
import { CITY_BOUNDS, type Point, toPlace, toPoint } from "./plane.ts";

export const STREET_CLASSES = ["expressway", "arterial", "secondary", "local"] as const;
export type StreetClass = (typeof STREET_CLASSES)[number];

export interface Street {
  readonly class: StreetClass;
  readonly name: string;
  readonly nameZh: string;
  readonly line: readonly Point[];
}

export const BLOCK_M = 200;

const CORNER_SOUTH_WEST = toPoint({ longitude: CITY_BOUNDS[0], latitude: CITY_BOUNDS[1] });
const CORNER_NORTH_EAST = toPoint({ longitude: CITY_BOUNDS[2], latitude: CITY_BOUNDS[3] });
const COLUMNS = Math.floor((CORNER_NORTH_EAST.x - CORNER_SOUTH_WEST.x) / BLOCK_M);
const ROWS = Math.floor((CORNER_NORTH_EAST.y - CORNER_SOUTH_WEST.y) / BLOCK_M);

/** Long gentle waves that bend the chessboard, so that no street is dead straight for ever. */
function createWarp(random: Random): (point: Point) => Point {
  const waves = Array.from({ length: 6 }, () => ({
    length: 5_000 + 6_000 * random.next(),
    direction: 2 * Math.PI * random.next(),
    phase: 2 * Math.PI * random.next(),
    push: 2 * Math.PI * random.next(),
    metres: 60 + 90 * random.next(),
  }));
  return (point) => {
    let { x, y } = point;
    for (const wave of waves) {
      const along = point.x * Math.cos(wave.direction) + point.y * Math.sin(wave.direction);
      const metres = wave.metres * Math.sin((2 * Math.PI * along) / wave.length + wave.phase);
      x += metres * Math.cos(wave.push);
      y += metres * Math.sin(wave.push);
    }
    return { x, y };
  };
}

const inside = (point: Point): boolean => {
  const { longitude, latitude } = toPlace(point);
  const [west, south, east, north] = CITY_BOUNDS;
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north;
};

const parks = PARKS.map((park) => ({ ...park, middle: toPoint(park) }));

export const inPark = (point: Point): boolean =>
  parks.some(
    ({ middle, halfWidthM, halfHeightM }) =>
      Math.abs(point.x - middle.x) < halfWidthM && Math.abs(point.y - middle.y) < halfHeightM,
  );

const classOf = (index: number): StreetClass => {
  if (index % 6 === 3) return "arterial";
  return index % 2 === 1 ? "secondary" : "local";
};

/** The chessboard of streets: every sixth an arterial, every second between them secondary, the rest local and full of gaps. */
export function planBlocks(seed: string): Street[] {
  const random = seededRandom(`${seed} blocks`);
  const warp = createWarp(random);
  const at = (column: number, row: number): Point =>
    warp({
      x: CORNER_SOUTH_WEST.x + (column + 0.5) * BLOCK_M,
      y: CORNER_SOUTH_WEST.y + (row + 0.5) * BLOCK_M,
    });
  const streets: Street[] = [];
  const northward = randomOrder(random, COLUMNS);
  const eastward = randomOrder(random, ROWS);
  for (let column = 0; column < COLUMNS; column++) {
    const line = Array.from({ length: ROWS }, (_, row) => at(column, row));
    streets.push(...cut(classOf(column), 50 + (northward[column] ?? 0), line, random));
  }
  for (let row = 0; row < ROWS; row++) {
    const line = Array.from({ length: COLUMNS }, (_, column) => at(column, row));
    streets.push(...cut(classOf(row), eastward[row] ?? 0, line, random));
  }
  return streets;
}

/** Streets in the middle of the city find more of their local ones built than those at its edge. */
function cut(
  streetClass: StreetClass,
  nameIndex: number,
  line: readonly Point[],
  random: Random,
): Street[] {
  const streets: Street[] = [];
  let run: Point[] = [];
  const close = (): void => {
    const first = run[0];
    if (first && run.length > 1) {
      const name = streetName(nameIndex, isEast(first));
      streets.push({ class: streetClass, ...name, line: run });
    }
    run = [];
  };
  let built = streetClass !== "local";
  for (const [index, point] of line.entries()) {
    const passable = inside(point) && (streetClass === "arterial" || !inPark(point));
    if (!passable) close();
    if (passable && built) run.push(point);
    // A local street goes from one secondary street to the next, or leaves a gap between them.
    if (streetClass !== "local" || index % 2 === 0) continue;
    const wasBuilt = built;
    built = random.next() < density(point);
    if (!built) close();
    else if (!wasBuilt && passable) run.push(point);
  }
  close();
  return streets;
}

const density = (point: Point): number =>
  0.25 + 0.6 * Math.exp(-((Math.hypot(point.x, point.y) / 8_000) ** 2));

// The line of the river's middle course, near enough to choose between the two lists of names.
const isEast = (point: Point): boolean => point.x > 2_300 + 0.25 * point.y;

function randomOrder(random: Random, count: number): number[] {
  return Array.from({ length: count }, (_, index) => ({ index, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ index }) => index);
}
