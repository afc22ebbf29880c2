import { type Place, planeAround } from "../location/plane.ts";
import { lastOf, placeOf, type RecoveryTrack, type TrackPoint } from "./track.ts";

/** A place on a picture, from its upper left corner, in the picture's own units. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A track to scale with north above: what a page or a PDF draws, without any map server. */
export interface TrackPicture {
  readonly streets: readonly (readonly Spot[])[];
  /** Its own fixes, in pieces without a long pause. */
  readonly ways: readonly (readonly Spot[])[];
  /** Where the network found it. */
  readonly found: readonly Spot[];
  /** Where it last was for certain; empty where its own fix says so. */
  readonly outline: readonly Spot[];
  readonly begin: Spot | undefined;
  readonly end: Spot | undefined;
  /** Of a bar with a round length. */
  readonly bar: { readonly metres: number; readonly length: number };
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Lines of streets, as far as there is a map of our own. */
export type Streets = readonly (readonly Place[])[];

const PAUSE_MAX_MS = 10 * 60_000;
/** A vehicle that stands still is shown with what is around it. */
const SPAN_MIN_M = 600;
const MARGIN_SHARE = 0.08;
const BAR_SHARE_MAX = 0.3;
const OUTLINE_CORNERS = 48;

/** Undefined while it was nowhere. */
export function pictureOf(
  track: RecoveryTrack,
  { width, height }: PictureSize,
  streets: Streets,
): TrackPicture | undefined {
  const last = lastOf(track);
  if (last === undefined) return undefined;
  const plane = planeAround(placeOf(last));
  const outline = outlineOf(last).map(({ east, north }) => plane.toPlace({ east, north }));
  const shown = [...track.points.map(placeOf), ...outline].map((place) => plane.toPoint(place));
  const [wests, souths] = [shown.map(({ east }) => east), shown.map(({ north }) => north)];
  const [west, east] = extentOf(wests);
  const [south, north] = extentOf(souths);
  const perM =
    (1 - 2 * MARGIN_SHARE) *
    Math.min(
      width / Math.max(east - west, SPAN_MIN_M),
      height / Math.max(north - south, SPAN_MIN_M),
    );
  const middle = { east: (west + east) / 2, north: (south + north) / 2 };
  const spotOf = (place: Place): Spot => {
    const at = plane.toPoint(place);
    return {
      x: width / 2 + (at.east - middle.east) * perM,
      y: height / 2 - (at.north - middle.north) * perM,
    };
  };
  const own = track.points.filter(({ source }) => source === "terminal");
  const begin = track.points[0];
  return {
    streets: streets
      .map((line) => line.map(spotOf))
      .filter((line) => line.some(({ x, y }) => x > 0 && x < width && y > 0 && y < height)),
    ways: piecesOf(own).map((piece) => piece.map(placeOf).map(spotOf)),
    found: track.points
      .filter(({ source }) => source !== "terminal")
      .map(placeOf)
      .map(spotOf),
    outline: outline.map(spotOf),
    begin: begin && spotOf(placeOf(begin)),
    end: spotOf(placeOf(last)),
    bar: barOf((BAR_SHARE_MAX * width) / perM, perM),
  };
}

/** Not by spreading: a track has thousands of points. */
function extentOf(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

function outlineOf({ ellipse, filtered }: TrackPoint) {
  const known = filtered ?? ellipse;
  if (known === null) return [];
  const turn = (known.bearingDeg * Math.PI) / 180;
  return Array.from({ length: OUTLINE_CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / OUTLINE_CORNERS;
    const [along, across] = [known.majorM * Math.cos(angle), known.minorM * Math.sin(angle)];
    return {
      east: along * Math.sin(turn) + across * Math.cos(turn),
      north: along * Math.cos(turn) - across * Math.sin(turn),
    };
  });
}

function piecesOf(points: readonly TrackPoint[]): readonly (readonly TrackPoint[])[] {
  const pieces: TrackPoint[][] = [];
  let beforeMs = -Infinity;
  for (const point of points) {
    if (point.atMs - beforeMs > PAUSE_MAX_MS) pieces.push([point]);
    else pieces.at(-1)?.push(point);
    beforeMs = point.atMs;
  }
  return pieces;
}

const ROUND = [1, 2, 5] as const;

/** The longest of 1, 2 and 5 times a power of ten that fits. */
function barOf(metresMax: number, perM: number): TrackPicture["bar"] {
  const power = 10 ** Math.floor(Math.log10(metresMax));
  const metres = power * (ROUND.findLast((step) => step * power <= metresMax) ?? 1);
  return { metres, length: metres * perM };
}
