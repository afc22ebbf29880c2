import type { Street, StreetClass } from "./blocks.ts";
import { distance, type Point, segments } from "./plane.ts";

export const SPEED_LIMIT_KMH: Readonly<Record<StreetClass, number>> = {
  expressway: 80,
  arterial: 60,
  secondary: 40,
  local: 30,
};

export interface Edge {
  readonly to: number;
  readonly metres: number;
  readonly class: StreetClass;
  readonly street: number;
}

export interface StreetNode {
  readonly point: Point;
  readonly edges: readonly Edge[];
}

/** The largest part of the network whose places are all reachable from each other; the rest is left out. */
export function buildGraph(streets: readonly Street[]): readonly StreetNode[] {
  const nodes: { point: Point; edges: Edge[] }[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (point: Point): number => {
    const key = `${String(Math.round(point.x * 4))} ${String(Math.round(point.y * 4))}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, nodes.length);
    return nodes.push({ point, edges: [] }) - 1;
  };
  for (const [index, street] of streets.entries()) {
    for (const [a, b] of segments(street.line)) {
      const [from, to] = [numberOf(a), numberOf(b)];
      if (from === to) continue;
      const edge = { metres: distance(a, b), class: street.class, street: index };
      nodes[from]?.edges.push({ ...edge, to });
      nodes[to]?.edges.push({ ...edge, to: from });
    }
  }
  return keepLargest(nodes);
}

function keepLargest(nodes: readonly StreetNode[]): StreetNode[] {
  const part = new Int32Array(nodes.length).fill(-1);
  const sizes: number[] = [];
  for (let start = 0; start < nodes.length; start++) {
    if (part[start] !== -1) continue;
    const stack = [start];
    const number = sizes.length;
    part[start] = number;
    let size = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      size++;
      for (const { to } of nodes[at]?.edges ?? []) {
        if (part[to] !== -1) continue;
        part[to] = number;
        stack.push(to);
      }
    }
    sizes.push(size);
  }
  const largest = sizes.indexOf(Math.max(...sizes));
  const renumbered = new Map<number, number>();
  for (const index of nodes.keys()) {
    if (part[index] === largest) renumbered.set(index, renumbered.size);
  }
  return Array.from(renumbered.keys(), (index) => {
    const { point, edges } = nodes[index] ?? { point: { x: 0, y: 0 }, edges: [] };
    return { point, edges: edges.map((edge) => ({ ...edge, to: renumbered.get(edge.to) ?? 0 })) };
  });
}
