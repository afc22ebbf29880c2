import type { Away, Stretch } from "./service-proof.ts";

/** When one gateway brought nothing. */
export interface GatewayOutage extends Stretch {
  readonly gatewayId: string;
  readonly what: Exclude<Away["what"], "suspended" | "paused" | "maintenance">;
}

/** How often each gateway heard a terminal, in any unit above zero. */
export type Hearing = ReadonlyMap<string, number>;

/** Three of four parts: with so much of its hearing gone a terminal is lost; as silence is judged. */
const GONE = { parts: 3, of: 4 };

interface Edge {
  readonly atMs: number;
  readonly isBegin: boolean;
  readonly outage: GatewayOutage;
}

/**
 * When in a silence so many of the gateways that heard the terminal until it began were away at once that nobody could.
 * Apart, in order, and never outside of it: what the same outage means to a later silence is asked of that one.
 */
export function awayWith(
  silence: Stretch,
  outages: readonly GatewayOutage[],
  hearing: Hearing,
): readonly Away[] {
  const away: Away[] = [];
  const under = new Set<GatewayOutage>();
  let lost: Omit<Away, "toMs"> | undefined;
  for (const { atMs, isBegin, outage } of edgesIn(silence, outages)) {
    if (isBegin) under.add(outage);
    else under.delete(outage);
    const what = isGone(under, hearing) ? causeOf(under) : undefined;
    if (what === lost?.what) continue;
    if (lost !== undefined && lost.fromMs < atMs) away.push({ ...lost, toMs: atMs });
    lost = what === undefined ? undefined : { what, fromMs: atMs };
  }
  return away;
}

const edgesIn = (silence: Stretch, outages: readonly GatewayOutage[]): readonly Edge[] =>
  outages
    .filter(({ fromMs, toMs }) => fromMs < silence.toMs && toMs > silence.fromMs)
    .flatMap((outage): readonly Edge[] => [
      { atMs: Math.max(outage.fromMs, silence.fromMs), isBegin: true, outage },
      { atMs: Math.min(outage.toMs, silence.toMs), isBegin: false, outage },
    ])
    .sort((a, b) => a.atMs - b.atMs || Number(a.isBegin) - Number(b.isBegin));

function isGone(under: ReadonlySet<GatewayOutage>, hearing: Hearing): boolean {
  const gateways = new Set([...under].map(({ gatewayId }) => gatewayId));
  const gone = [...gateways].reduce((sum, id) => sum + (hearing.get(id) ?? 0), 0);
  const all = hearing.values().reduce((sum, weight) => sum + weight, 0);
  return gone > 0 && gone * GONE.of >= all * GONE.parts;
}

const causeOf = (under: ReadonlySet<GatewayOutage>): GatewayOutage["what"] => {
  const causes = new Set([...under].map(({ what }) => what));
  return causes.has("gateway-deaf") ? "gateway-deaf" : "backhaul-down";
};

/** Those that have a moment in common with the stretch; of some that are apart and in order. */
export function overlapping<S extends Stretch>(
  inOrder: readonly S[],
  { fromMs, toMs }: Stretch,
): readonly S[] {
  const first = countBefore(inOrder, (one) => one.toMs <= fromMs);
  return inOrder.slice(
    first,
    countBefore(inOrder, (one) => one.fromMs < toMs),
  );
}

/** Of how many at the beginning it is so; of no other after them. */
function countBefore<S>(inOrder: readonly S[], isBefore: (one: S) => boolean): number {
  let low = 0;
  let high = inOrder.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = inOrder[middle];
    if (one !== undefined && isBefore(one)) low = middle + 1;
    else high = middle;
  }
  return low;
}
