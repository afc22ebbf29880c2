import {
  diagonal,
  inverse,
  type Matrix2,
  plus,
  product,
  scaled,
  symmetric,
  transposed,
} from "./matrix2.ts";
import { type Place, type Plane, type Point, planeAround } from "./plane.ts";

/** A place that one burst told, and the ellipse in which it is 95 times of 100. */
export interface EllipsePlace extends Place {
  /** Half axes, metres; the longer one first. */
  readonly majorM: number;
  readonly minorM: number;
  /** Of the longer axis, degrees clockwise from north. */
  readonly bearingDeg: number;
}

export interface TimedPlace extends EllipsePlace {
  /** ms since the Unix epoch. */
  readonly atMs: number;
}

/** Squared deviations that hold 95 % of a bell of two dimensions, and 99.9 % of it. */
const SQUARED_95 = 5.991;
const GATE = 13.8;
/**
 * The share of a burst's variance that the next ones have in common: clocks, houses and the gateways' places make all of a
 * track wrong alike, and no number of bursts averages that away.
 */
const COMMON = 0.3;
/** A vehicle keeps its speed and direction for about a minute, and then it may go any way again. */
const KEEPS_S = 60;
/** One standard deviation of the speed along each axis: 36 km/h. */
const SPEED_M_PER_S = 10;
/** So many bursts in a row elsewhere are no mistakes: it is there. */
const OUTSIDE_MAX = 2;

/** Where it is and how it moves, with their covariances: of the place, of both, of the speed. */
interface State {
  readonly atMs: number;
  readonly place: Point;
  readonly speed: Point;
  readonly places: Matrix2;
  readonly both: Matrix2;
  readonly speeds: Matrix2;
  /** What the last burst that was believed has in common with those before it. */
  readonly common: Matrix2;
  readonly outside: number;
}

/**
 * A Kalman filter over the bursts of one track, in order of time; answers one place for each, which knows of those before
 * it. The vehicle's speed is a process of Ornstein and Uhlenbeck: constant over seconds, forgotten over minutes, so that a
 * long silence widens the ellipse as it should. What lies too far outside of where it can be (gate) is not believed, unless
 * the next one says the same.
 */
export function filterTrack(track: readonly TimedPlace[]): readonly EllipsePlace[] {
  const [first] = track;
  if (first === undefined) return [];
  const plane = planeAround(first);
  let state: State | undefined;
  return track.map((measured) => {
    state = state === undefined ? begin(plane, measured) : step(plane, state, measured);
    return { ...plane.toPlace(state.place), ...ellipseOf(plus(state.places, state.common)) };
  });
}

function begin(plane: Plane, measured: TimedPlace): State {
  const covariance = covarianceOf(measured);
  return {
    ...{ atMs: measured.atMs, place: plane.toPoint(measured), speed: { east: 0, north: 0 } },
    ...{ places: scaled(covariance, 1 - COMMON), common: scaled(covariance, COMMON) },
    ...{ both: diagonal(0), speeds: diagonal(SPEED_M_PER_S ** 2), outside: 0 },
  };
}

function step(plane: Plane, before: State, measured: TimedPlace): State {
  const state = predict(before, Math.max(0, measured.atMs - before.atMs) / 1000);
  const covariance = covarianceOf(measured);
  const noise = scaled(covariance, 1 - COMMON);
  const at = plane.toPoint(measured);
  const apart = { east: at.east - state.place.east, north: at.north - state.place.north };
  if (squaredOf(apart, plus(state.places, covariance)) > GATE) {
    const outside = state.outside + 1;
    return outside < OUTSIDE_MAX ? { ...state, outside } : begin(plane, measured);
  }
  const weight = inverse(plus(state.places, noise));
  const pull = times(weight, apart);
  const gain = product(state.places, weight);
  return {
    atMs: state.atMs,
    place: moved(state.place, times(state.places, pull)),
    speed: moved(state.speed, times(transposed(state.both), pull)),
    places: symmetric(product(gain, noise)), // no difference of large numbers: it stays positive
    both: plus(state.both, product(gain, state.both), -1),
    speeds: symmetric(
      plus(state.speeds, product(transposed(state.both), product(weight, state.both)), -1),
    ),
    common: scaled(covariance, COMMON),
    outside: 0,
  };
}

/** How far apart, in squared deviations. */
function squaredOf(apart: Point, covariance: Matrix2): number {
  const pull = times(inverse(covariance), apart);
  return apart.east * pull.east + apart.north * pull.north;
}

/** Where it may have gone in these seconds; the exact integral of the process. */
function predict(state: State, s: number): State {
  const kept = Math.exp(-s / KEEPS_S);
  const reach = KEEPS_S * (1 - kept);
  const variance = SPEED_M_PER_S ** 2;
  const { place, speed, places, both, speeds } = state;
  return {
    ...state,
    atMs: state.atMs + s * 1000,
    place: moved(place, { east: reach * speed.east, north: reach * speed.north }),
    speed: { east: kept * speed.east, north: kept * speed.north },
    places: [
      scaled(plus(both, transposed(both)), reach),
      scaled(speeds, reach ** 2),
      diagonal(variance * KEEPS_S ** 2 * ((2 * s) / KEEPS_S - 3 + 4 * kept - kept ** 2)),
    ].reduce((sum, part) => plus(sum, part), places),
    both: plus(scaled(plus(both, speeds, reach), kept), diagonal(variance * reach * (1 - kept))),
    speeds: plus(scaled(speeds, kept ** 2), diagonal(variance * (1 - kept ** 2))),
  };
}

const times = ({ ee, en, ne, nn }: Matrix2, { east, north }: Point): Point => ({
  east: ee * east + en * north,
  north: ne * east + nn * north,
});

const moved = (from: Point, by: Point): Point => ({
  east: from.east + by.east,
  north: from.north + by.north,
});

const RADIANS = Math.PI / 180;

/** Squared metres of one standard deviation. */
function covarianceOf({ majorM, minorM, bearingDeg }: EllipsePlace): Matrix2 {
  const [major, minor] = [majorM ** 2 / SQUARED_95, minorM ** 2 / SQUARED_95];
  const [sin, cos] = [Math.sin(bearingDeg * RADIANS), Math.cos(bearingDeg * RADIANS)];
  const en = (major - minor) * sin * cos;
  return {
    ee: major * sin ** 2 + minor * cos ** 2,
    en,
    ne: en,
    nn: major * cos ** 2 + minor * sin ** 2,
  };
}

function ellipseOf({ ee, en, nn }: Matrix2): Omit<EllipsePlace, keyof Place> {
  const half = Math.hypot((ee - nn) / 2, en);
  const mean = (ee + nn) / 2;
  const turn = Math.atan2(2 * en, ee - nn) / 2 / RADIANS; // from east, counterclockwise
  return {
    majorM: Math.sqrt(SQUARED_95 * (mean + half)),
    minorM: Math.sqrt(SQUARED_95 * Math.max(mean - half, 0)),
    bearingDeg: (270 - turn) % 180,
  };
}
