import { type Random, randomNormal, seededRandom } from "../../base/random.ts";
import { isWithin, type Located, locate, type Reception } from "../../domain/location/locate.ts";
import { type Point, planeAround } from "../../domain/location/plane.ts";
import { filterTrack } from "../../domain/location/track-filter.ts";
import { type Figure, median, rounded } from "./figure.ts";

/**
 * The true place inside the stated ellipse, over bursts that are drawn here and nowhere known to the solver: clock errors by
 * gateway, detection noise by signal, detours between houses, shadows of houses, power of the terminal.
 */

const CASES = 10_000;
const LIGHT_M_PER_NS = 0.299_792_458;
const FLOOR_DBM = -141; // of a hop of 488 Hz under 6 dB of noise figure
const SHANGHAI = { latitude: 31.23, longitude: 121.47 };
const KM = 1000;

interface Geometry {
  readonly name: string;
  /** Kilometres east and north. */
  readonly gateways: readonly (readonly [number, number])[];
  /** Where terminals are: a box. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

const GEOMETRIES: readonly Geometry[] = [
  {
    name: "3 around",
    gateways: [
      [-3, -2],
      [3, -2],
      [0, 4],
    ],
    from: [-2, -1.5],
    to: [2, 2],
  },
  {
    name: "3, outside of them",
    gateways: [
      [-3, -2],
      [3, -2],
      [0, 4],
    ],
    from: [4, 2],
    to: [9, 8],
  },
  {
    name: "4 in a square",
    gateways: [
      [-3, -3],
      [3, -3],
      [3, 3],
      [-3, 3],
    ],
    from: [-4, -4],
    to: [4, 4],
  },
  {
    name: "4 in a line",
    gateways: [
      [-6, 0],
      [-2, 0.2],
      [2, -0.2],
      [6, 0],
    ],
    from: [-5, -4],
    to: [5, 4],
  },
  {
    name: "8, a city",
    gateways: [
      [-5, -4],
      [0, -6],
      [5, -4],
      [7, 1],
      [4, 6],
      [-1, 5],
      [-6, 3],
      [0, 0],
    ],
    from: [-7, -6],
    to: [7, 6],
  },
  {
    name: "2 only",
    gateways: [
      [-3, 0],
      [3, 0],
    ],
    from: [-4, -4],
    to: [4, 4],
  },
];

interface Case {
  readonly isInside: boolean;
  readonly errorM: number;
  readonly majorM: number;
}

export function locationFigures(): Figure[] {
  const random = seededRandom("network location");
  const each = Math.ceil(CASES / GEOMETRIES.length);
  const results = GEOMETRIES.map((geometry) => ({
    geometry,
    cases: Array.from({ length: each }, () => oneCase(random, geometry)),
  }));
  const all = results.flatMap(({ cases }) => cases);
  return [
    {
      name: "paging.location_in_ellipse",
      value: rounded(shareInside(all)),
      unit: "share",
      aim: "0.93 to 0.97",
      note: `${all.length} cases; ${results
        .map(
          ({ geometry, cases }) =>
            `${geometry.name}: ${rounded(shareInside(cases))}, ${rounded(median(cases.map(({ errorM }) => errorM)))} m off, half axis ${rounded(median(cases.map(({ majorM }) => majorM)))} m`,
        )
        .join("; ")} (medians)`,
    },
  ];
}

const shareInside = (cases: readonly Case[]): number =>
  cases.filter(({ isInside }) => isInside).length / cases.length;

const plane = planeAround(SHANGHAI);
const between = (random: Random, a: number, b: number): number => a + (b - a) * random.next();

function oneCase(random: Random, { gateways, from, to }: Geometry): Case {
  const at = {
    east: KM * between(random, from[0], to[0]),
    north: KM * between(random, from[1], to[1]),
  };
  const powerDbm = powerOf(random);
  return caseOf(locatedOr(gateways.map((gateway) => heard(random, at, gateway, { powerDbm }))), at);
}

/** Some are in a cellar. */
const powerOf = (random: Random): number =>
  14 + 3 * randomNormal(random) - (random.next() < 0.3 ? 8 : 0);

interface Hearing {
  readonly powerDbm: number;
  /** What the gateway says of its clock, and how wrong it is; drawn where it is not given. */
  readonly clock?: { readonly saidNs: number; readonly wrongNs: number };
}

function heard(
  random: Random,
  { east, north }: Point,
  [x, y]: readonly [number, number],
  { powerDbm, clock }: Hearing,
): Reception {
  const distanceM = Math.hypot(east - x * KM, north - y * KM);
  const levelDbm =
    powerDbm - 126 - 35 * Math.log10(Math.max(distanceM, 30) / KM) + 5 + 7 * randomNormal(random);
  const snrDb = Math.max(levelDbm - FLOOR_DBM, -6);
  const saidNs = clock?.saidNs ?? 60 + 60 * random.next();
  const lateNs =
    distanceM / LIGHT_M_PER_NS +
    (clock?.wrongNs ?? saidNs * randomNormal(random)) +
    15_000 * 10 ** (-snrDb / 20) * randomNormal(random) +
    (random.next() < 0.6 ? -500 * Math.log(1 - random.next()) : 0);
  return {
    ...plane.toPlace({ east: x * KM, north: y * KM }),
    receivedAtNs: 1_790_000_000_000_000_000n + BigInt(Math.round(lateNs)),
    clockErrorNs: Math.round(saidNs),
    rssiDbm: levelDbm,
    snrDb,
  };
}

function locatedOr(receptions: readonly Reception[]): Located {
  const located = locate(receptions);
  if (!located) throw new Error("not located");
  return located;
}

function caseOf(located: Located, { east, north }: Point): Case {
  const at = plane.toPoint(located);
  return {
    isInside: isWithin(located, plane.toPlace({ east, north })),
    errorM: Math.hypot(east - at.east, north - at.north),
    majorM: located.majorM,
  };
}

const TRACKS = 40;
const BURSTS = 20;
/** A stolen vehicle reports more often than that; a jammed one is heard when it is. */
const EVERY_S = 20;
const TURN_S = 60;

/**
 * The same places, found one by one and with those before in mind: vehicles that drive along streets, turn, wait, and know
 * nothing of the filter's model. A gateway's clock and a terminal's aerial are as wrong at the end of a track as at its begin.
 */
export function trackFigures(): Figure[] {
  const random = seededRandom("network track");
  const results = GEOMETRIES.map((geometry) => {
    const tracks = Array.from({ length: TRACKS }, () => oneTrack(random, geometry));
    return {
      geometry,
      single: tracks.flatMap(({ single }) => single),
      filtered: tracks.flatMap(({ filtered }) => filtered),
    };
  });
  const single = results.flatMap((result) => result.single);
  const filtered = results.flatMap((result) => result.filtered);
  return [
    {
      name: "paging.track_median_m",
      value: rounded(median(filtered.map(({ errorM }) => errorM))),
      unit: "m",
      aim: "below the single bursts, 0.93 of them and more in the ellipse",
      peer: {
        ...{ name: "single bursts", unit: "m" },
        value: rounded(median(single.map(({ errorM }) => errorM))),
      },
      note: `${filtered.length} bursts, one every ${EVERY_S} s; ${rounded(shareInside(filtered))} in the filtered ellipse, ${rounded(shareInside(single))} in the single one; ${results
        .map(
          (result) =>
            `${result.geometry.name}: ${told(result.filtered)} (single ${told(result.single)})`,
        )
        .join("; ")}`,
    },
  ];
}

const told = (cases: readonly Case[]): string =>
  `${rounded(median(cases.map(({ errorM }) => errorM)))} m off, half axis ${rounded(median(cases.map(({ majorM }) => majorM)))} m, ${rounded(shareInside(cases))} inside`;

function oneTrack(random: Random, geometry: Geometry) {
  const { gateways } = geometry;
  const powerDbm = powerOf(random);
  const clocks = gateways.map(() => {
    const saidNs = 60 + 60 * random.next();
    return { saidNs, wrongNs: saidNs * randomNormal(random) };
  });
  const way = drive(random, geometry);
  const located = way.map((at) =>
    locatedOr(
      gateways.map((gateway, i) => {
        const clock = clocks[i];
        return heard(random, at, gateway, clock ? { powerDbm, clock } : { powerDbm });
      }),
    ),
  );
  const filtered = filterTrack(
    located.map((each, i) => ({ ...each, atMs: 1_790_000_000_000 + i * EVERY_S * 1000 })),
  );
  const casesOf = (places: readonly Located[]): readonly Case[] =>
    way.map((at, i) => caseOf(places[i] ?? locatedOr([]), at));
  return {
    single: casesOf(located),
    filtered: casesOf(filtered.map((each, i) => ({ ...(located[i] ?? locatedOr([])), ...each }))),
  };
}

/** Along a grid of streets: straight on, round a corner, or waiting, never out of the box. */
function drive(random: Random, { from, to }: Geometry): readonly Point[] {
  let east = KM * between(random, from[0], to[0]);
  let north = KM * between(random, from[1], to[1]);
  let heading = Math.floor(random.next() * 4);
  let speed = 0;
  return Array.from({ length: BURSTS }, (_, i) => {
    if ((i * EVERY_S) % TURN_S === 0) {
      heading = (heading + turnOf(random.next())) % 4;
      speed = random.next() < 0.25 ? 0 : between(random, 4, 17);
    }
    const [x, y] = [Math.sin((heading * Math.PI) / 2), Math.cos((heading * Math.PI) / 2)];
    const next = { east: east + x * speed * EVERY_S, north: north + y * speed * EVERY_S };
    const isOut =
      next.east < from[0] * KM ||
      next.east > to[0] * KM ||
      next.north < from[1] * KM ||
      next.north > to[1] * KM;
    if (isOut) heading = (heading + 2) % 4;
    else ({ east, north } = next);
    return { east, north };
  });
}

/** Quarter turns: straight on every other time. */
const turnOf = (drawn: number): number => (drawn < 0.5 ? 0 : drawn < 0.75 ? 1 : 3);
