import { type Random, randomInteger, seededRandom } from "../base/random.ts";
import { distance } from "./streets/plane.ts";
import { type Leg, type Route, reverseRoute } from "./streets/route.ts";
import type { Streets } from "./streets.ts";

export interface BusLine {
  readonly number: number;
  readonly out: Route;
  readonly back: Route;
  /** Metres from the start of `out`; the way back has the same stops from its own start. */
  readonly outStopsM: readonly number[];
  readonly backStopsM: readonly number[];
}

const LINE_NUMBERS = [71, 20, 49, 926, 37, 15, 1, 112, 64, 869, 607, 42, 55, 123, 783, 981];
const LENGTH_MIN_M = 7_000;
const LENGTH_MAX_M = 16_000;
const STOP_SPACING_M = 600;

export const lineCountFor = (buses: number): number =>
  Math.min(LINE_NUMBERS.length, Math.max(1, Math.round(buses / 5)));

export function createBusLines(seed: string, streets: Streets, count: number): BusLine[] {
  const random = seededRandom(`${seed} bus lines`);
  const nodes = streets.nodes.flatMap((node, index) =>
    node.edges.some((edge) => edge.class === "arterial") ? [index] : [],
  );
  return LINE_NUMBERS.slice(0, count).map((number) => {
    const out = planRoute(random, streets, nodes);
    const outStopsM = stopsOf(out);
    return {
      number,
      out,
      back: reverseRoute(out),
      outStopsM,
      backStopsM: outStopsM.map((metres) => out.metres - metres).reverse(),
    };
  });
}

/** Buses keep off the elevated roads, which have no stops. */
function planRoute(random: Random, streets: Streets, nodes: readonly number[]): Route {
  let longest: Route | undefined;
  for (let attempt = 0; attempt < 60; attempt++) {
    const [from, to] = [pick(random, nodes), pick(random, nodes)];
    const [a, b] = [streets.nodes[from]?.point, streets.nodes[to]?.point];
    if (!a || !b || distance(a, b) < LENGTH_MIN_M || distance(a, b) > LENGTH_MAX_M) continue;
    const route = streets.route(from, to);
    if (!route) continue;
    const elevatedM = metresOf(route.legs.filter((leg) => leg.limitKmh > 60));
    if (elevatedM < 0.1 * route.metres) return route;
    longest ??= route;
  }
  if (!longest) throw new RangeError("the streets are too few for a bus line");
  return longest;
}

const metresOf = (legs: readonly Leg[]): number => legs.reduce((sum, leg) => sum + leg.metres, 0);

const pick = (random: Random, from: readonly number[]): number =>
  from[randomInteger(random, from.length)] ?? 0;

function stopsOf(route: Route): number[] {
  const count = Math.max(2, Math.round(route.metres / STOP_SPACING_M));
  return Array.from({ length: count + 1 }, (_, index) => (route.metres * index) / count);
}

export interface BusSeat {
  readonly line: BusLine;
  /** Its place among the buses of the line. */
  readonly order: number;
  readonly count: number;
}

export function busSeat(seat: number, buses: number, lines: readonly BusLine[]): BusSeat {
  const index = seat % lines.length;
  const line = lines[index];
  if (!line) throw new RangeError("a bus needs a line");
  const count = Math.ceil((buses - index) / lines.length);
  return { line, order: Math.floor(seat / lines.length), count };
}
