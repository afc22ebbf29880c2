import { distanceM } from "../devices/position.ts";
import { DRIFT_M, isMoving, isUsable, type JudgedFix } from "./fix-quality.ts";

export const TRIP_STATES = ["moving", "stopped", "unknown"] as const;
export type TripState = (typeof TRIP_STATES)[number];

export interface TripPlace {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

/** What a vehicle did in [fromMs, toMs), as far as anybody can know. */
export interface Stretch {
  readonly state: TripState;
  /** Ms since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Moving: along its fixes. Unknown: as the crow flies between where it was last seen and seen again; null where one is missing. */
  readonly distanceM: number | null;
  readonly maxSpeedKmh: number | null;
  /** Where it was known to be at the beginning and at the end. */
  readonly start: TripPlace | null;
  readonly end: TripPlace | null;
}

/** Two known pauses more or fewer do not make a rhythm; with fewer than these the shortest limit holds. */
const PAUSES_KNOWN = 4;
/** Silence is what is longer than so many usual pauses, as with the rule for silence. */
const PAUSES_MISSED = 3;
const SILENCE_MIN_MS = 5 * 60_000;
const MOVING_SILENCE_MAX_MS = 15 * 60_000;
/** However seldom a terminal reports, longer pauses than this are unknown; fixes so long before a range tell how it begins. */
export const SILENCE_MAX_MS = 3 * 3_600_000;
/** A halt at a traffic light is part of the trip. */
const HALT_MS = 3 * 60_000;

/**
 * What lies between the fixes of one terminal, in order of time, and [fromMs, toMs) without a hole: moving, stopped, or
 * unknown where it was silent for longer than its own rhythm explains. Silence is never booked as a stop or a trip.
 */
export function tripsOf(
  fixes: readonly JudgedFix[],
  range: { readonly fromMs: number; readonly toMs: number },
): readonly Stretch[] {
  const legs = legsOf(fixes.filter(isUsable));
  const runs = joined(withoutHalts(joined(withoutDrift(joined(legs.map((leg) => [leg]))))));
  const within = runs.flatMap((run) => clipped(run, range));
  return padded(within, range);
}

/** Between two fixes that follow each other. */
interface Leg {
  readonly state: TripState;
  readonly from: Placed;
  readonly to: Placed;
  readonly lengthM: number;
}

type Placed = JudgedFix & TripPlace;
type Run = readonly Leg[];

const isPlaced = (fix: JudgedFix): fix is Placed => fix.latitude !== null && fix.longitude !== null;

function legsOf(fixes: readonly JudgedFix[]): readonly Leg[] {
  const placed = fixes.filter(isPlaced);
  const pairs = placed.slice(1).map((to, at) => ({ from: placed[at] ?? to, to }));
  const limits = limitsOf(pairs);
  return pairs.map(({ from, to }) => {
    const apartM = distanceM(from, to);
    const state = stateOf({ from, to }, apartM, limits);
    const isStill = state === "stopped" || to.fault === "static-drift";
    return { state, from, to, lengthM: isStill ? 0 : apartM };
  });
}

interface Pair {
  readonly from: Placed;
  readonly to: Placed;
}

interface Limits {
  readonly movingMs: number;
  readonly standingMs: number;
}

const pauseOf = ({ from, to }: Pair): number => to.atMs - from.atMs;
const isUnderWay = ({ from, to }: Pair): boolean => isMoving(from) || isMoving(to);

/** How long it may be silent, from its own usual pauses under way and standing. */
function limitsOf(pairs: readonly Pair[]): Limits {
  const limit = (own: readonly Pair[], mostMs: number): number => {
    if (own.length < PAUSES_KNOWN) return SILENCE_MIN_MS;
    const pauses = own.map(pauseOf).toSorted((a, b) => a - b);
    const usual = pauses[Math.floor(pauses.length / 2)] ?? 0;
    return Math.min(mostMs, Math.max(SILENCE_MIN_MS, PAUSES_MISSED * usual));
  };
  return {
    movingMs: limit(pairs.filter(isUnderWay), MOVING_SILENCE_MAX_MS),
    standingMs: limit(
      pairs.filter((pair) => !isUnderWay(pair)),
      SILENCE_MAX_MS,
    ),
  };
}

function stateOf(pair: Pair, apartM: number, { movingMs, standingMs }: Limits): TripState {
  const pauseMs = pauseOf(pair);
  const hasMoved = isUnderWay(pair) || apartM > DRIFT_M;
  if (pauseMs > (hasMoved ? movingMs : standingMs)) return "unknown";
  return hasMoved ? "moving" : "stopped";
}

/** Neighbours of the same state as one. */
function joined(runs: readonly Run[]): readonly Run[] {
  const all: Leg[][] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last?.[0] && last[0].state === run[0]?.state) last.push(...run);
    else all.push([...run]);
  }
  return all;
}

