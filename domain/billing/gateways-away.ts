import type { Away, Stretch } from "./service-proof.ts";

/** When one gateway brought nothing of a terminal, and by whom the terminal was heard until then. */
export interface GatewayOutage extends Stretch {
  readonly gatewayId: string;
  readonly what: Exclude<Away["what"], "suspended" | "paused" | "maintenance">;
  /** Of the hearing of each gateway, as it was when the outage began; together 1. */
  readonly shares: ReadonlyMap<string, number>;
}

/** With so much of its hearing gone a terminal is lost; as silence is judged. */
const GONE_SHARE = 0.75;

interface Edge {
  readonly atMs: number;
  readonly isBegin: boolean;
  readonly outage: GatewayOutage;
}

/** When so many of the gateways that usually heard a terminal were away at once that nobody could. */
export function awayWith(outages: readonly GatewayOutage[]): readonly Away[] {
  const edges = outages
    .flatMap((outage): readonly Edge[] => [
      { atMs: outage.fromMs, isBegin: true, outage },
      { atMs: outage.toMs, isBegin: false, outage },
    ])
    .sort((a, b) => a.atMs - b.atMs || Number(a.isBegin) - Number(b.isBegin));
  const away: Away[] = [];
  const under = new Set<GatewayOutage>();
  let shares: GatewayOutage["shares"] = new Map();
  let lost: Omit<Away, "toMs"> | undefined;
  for (const { atMs, isBegin, outage } of edges) {
    if (isBegin) {
      under.add(outage);
      ({ shares } = outage);
    } else under.delete(outage);
    const what = isGone(under, shares) ? causeOf(under) : undefined;
    if (what === lost?.what) continue;
    if (lost !== undefined && lost.fromMs < atMs) away.push({ ...lost, toMs: atMs });
    lost = what === undefined ? undefined : { what, fromMs: atMs };
  }
  return away;
}

function isGone(under: ReadonlySet<GatewayOutage>, shares: GatewayOutage["shares"]): boolean {
  const gateways = new Set([...under].map(({ gatewayId }) => gatewayId));
  return [...gateways].reduce((sum, id) => sum + (shares.get(id) ?? 0), 0) >= GONE_SHARE;
}

const causeOf = (under: ReadonlySet<GatewayOutage>): GatewayOutage["what"] => {
  const causes = new Set([...under].map(({ what }) => what));
  return causes.has("gateway-deaf") ? "gateway-deaf" : "backhaul-down";
};
