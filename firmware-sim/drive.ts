import type { Place } from "./streets/plane.ts";
import { type Leg, legIndexAt, placeOnRoute, type Route } from "./streets/route.ts";
import type { Streets } from "./streets.ts";

/** A halt on the way: a red light or a bus stop. */
export interface Halt {
  readonly atM: number;
  readonly waitS: number;
}

export interface Drive {
  readonly route: Route;
  /** This driver's share of the speed limit. */
  readonly pace: number;
  readonly halts: readonly Halt[];
  readonly metres: number;
  readonly speedMs: number;
  readonly nextHalt: number;
  /** Seconds left of the halt one stands at; 0 while moving. */
  readonly waitS: number;
  readonly finished: boolean;
}

const ACCELERATION_MS2 = 1.4;
const BRAKING_MS2 = 2;
const LOOK_AHEAD_M = 160;
const ARRIVED_M = 1;
const CREEP_MS = 1.5;

export const startDrive = (route: Route, pace: number, halts: readonly Halt[]): Drive => ({
  route,
  pace,
  halts,
  metres: 0,
  speedMs: 0,
  nextHalt: 0,
  waitS: 0,
  finished: false,
});

/** One second of driving: no faster than the leg's limit, and slow enough for what comes. */
export function stepDrive(drive: Drive): Drive {
  if (drive.finished) return drive;
  if (drive.waitS > 0) return { ...drive, waitS: Math.max(0, drive.waitS - 1), speedMs: 0 };
  const speedMs = Math.max(
    CREEP_MS,
    Math.min(drive.speedMs + ACCELERATION_MS2, allowedSpeed(drive)),
  );
  const halt = drive.halts[drive.nextHalt];
  const reachM = Math.min(halt?.atM ?? Infinity, drive.route.metres);
  const metres = Math.min(drive.metres + speedMs, reachM);
  if (metres < reachM - ARRIVED_M) return { ...drive, metres, speedMs };
  if (halt && reachM === halt.atM) {
    const moved = { ...drive, metres: reachM, speedMs: 0, nextHalt: drive.nextHalt + 1 };
    return { ...moved, waitS: halt.waitS };
  }
  return { ...drive, metres: drive.route.metres, speedMs: 0, finished: true };
}

/** From which one can still brake for every bend, lower limit, halt and end ahead. */
function allowedSpeed(drive: Drive): number {
  const { legs } = drive.route;
  const first = legIndexAt(drive.route, drive.metres);
  const endM = Math.min(drive.halts[drive.nextHalt]?.atM ?? Infinity, drive.route.metres);
  let allowed = Math.min(limitMs(legs[first], drive.pace), braking(0, endM - drive.metres));
  for (let i = first; i < legs.length - 1; i++) {
    const [leg, next] = [legs[i], legs[i + 1]];
    if (!leg || !next) break;
    const aheadM = next.startM - drive.metres;
    if (aheadM > LOOK_AHEAD_M) break;
    const there = Math.min(limitMs(next, drive.pace), bendSpeed(leg, next));
    // A second of travel is spent before the brakes bite, so that the limit holds at the sign itself.
    allowed = Math.min(allowed, Math.max(there, braking(there, aheadM - there)));
  }
  return allowed;
}

const braking = (endMs: number, metres: number): number =>
  Math.sqrt(endMs ** 2 + 2 * BRAKING_MS2 * Math.max(0, metres)) * 0.9;

const limitMs = (leg: Leg | undefined, pace: number): number =>
  ((leg?.limitKmh ?? 30) / 3.6) * pace;

function bendSpeed(leg: Leg, next: Leg): number {
  const angle = Math.abs(direction(leg) - direction(next));
  const bend = Math.min(angle, 2 * Math.PI - angle);
  if (bend < 0.35) return Infinity;
  return bend < 0.9 ? 9 : 5.5;
}

const direction = ({ from, to }: Leg): number => Math.atan2(to.y - from.y, to.x - from.x);

export interface Fix extends Place {
  readonly heading: number;
  readonly speedKmh: number;
  readonly limitKmh: number;
}

export const fixOf = (drive: Drive): Fix => {
  const { latitude, longitude, heading, limitKmh } = placeOnRoute(drive.route, drive.metres);
  return { latitude, longitude, heading, limitKmh, speedKmh: drive.speedMs * 3.6 };
};

export const isInTunnel = (streets: Streets, drive: Drive): boolean =>
  streets.isTunnel(placeOnRoute(drive.route, drive.metres).street);