const as = (run: Run, state: TripState): Run =>
  run.map((leg) => ({ ...leg, state, lengthM: state === "stopped" ? 0 : leg.lengthM }));

/** What never gets away from where it began has not moved, whatever speeds the receiver saw. */
function withoutDrift(runs: readonly Run[]): readonly Run[] {
  return runs.map((run) => {
    const [first] = run;
    if (first?.state !== "moving") return run;
    const isStill = run.every(({ to }) => distanceM(first.from, to) < DRIFT_M);
    return isStill ? as(run, "stopped") : run;
  });
}

function withoutHalts(runs: readonly Run[]): readonly Run[] {
  return runs.map((run, at) => {
    const [first] = run;
    const last = run.at(-1);
    if (first?.state !== "stopped" || last === undefined) return run;
    const isShort = last.to.atMs - first.from.atMs < HALT_MS;
    const isBetween = [runs[at - 1], runs[at + 1]].every((each) => each?.[0]?.state === "moving");
    return isShort && isBetween ? as(run, "moving") : run;
  });
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A run as far as it lies in the range; of a leg that sticks out the share of its length. */
function clipped(run: Run, { fromMs, toMs }: Range): readonly Stretch[] {
  const legs = run.filter(({ from, to }) => to.atMs > fromMs && from.atMs < toMs);
  const [first] = legs;
  const last = legs.at(-1);
  if (!first || !last) return [];
  const shares = legs.map(({ from, to, lengthM }) => {
    const insideMs = Math.min(to.atMs, toMs) - Math.max(from.atMs, fromMs);
    return (lengthM * insideMs) / (to.atMs - from.atMs);
  });
  const speeds =
    first.state === "moving"
      ? legs.flatMap(({ from, to }) =>
          [from, to].flatMap(({ atMs, speedKmh }) =>
            speedKmh === null || atMs < fromMs || atMs >= toMs ? [] : [speedKmh],
          ),
        )
      : [];
  return [
    {
      state: first.state,
      fromMs: Math.max(first.from.atMs, fromMs),
      toMs: Math.min(last.to.atMs, toMs),
      distanceM:
        first.state === "unknown"
          ? distanceM(first.from, last.to)
          : shares.reduce((sum, share) => sum + share, 0),
      maxSpeedKmh: speeds.length === 0 ? null : Math.max(...speeds),
      start: placeOf(first.from),
      end: placeOf(last.to),
    },
  ];
}

const placeOf = ({ latitude, longitude }: TripPlace): TripPlace => ({ latitude, longitude });

/** Before the first fix and after the last one nobody knows anything. */
function padded(stretches: readonly Stretch[], { fromMs, toMs }: Range): readonly Stretch[] {
  if (fromMs >= toMs) return [];
  const [first] = stretches;
  const last = stretches.at(-1);
  if (!first || !last) return [unknown(fromMs, toMs, null, null)];
  const before = first.fromMs > fromMs ? [unknown(fromMs, first.fromMs, null, first.start)] : [];
  const after = last.toMs < toMs ? [unknown(last.toMs, toMs, last.end, null)] : [];
  return unknownJoined([...before, ...stretches, ...after]);
}

const unknown = (
  fromMs: number,
  toMs: number,
  start: TripPlace | null,
  end: TripPlace | null,
): Stretch => ({
  ...{ state: "unknown", fromMs, toMs, distanceM: null, maxSpeedKmh: null },
  ...{ start, end },
});

/** Not seen at the edge of the range and silent beyond it is one silence. */
function unknownJoined(stretches: readonly Stretch[]): readonly Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of stretches) {
    const last = all.at(-1);
    if (last?.state === "unknown" && stretch.state === "unknown")
      all[all.length - 1] = unknown(last.fromMs, stretch.toMs, last.start, stretch.end);
    else all.push(stretch);
  }
  return all;
}
