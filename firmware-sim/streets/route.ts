import { createHeap } from "../heap.ts";
import { between, distance, heading, type Place, type Point, toPlace } from "./plane.ts";
import { type Edge, SPEED_LIMIT_KMH, type StreetNode } from "./street-graph.ts";

export interface Leg {
  readonly from: Point;
  readonly to: Point;
  /** Metres from the route's start to this leg's. */
  readonly startM: number;
  readonly metres: number;
  readonly limitKmh: number;
  readonly street: number;
}

export interface Route {
  readonly fromNode: number;
  readonly toNode: number;
  readonly legs: readonly Leg[];
  readonly metres: number;
}

export interface RoutePosition extends Place {
  readonly heading: number;
  readonly limitKmh: number;
  readonly street: number;
}

const FASTEST_MS = SPEED_LIMIT_KMH.expressway / 3.6;
const CROSSING_S = 2;

interface Arrival {
  readonly node: number;
  readonly edge: Edge;
}

const travelS = (edge: Edge): number =>
  edge.metres / (SPEED_LIMIT_KMH[edge.class] / 3.6) + CROSSING_S;

/** The quickest way by A*: equal times are settled by the order of the streets, so the same seed gives the same way. */
export function findRoute(
  nodes: readonly StreetNode[],
  fromNode: number,
  toNode: number,
): Route | undefined {
  const goal = nodes[toNode]?.point;
  if (!goal) return undefined;
  const atLeastS = (node: number): number =>
    distance(nodes[node]?.point ?? goal, goal) / FASTEST_MS;
  const seconds = new Map<number, number>([[fromNode, 0]]);
  const cameBy = new Map<number, Arrival>();
  const open = createHeap<number>();
  const settle = (node: number, soFar: number): void => {
    for (const edge of nodes[node]?.edges ?? []) {
      const there = soFar + travelS(edge);
      if (there >= (seconds.get(edge.to) ?? Infinity)) continue;
      seconds.set(edge.to, there);
      cameBy.set(edge.to, { node, edge });
      open.push(there + atLeastS(edge.to), edge.to);
    }
  };
  const done = new Set<number>();
  open.push(0, fromNode);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = at.value;
    if (node === toNode) return trace(nodes, cameBy, fromNode, toNode);
    if (done.has(node)) continue;
    done.add(node);
    settle(node, seconds.get(node) ?? 0);
  }
  return undefined;
}

function trace(
  nodes: readonly StreetNode[],
  cameBy: ReadonlyMap<number, Arrival>,
  fromNode: number,
  toNode: number,
): Route {
  const backwards: { readonly from: Point; readonly to: Point; readonly edge: Edge }[] = [];
  for (let at = toNode; at !== fromNode; ) {
    const step = cameBy.get(at);
    const [from, to] = [nodes[step?.node ?? -1]?.point, nodes[at]?.point];
    if (!step || !from || !to) break;
    backwards.push({ from, to, edge: step.edge });
    at = step.node;
  }
  let startM = 0;
  const legs = backwards.reverse().map(({ from, to, edge }) => {
    const leg: Leg = {
      from,
      to,
      startM,
      metres: edge.metres,
      limitKmh: SPEED_LIMIT_KMH[edge.class],
      street: edge.street,
    };
    startM += edge.metres;
    return leg;
  });
  return { fromNode, toNode, legs, metres: startM };
}

/** The same way back. */
export function reverseRoute(route: Route): Route {
  let startM = 0;
  const legs = route.legs.toReversed().map((leg) => {
    const back = { ...leg, from: leg.to, to: leg.from, startM };
    startM += leg.metres;
    return back;
  });
  return { fromNode: route.toNode, toNode: route.fromNode, legs, metres: route.metres };
}

export function legIndexAt({ legs }: Route, metres: number): number {
  let [low, high] = [0, legs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((legs[middle]?.startM ?? 0) <= metres) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where one is after so many metres of the route. */
export function placeOnRoute(route: Route, metres: number): RoutePosition {
  const leg = route.legs[legIndexAt(route, metres)];
  if (!leg) throw new RangeError("a route has at least one leg");
  const along = Math.min(leg.metres, Math.max(0, metres - leg.startM));
  return {
    ...toPlace(between(leg.from, leg.to, along / leg.metres)),
    heading: heading(leg.from, leg.to),
    limitKmh: leg.limitKmh,
    street: leg.street,
  };
}
