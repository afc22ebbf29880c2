import { type Measurement, misfit } from "./misfit.ts";
import { type Place, type Point, planeAround } from "./plane.ts";
import { estimate } from "./posterior.ts";

/** One gateway's reception of a burst. */
export interface Reception extends Place {
  /** By the gateway's clock, in nanoseconds since 1970. */
  readonly receivedAtNs: bigint;
  /** What the gateway says of its clock, one standard deviation; none when it runs free. */
  readonly clockErrorNs: number | undefined;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
}

export interface Located extends Place {
  /** Arrival times of three or more gateways, else signal strength alone. */
  readonly method: "arrival-times" | "signal-strength";
  /** Half axes of the ellipse that holds the true place 95 times of 100, metres. */
  readonly majorM: number;
  readonly minorM: number;
  /** Of the longer axis, degrees clockwise from north, 0..180. */
  readonly bearingDeg: number;
  readonly gateways: number;
}

const LIGHT_M_PER_NS = 0.299_792_458;
/** A header's moment at 0 dB of signal to noise; it grows exact with the amplitude. */
const DETECTION_NS_AT_0_DB = 15_000;
const DETECTION_NS_LEAST = 50;
/** A clock further off than this tells nothing. */
const CLOCK_ERROR_MAX_NS = 20_000;
const CLOCKS_NEEDED = 3;
/** How far beyond the gateways a terminal can be heard. */
const REACH_M = 20_000;

/**
 * Where a burst was sent, from what several gateways say of it; undefined without any. Gateways that share a mast count
 * as they come. Source: least squares over differences of arrival time and signal strength (misfit.ts), read as a
 * likelihood over the plane (posterior.ts), which also holds where few gateways stand in a line.
 */
export function locate(receptions: readonly Reception[]): Located | undefined {
  const [first] = receptions;
  if (!first) return undefined;
  const plane = planeAround(first);
  const useTimes = receptions.filter(isTimed).length >= CLOCKS_NEEDED;
  const measurements = receptions.map((reception): Measurement => {
    const { rssiDbm, snrDb, clockErrorNs = 0, receivedAtNs } = reception;
    const detectionNs = Math.max(DETECTION_NS_AT_0_DB * 10 ** (-snrDb / 20), DETECTION_NS_LEAST);
    const laterNs = Number(receivedAtNs - first.receivedAtNs);
    return {
      ...plane.toPoint(reception),
      arrivalM: useTimes && isTimed(reception) ? laterNs * LIGHT_M_PER_NS : undefined,
      arrivalSigmaM: Math.hypot(detectionNs, clockErrorNs) * LIGHT_M_PER_NS,
      levelDbm: rssiDbm,
    };
  });
  const { centre, ...ellipse } = estimate(
    (at) => misfit(measurements, at),
    boxAround(measurements),
  );
  return {
    ...plane.toPlace(centre),
    ...ellipse,
    method: useTimes ? "arrival-times" : "signal-strength",
    gateways: receptions.length,
  };
}

/** Whether a place lies in the ellipse, so that what was received does not speak against it. */
export function isWithin(located: Located, place: Place): boolean {
  const { east, north } = planeAround(located).toPoint(place);
  const turn = (located.bearingDeg * Math.PI) / 180;
  const along = east * Math.sin(turn) + north * Math.cos(turn);
  const across = east * Math.cos(turn) - north * Math.sin(turn);
  return (along / located.majorM) ** 2 + (across / located.minorM) ** 2 <= 1;
}

const isTimed = ({ clockErrorNs }: Reception): boolean =>
  clockErrorNs !== undefined && clockErrorNs <= CLOCK_ERROR_MAX_NS;

function boxAround(points: readonly Point[]) {
  const easts = points.map(({ east }) => east);
  const norths = points.map(({ north }) => north);
  return {
    west: Math.min(...easts) - REACH_M,
    east: Math.max(...easts) + REACH_M,
    south: Math.min(...norths) - REACH_M,
    north: Math.max(...norths) + REACH_M,
  };
}
