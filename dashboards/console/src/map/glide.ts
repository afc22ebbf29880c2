export type LngLat = readonly [longitude: number, latitude: number];

/** A marker's way from where it is drawn to where it was just reported. */
export interface Glide {
  readonly from: LngLat;
  readonly to: LngLat;
  readonly startMs: number;
}

const GLIDE_MS = 1800;
/** Farther than a vehicle gets between two reports: it is put there, not slid through the houses. */
const JUMP_DEGREES = 0.03;

export function startGlide(from: LngLat, to: LngLat, nowMs: number): Glide {
  const isJump = Math.hypot(to[0] - from[0], to[1] - from[1]) > JUMP_DEGREES;
  return { from: isJump ? to : from, to, startMs: nowMs };
}

export const isDone = (glide: Glide, nowMs: number): boolean => nowMs >= glide.startMs + GLIDE_MS;

export function placeAt(glide: Glide, nowMs: number): LngLat {
  const part = Math.min(1, Math.max(0, (nowMs - glide.startMs) / GLIDE_MS));
  const eased = part * part * (3 - 2 * part);
  const [x, y] = glide.from;
  return [x + (glide.to[0] - x) * eased, y + (glide.to[1] - y) * eased];
}
