import { type Random, randomNormal, seededRandom } from "../../base/random.ts";
import { isWithin, locate, type Reception } from "../../domain/location/locate.ts";
import { planeAround } from "../../domain/location/plane.ts";
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

function oneCase(random: Random, { gateways, from, to }: Geometry): Case {
  const plane = planeAround(SHANGHAI);
  const between = (a: number, b: number): number => a + (b - a) * random.next();
  const east = KM * between(from[0], to[0]);
  const north = KM * between(from[1], to[1]);
  const powerDbm = 14 + 3 * randomNormal(random) - (random.next() < 0.3 ? 8 : 0); // some are in a cellar
  const receptions = gateways.map(([x, y]): Reception => {
    const distanceM = Math.hypot(east - x * KM, north - y * KM);
    const levelDbm =
      powerDbm - 126 - 35 * Math.log10(Math.max(distanceM, 30) / KM) + 5 + 7 * randomNormal(random);
    const snrDb = Math.max(levelDbm - FLOOR_DBM, -6);
    const clockNs = 60 + 60 * random.next();
    const lateNs =
      distanceM / LIGHT_M_PER_NS +
      clockNs * randomNormal(random) +
      15_000 * 10 ** (-snrDb / 20) * randomNormal(random) +
      (random.next() < 0.6 ? -500 * Math.log(1 - random.next()) : 0);
    return {
      ...plane.toPlace({ east: x * KM, north: y * KM }),
      receivedAtNs: 1_790_000_000_000_000_000n + BigInt(Math.round(lateNs)),
      clockErrorNs: Math.round(clockNs),
      rssiDbm: levelDbm,
      snrDb,
    };
  });
  const located = locate(receptions);
  if (!located) throw new Error("not located");
  const at = plane.toPoint(located);
  return {
    isInside: isWithin(located, plane.toPlace({ east, north })),
    errorM: Math.hypot(east - at.east, north - at.north),
    majorM: located.majorM,
  };
}
