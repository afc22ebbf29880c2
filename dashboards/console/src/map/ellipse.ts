import type { LngLat } from "./glide.ts";

/** Half axes in metres, and the longer one's direction in degrees clockwise from north. */
export interface Ellipse {
  readonly majorM: number;
  readonly minorM: number;
  readonly bearingDeg: number;
}

const CORNERS = 72;
const M_PER_DEGREE = 111_195;

/** Its outline around a place, closed, as the map takes it. */
export function outlineOf([longitude, latitude]: LngLat, ellipse: Ellipse): readonly LngLat[] {
  const turn = (ellipse.bearingDeg * Math.PI) / 180;
  const eastPerDegree = M_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return Array.from({ length: CORNERS + 1 }, (_, corner): LngLat => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    const along = ellipse.majorM * Math.cos(angle);
    const across = ellipse.minorM * Math.sin(angle);
    const east = along * Math.sin(turn) + across * Math.cos(turn);
    const north = along * Math.cos(turn) - across * Math.sin(turn);
    return [longitude + east / eastPerDegree, latitude + north / M_PER_DEGREE];
  });
}
