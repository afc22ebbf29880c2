import type { LngLat } from "../map/glide.ts";
import type { TrackPoint } from "./recovery-queries.ts";

export interface TrackLines {
  /** Its own fixes, in pieces without a long pause, and the pauses between them. */
  readonly ways: readonly (readonly LngLat[])[];
  readonly gaps: readonly (readonly LngLat[])[];
  /** Where the network found it, each with what was found before it in mind. */
  readonly found: readonly LngLat[];
}

const PAUSE_MAX_MS = 10 * 60_000;

/** As exact as it is known. */
export const placeOf = (point: TrackPoint): LngLat => {
  const { longitude, latitude } = point.filtered ?? point;
  return [longitude, latitude];
};

/** What the map draws of a track. */
export function linesOfTrack(points: readonly TrackPoint[]): TrackLines {
  const ways: LngLat[][] = [];
  const gaps: (readonly LngLat[])[] = [];
  let before: TrackPoint | undefined;
  for (const point of points) {
    if (point.source !== "terminal") continue;
    const isPause =
      before === undefined || Date.parse(point.time) - Date.parse(before.time) > PAUSE_MAX_MS;
    if (isPause) ways.push([placeOf(point)]);
    else ways.at(-1)?.push(placeOf(point));
    if (isPause && before !== undefined) gaps.push([placeOf(before), placeOf(point)]);
    before = point;
  }
  return {
    ...{ ways, gaps },
    found: points.filter(({ source }) => source !== "terminal").map(placeOf),
  };
}
