import type { HeldIn } from "../devices/assignments.ts";
import type { Window } from "../identity/policy.ts";
import type { LocatedPosition } from "../location/located-reads.ts";
import type { Place } from "../location/plane.ts";
import { filterTrack } from "../location/track-filter.ts";
import { isUsable, type JudgedFix } from "../telemetry/fix-quality.ts";
import type { Recovery } from "./recovery.ts";

const NS_PER_MS = 1_000_000n;

/** Half axes in metres, and the longer one's direction clockwise from north. */
export interface Ellipse {
  readonly majorM: number;
  readonly minorM: number;
  readonly bearingDeg: number;
}

/** Where the vehicle was at a moment, who says so, and how exact it is. */
export interface TrackPoint {
  readonly atMs: number;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Its own fix, the network by arrival times, or by signal strength alone. */
  readonly source: "terminal" | "network" | "signal";
  /** About how far off it may be; null where the terminal does not say. Of the network: the longer half axis. */
  readonly accuracyM: number | null;
  /** It lies in there 95 times of 100; null for a fix of its own. */
  readonly ellipse: Ellipse | null;
  /** How many gateways placed it. */
  readonly gateways: number | null;
  readonly speedKmh: number | null;
  readonly heading: number | null;
  /** The same place with what was found before it in mind; null for a fix of its own. */
  readonly filtered: (Ellipse & { readonly latitude: number; readonly longitude: number }) | null;
}

export interface RecoveryTrack {
  /** In order of time. */
  readonly points: readonly TrackPoint[];
  /** Fixes that no vehicle can have: zero, jumped, stale. */
  readonly rejected: number;
  /** There were more: the newest are given. */
  readonly truncated: boolean;
}

/** More than a day at ten seconds. */
export const POINTS_MAX = 10_000;

/** One track of what the terminal said itself and what the network found; of each one more than POINTS_MAX means that it was cut. */
export function trackOf(
  fixes: readonly JudgedFix[],
  located: readonly LocatedPosition[],
): RecoveryTrack {
  const own = fixes.filter(isUsable).flatMap(ownPoint);
  const filtered = filterTrack(
    located.map(({ measuredAtNs, ...place }) => ({ ...place, atMs: msOf(measuredAtNs) })),
  );
  const found = located.map((each, at) => networkPoint(each, filtered[at] ?? null));
  const points = [...own, ...found].toSorted((a, b) => a.atMs - b.atMs);
  return {
    points: points.slice(-POINTS_MAX),
    rejected: fixes.filter((fix) => fix.fault !== "no-fix" && !isUsable(fix)).length,
    truncated: [points, fixes, located].some(({ length }) => length > POINTS_MAX),
  };
}

/** Since when all is told, ms: the theft, or where the track is cut. */
export const toldFromMs = (
  { stolenAtMs }: Pick<Recovery, "stolenAtMs">,
  { points: [first], truncated }: RecoveryTrack,
): number => (truncated && first ? first.atMs : stolenAtMs);

/** Where it was as far as anybody knows, whoever shows it. */
export const placeOf = (point: TrackPoint): Place => point.filtered ?? point;

const msOf = (ns: bigint): number => Number(ns / NS_PER_MS);

function ownPoint(fix: JudgedFix): readonly TrackPoint[] {
  const { atMs, latitude, longitude, accuracyM, speedKmh, heading } = fix;
  if (latitude === null || longitude === null) return [];
  return [
    {
      ...{ atMs, latitude, longitude, source: "terminal", accuracyM, speedKmh, heading },
      ...{ ellipse: null, gateways: null, filtered: null },
    },
  ];
}

function networkPoint(
  { measuredAtNs, method, latitude, longitude, gateways, ...ellipse }: LocatedPosition,
  filtered: TrackPoint["filtered"],
): TrackPoint {
  return {
    ...{ atMs: msOf(measuredAtNs), latitude, longitude, gateways, ellipse, filtered },
    source: method === "arrival-times" ? "network" : "signal",
    ...{ accuracyM: ellipse.majorM, speedKmh: null, heading: null },
  };
}

/** Where it is as far as anybody knows; undefined before the first position. */
export const lastOf = ({ points }: RecoveryTrack): TrackPoint | undefined => points.at(-1);

type OfVehicle = Pick<Recovery, "stolenAtMs" | "closedAtMs"> &
  Pick<HeldIn, "customerId" | "assetId">;

/** Of one case, as far as the terminal was in its vehicle and that its customer's; ends with the case. */
export function windowsOfCase(
  { stolenAtMs, closedAtMs, customerId, assetId }: OfVehicle,
  held: readonly HeldIn[],
  nowMs: number,
): readonly Window[] {
  const fromNs = BigInt(stolenAtMs) * NS_PER_MS;
  const endNs = BigInt(closedAtMs ?? nowMs) * NS_PER_MS;
  return held
    .filter((each) => each.customerId === customerId && each.assetId === assetId)
    .map((each) => ({
      fromNs: each.fromNs > fromNs ? each.fromNs : fromNs,
      toNs: each.toNs === null || each.toNs > endNs ? endNs : each.toNs,
    }))
    .filter((each) => each.fromNs < each.toNs);
}
