import type { LastPosition } from "../packets/uplink-changes.ts";

export type PositionFault = "position-zero" | "position-jump";
export type JudgedPosition =
  | { readonly ok: true; readonly position: LastPosition }
  | { readonly ok: false; readonly fault: PositionFault };

const ZERO_DEGREES = 0.001; // a receiver without a fix says 0, 0
const SPEED_MAX_M_PER_S = 100;
const JUMP_FREE_M = 500;
const EARTH_RADIUS_M = 6_371_008.8;

/** The terminal's own fix, unless no vehicle can be there. A jump heals itself: the distance it may be grows with time. */
export function judgePosition(fix: LastPosition, last: LastPosition | undefined): JudgedPosition {
  if (Math.abs(fix.latitude) < ZERO_DEGREES && Math.abs(fix.longitude) < ZERO_DEGREES) {
    return { ok: false, fault: "position-zero" };
  }
  if (last) {
    const apartNs = fix.measuredAtNs - last.measuredAtNs;
    const seconds = Math.abs(Number(apartNs)) / 1e9;
    if (distanceM(fix, last) > JUMP_FREE_M + seconds * SPEED_MAX_M_PER_S) {
      return { ok: false, fault: "position-jump" };
    }
  }
  return { ok: true, position: fix };
}

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** On the sphere, which is right within half a percent. */
export function distanceM(a: Place, b: Place): number {
  const radians = Math.PI / 180;
  const north = ((b.latitude - a.latitude) * radians) / 2;
  const east = ((b.longitude - a.longitude) * radians) / 2;
  const chord =
    Math.sin(north) ** 2 +
    Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * Math.sin(east) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}
