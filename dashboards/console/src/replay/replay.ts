import type { Trips } from "../api/types.ts";
import type { LngLat } from "../map/glide.ts";

export type TripStretch = Trips["stretches"][number];
export type Located = Trips["located"][number];
export type TripFix = Trips["fixes"][number];
export type TripState = TripStretch["state"];
export type FixFault = NonNullable<TripFix["fault"]>;

interface Placed extends TripFix {
  readonly latitude: number;
  readonly longitude: number;
}

/** What a moment of a day looks like. */
export interface Moment {
  readonly stretch: TripStretch | undefined;
  /** Where it is drawn: between its fixes while it moves, where it was last seen while nobody knows. */
  readonly place: LngLat | undefined;
  /** The last fix that says where it was. */
  readonly fix: TripFix | undefined;
  /** What the network made out since: the place is this one's then. */
  readonly located: Located | undefined;
}

const msOf = ({ time }: { readonly time: string }): number => Date.parse(time);
const isPlaced = (fix: TripFix): fix is Placed => fix.latitude !== null && fix.longitude !== null;
const placeOf = ({ longitude, latitude }: Pick<Placed, "latitude" | "longitude">): LngLat => [
  longitude,
  latitude,
];

/** Those fixes whose places are taken, in order of time. */
export const takenFixes = ({ fixes }: Trips): readonly Placed[] =>
  fixes.filter(isPlaced).filter(({ fault }) => fault === null || fault === "static-drift");

export const stretchAt = ({ stretches }: Trips, ms: number): TripStretch | undefined =>
  stretches.find(({ from, to }) => Date.parse(from) <= ms && ms < Date.parse(to));

export function momentAt(trips: Trips, ms: number): Moment {
  const stretch = stretchAt(trips, ms);
  const taken = takenFixes(trips);
  const next = taken.findIndex((fix) => msOf(fix) > ms);
  const fix = next === -1 ? taken.at(-1) : taken[next - 1];
  const ahead = taken[next];
  if (stretch?.state === "moving" && fix && ahead)
    return { stretch, fix, place: between(fix, ahead, ms), located: undefined };
  const located = stretch?.state === "unknown" ? locatedSince(trips, fix, ms) : undefined;
  const known = located ?? fix;
  return { stretch, fix, place: known ? placeOf(known) : startOf(stretch), located };
}

/** The last place that the network made out up to then, if the terminal has said none since. */
function locatedSince(
  { located }: Trips,
  fix: TripFix | undefined,
  ms: number,
): Located | undefined {
  const last = located.findLast((each) => msOf(each) <= ms);
  return last && (fix === undefined || msOf(last) > msOf(fix)) ? last : undefined;
}

/** What the network made out while the terminal itself said nothing that counts. */
export const locatedUnknown = (trips: Trips): readonly Located[] =>
  trips.located.filter((each) => stretchAt(trips, msOf(each))?.state === "unknown");

const startOf = (stretch: TripStretch | undefined): LngLat | undefined =>
  stretch?.start ? placeOf(stretch.start) : undefined;

function between(from: Placed, to: Placed, ms: number): LngLat {
  const part = (ms - msOf(from)) / (msOf(to) - msOf(from));
  return [
    from.longitude + (to.longitude - from.longitude) * part,
    from.latitude + (to.latitude - from.latitude) * part,
  ];
}

export interface DrawnLines {
  /** The ways of its trips. */
  readonly tracks: readonly (readonly LngLat[])[];
  /** From where it was lost to where it was found again: nobody knows the way. */
  readonly gaps: readonly (readonly LngLat[])[];
}

export function linesOf(trips: Trips): DrawnLines {
  const taken = takenFixes(trips);
  const ends = ({ start, end }: TripStretch): readonly LngLat[] =>
    start && end ? [placeOf(start), placeOf(end)] : [];
  const way = (stretch: TripStretch): readonly LngLat[] => {
    const fromMs = Date.parse(stretch.from);
    const toMs = Date.parse(stretch.to);
    return taken.filter((fix) => msOf(fix) >= fromMs && msOf(fix) <= toMs).map(placeOf);
  };
  const of = (state: TripState): readonly TripStretch[] =>
    trips.stretches.filter((stretch) => stretch.state === state);
  return { tracks: of("moving").map(way), gaps: of("unknown").map(ends) };
}

export interface Totals {
  readonly trips: number;
  readonly distanceM: number;
  /** How long in each state, ms. */
  readonly ms: Readonly<Record<TripState, number>>;
}

export function totalsOf({ stretches }: Trips): Totals {
  const own = (state: TripState): readonly TripStretch[] =>
    stretches.filter((stretch) => stretch.state === state);
  const lastedMs = (state: TripState): number =>
    own(state).reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  return {
    trips: own("moving").length,
    distanceM: own("moving").reduce((sum, { distanceM }) => sum + (distanceM ?? 0), 0),
    ms: {
      moving: lastedMs("moving"),
      stopped: lastedMs("stopped"),
      unknown: lastedMs("unknown"),
    },
  };
}

/** How many places were not taken, by reason; the most frequent first. */
export const faultsOf = ({ fixes }: Trips): readonly (readonly [FixFault, number])[] =>
  [...Map.groupBy(fixes, ({ fault }) => fault)]
    .flatMap(([fault, own]) => (fault === null ? [] : [[fault, own.length] as const]))
    .toSorted(([, one], [, other]) => other - one);
