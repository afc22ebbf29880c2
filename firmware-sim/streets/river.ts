import type { Street } from "./blocks.ts";
import { CROSSINGS, type MainRoad, RIVER, RIVER_BANK_M, RIVER_HALF_WIDTH_M } from "./landmarks.ts";
import { between, distance, distanceToLine, offset, type Point, toPoint } from "./plane.ts";

const wet = (point: Point): boolean => distanceToLine(point, RIVER) < RIVER_BANK_M;

/** Where the bank lies between a dry and a wet end. */
function bank(dry: Point, drowned: Point): Point {
  let [low, high] = [0, 1];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (wet(between(dry, drowned, middle))) high = middle;
    else low = middle;
  }
  return between(dry, drowned, low);
}

interface Piece {
  readonly wet: boolean;
  readonly line: Point[];
}

/** The line in pieces that are wholly on land or wholly over the water. */
function cutAtBanks(line: readonly Point[]): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece | undefined;
  let before: Point | undefined;
  for (const point of line) {
    const pointWet = wet(point);
    if (!piece || !before) piece = { wet: pointWet, line: [] };
    else if (piece.wet !== pointWet) {
      const edge = piece.wet ? bank(point, before) : bank(before, point);
      piece.line.push(edge);
      pieces.push(piece);
      piece = { wet: pointWet, line: [edge] };
    }
    piece.line.push(point);
    before = point;
  }
  if (piece) pieces.push(piece);
  return pieces.filter(({ line: points }) => points.length > 1);
}

/** Streets end at the bank. */
export const keepDry = (street: Street): Street[] =>
  cutAtBanks(street.line)
    .filter((piece) => !piece.wet)
    .map(({ line }) => ({ ...street, line }));

/** Main roads go on over the water, under the name of their bridge or tunnel. */
export const bridge = (road: MainRoad): Street[] =>
  cutAtBanks(road.line).map((piece) => {
    const middle = piece.line[piece.line.length >> 1];
    if (!piece.wet || !middle) return { ...road, line: piece.line };
    const nearest = CROSSINGS.map((crossing) => ({
      name: crossing.name,
      nameZh: crossing.nameZh,
      metres: distance(toPoint(crossing), middle),
    })).reduce((a, b) => (b.metres < a.metres ? b : a));
    return { class: road.class, name: nearest.name, nameZh: nearest.nameZh, line: piece.line };
  });

/** A road along each bank joins the ends of the streets. */
export const embankments = (): Street[] =>
  [
    { side: -1, name: "Binjiang West Road", nameZh: "滨江西路" },
    { side: 1, name: "Binjiang Avenue", nameZh: "滨江大道" },
  ].flatMap(({ side, name, nameZh }) => {
    const line = offset(RIVER, side * (RIVER_BANK_M + 25));
    return keepDry({ class: "secondary", name, nameZh, line });
  });

export const riverOutline = (): Point[] => {
  const right = offset(RIVER, RIVER_HALF_WIDTH_M);
  return [...offset(RIVER, -RIVER_HALF_WIDTH_M), ...right.reverse()];
};
