import type { Point } from "./plane.ts";

/** Where something is, and the ellipse in which it is 95 times of 100. */
export interface Estimate {
  readonly centre: Point;
  /** Half axes, metres; the longer one first. */
  readonly majorM: number;
  readonly minorM: number;
  /** Of the longer axis, degrees clockwise from north, 0..180. */
  readonly bearingDeg: number;
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

const CELLS = 40; // a side
const ROUNDS_MAX = 8;
/** What fits by so much worse than the best is as good as impossible: e to the −10. */
const MISFIT_MAX = 20;
/** Squared metres: a spread of nothing has no direction. */
const SPREAD_MIN = 0.25;
const SHARE = 0.95;

/** The box that the wanted points fill is looked at anew with finer cells until they are fine enough for the ellipse. */
export function estimate(misfitAt: (at: Point) => number, around: Box): Estimate {
  let box = around;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = boxOf(likely(misfitAt, box), box);
    const isFine = spanOf(next) > 0.5 * spanOf(box);
    box = next;
    if (isFine) break;
  }
  return ellipseOf(likely(misfitAt, box));
}

interface Cell extends Point {
  readonly weight: number;
}

function likely(misfitAt: (at: Point) => number, box: Box): readonly Cell[] {
  const [width, height] = [(box.east - box.west) / CELLS, (box.north - box.south) / CELLS];
  const cells: { east: number; north: number; misfit: number }[] = [];
  let best = Infinity;
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const east = box.west + (column + 0.5) * width;
      const north = box.south + (row + 0.5) * height;
      const misfit = misfitAt({ east, north });
      best = Math.min(best, misfit);
      cells.push({ east, north, misfit });
    }
  }
  return cells
    .filter(({ misfit }) => misfit - best < MISFIT_MAX)
    .map(({ east, north, misfit }) => ({ east, north, weight: Math.exp((best - misfit) / 2) }));
}

/** One cell wider on each side: the best point may lie between two. */
function boxOf(cells: readonly Cell[], { west, east, south, north }: Box): Box {
  const [width, height] = [(east - west) / CELLS, (north - south) / CELLS];
  const easts = cells.map((cell) => cell.east);
  const norths = cells.map((cell) => cell.north);
  return {
    west: Math.min(...easts) - 1.5 * width,
    east: Math.max(...easts) + 1.5 * width,
    south: Math.min(...norths) - 1.5 * height,
    north: Math.max(...norths) + 1.5 * height,
  };
}

const spanOf = ({ west, east, south, north }: Box): number => Math.max(east - west, north - south);

function ellipseOf(cells: readonly Cell[]): Estimate {
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (value: (cell: Cell) => number): number =>
    cells.reduce((sum, cell) => sum + cell.weight * value(cell), 0) / total;
  const centre = { east: mean(({ east }) => east), north: mean(({ north }) => north) };
  const xx = mean(({ east }) => (east - centre.east) ** 2) + SPREAD_MIN;
  const yy = mean(({ north }) => (north - centre.north) ** 2) + SPREAD_MIN;
  const xy = mean(({ east, north }) => (east - centre.east) * (north - centre.north));
  const half = Math.hypot((xx - yy) / 2, xy);
  const [major, minor] = [(xx + yy) / 2 + half, Math.max((xx + yy) / 2 - half, SPREAD_MIN)];
  const scale = Math.sqrt(reach(cells, centre, { xx, yy, xy }, total));
  const turn = (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI); // from east, counterclockwise
  return {
    centre,
    majorM: scale * Math.sqrt(major),
    minorM: scale * Math.sqrt(minor),
    bearingDeg: (270 - turn) % 180,
  };
}

/** How far, in squared deviations, the share of all weight reaches from the centre: 6 where it is a bell. */
function reach(
  cells: readonly Cell[],
  centre: Point,
  { xx, yy, xy }: { readonly xx: number; readonly yy: number; readonly xy: number },
  total: number,
): number {
  const determinant = xx * yy - xy ** 2;
  const byDistance = cells
    .map(({ east, north, weight }) => {
      const [x, y] = [east - centre.east, north - centre.north];
      return { weight, distance: (yy * x * x - 2 * xy * x * y + xx * y * y) / determinant };
    })
    .sort((a, b) => a.distance - b.distance);
  let sum = 0;
  for (const { weight, distance } of byDistance) {
    sum += weight;
    if (sum >= SHARE * total) return distance;
  }
  return byDistance.at(-1)?.distance ?? 0;
}
