import type { WalkTestVerdict } from "./steps.ts";

/** What a walk test heard, and what that is worth. Pure. */

/**
 * A header decodes with near certainty from about 0 dB on (lr-fhss.md section 11: soft decision, raw bit error rate of
 * 8 %): what is above is the margin.
 */
export const REQUIRED_SNR_DB = 0;
export const GOOD_MARGIN_DB = 6;
const SOLE_GATEWAY_MARGIN_DB = 10;

export interface HeardBy {
  readonly gatewayId: string;
  readonly receivedAtMs: number;
  readonly rssiDbm: number | null;
  readonly snrDb: number;
}

export interface GatewayBar {
  readonly gatewayId: string;
  readonly packets: number;
  readonly lastRssiDbm: number | null;
  readonly lastSnrDb: number;
  readonly bestSnrDb: number;
  /** dB above what a header needs, of the median packet. */
  readonly marginDb: number;
  readonly lastAtMs: number;
}

export interface WalkTest {
  /** Best first. */
  readonly gateways: readonly GatewayBar[];
  readonly packets: number;
  /** From the terminal's attach to its first packet under the new session, through the network's page: ms. */
  readonly twoWayMs: number | undefined;
  /** What these figures are worth; the engineer's own word stands beside it. */
  readonly verdict: WalkTestVerdict;
  /** Why, as words for the screens to translate. */
  readonly because: "no-answer" | "not-heard" | "one-gateway" | "thin-margin" | "good";
}

export function judgeWalkTest(
  heard: readonly HeardBy[],
  packets: number,
  twoWayMs: number | undefined,
): WalkTest {
  const gateways = [...Map.groupBy(heard, ({ gatewayId }) => gatewayId)]
    .map(([gatewayId, receptions]) => barOf(gatewayId, receptions))
    .toSorted((a, b) => b.marginDb - a.marginDb || (a.gatewayId < b.gatewayId ? -1 : 1));
  return { gateways, packets, twoWayMs, ...verdictOf(gateways, twoWayMs) };
}

function verdictOf(
  gateways: readonly GatewayBar[],
  twoWayMs: number | undefined,
): Pick<WalkTest, "verdict" | "because"> {
  const [best, second] = gateways;
  if (best === undefined) return { verdict: "fail", because: "not-heard" };
  if (twoWayMs === undefined) return { verdict: "fail", because: "no-answer" };
  if (best.marginDb < GOOD_MARGIN_DB) return { verdict: "weak", because: "thin-margin" };
  if (second === undefined && best.marginDb < SOLE_GATEWAY_MARGIN_DB)
    return { verdict: "weak", because: "one-gateway" };
  return { verdict: "pass", because: "good" };
}

function barOf(gatewayId: string, receptions: readonly HeardBy[]): GatewayBar {
  const inTime = receptions.toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
  const last = inTime.at(-1);
  const snrs = receptions.map(({ snrDb }) => snrDb).toSorted((a, b) => a - b);
  return {
    gatewayId,
    packets: receptions.length,
    lastRssiDbm: last?.rssiDbm ?? null,
    lastSnrDb: last?.snrDb ?? 0,
    bestSnrDb: snrs.at(-1) ?? 0,
    marginDb: (snrs[Math.floor((snrs.length - 1) / 2)] ?? 0) - REQUIRED_SNR_DB,
    lastAtMs: last?.receivedAtMs ?? 0,
  };
}
