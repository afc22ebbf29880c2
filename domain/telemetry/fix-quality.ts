import { distanceM, judgePosition, type PositionFault } from "../devices/position.ts";

/** What a terminal said of where it is and how it moves; null for what it did not say. */
export interface Fix {
  /** When it was measured, ms since the Unix epoch. */
  readonly atMs: number;
  /** Degrees. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly speedKmh: number | null;
  /** Degrees from north. */
  readonly heading: number | null;
  readonly ignition: boolean | null;
  /** Horizontal dilution of precision; the smaller the better. */
  readonly hdop: number | null;
  /** Whether the receiver says that it knows its place. */
  readonly hasFix: boolean | null;
}

/** Why a place is not taken as it was said: `static-drift` is one that wanders about while it stands. */
export const FIX_FAULTS = [
  "no-fix",
  "position-zero",
  "position-jump",
  "position-stale",
  "static-drift",
] as const;
export type FixFault = (typeof FIX_FAULTS)[number];

export interface JudgedFix extends Fix {
  readonly fault: FixFault | null;
  /** About how far off it may be, metres; null where the terminal does not say how exact it is. */
  readonly accuracyM: number | null;
}

/** Those whose place says nothing of where it was; drift still says that it stood. */
export const isUsable = ({ fault }: JudgedFix): boolean =>
  fault === null || fault === "static-drift";

const MOVING_KMH = 5; // below it a receiver that stands still shows speeds, too
const STALE_KMH = 20;
/** The usual error of a receiver with one frequency; times HDOP it is that of the place. */
const RANGE_ERROR_M = 5;
export const DRIFT_M = 100;

export const isMoving = ({ speedKmh }: Fix): boolean => speedKmh !== null && speedKmh >= MOVING_KMH;

/** Judges the fixes of one terminal, in whatever order they come; answers them in order of time. */
export function judgeFixes(fixes: readonly Fix[]): readonly JudgedFix[] {
  let last: Placed | undefined;
  let stand: Placed | undefined;
  return fixes
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((fix) => {
      const accuracyM = fix.hdop === null ? null : fix.hdop * RANGE_ERROR_M;
      const placed = placedOf(fix);
      const fault =
        placed === undefined ? "no-fix" : (faultOf(placed, last) ?? driftOf(placed, stand));
      if (placed !== undefined && (fault === null || fault === "static-drift")) {
        last = placed;
        if (isMoving(placed)) stand = undefined;
        else if (fault === null) stand = placed;
      }
      return { ...fix, fault, accuracyM };
    });
}

type Placed = Fix & { readonly latitude: number; readonly longitude: number };

function placedOf(fix: Fix): Placed | undefined {
  const { latitude, longitude, hasFix } = fix;
  if (latitude === null || longitude === null || hasFix === false) return undefined;
  return { ...fix, latitude, longitude };
}

function faultOf(fix: Placed, last: Placed | undefined): PositionFault | "position-stale" | null {
  const judged = judgePosition(inNs(fix), last && inNs(last));
  if (!judged.ok) return judged.fault;
  const isSame = fix.latitude === last?.latitude && fix.longitude === last.longitude;
  return isSame && (fix.speedKmh ?? 0) >= STALE_KMH ? "position-stale" : null;
}

function driftOf(fix: Placed, stand: Placed | undefined): "static-drift" | null {
  if (stand === undefined || isMoving(fix)) return null;
  const apartM = distanceM(fix, stand);
  return apartM > 0 && apartM < DRIFT_M ? "static-drift" : null;
}

const inNs = ({ latitude, longitude, atMs }: Placed) => ({
  latitude,
  longitude,
  measuredAtNs: BigInt(Math.round(atMs)) * 1_000_000n,
});
