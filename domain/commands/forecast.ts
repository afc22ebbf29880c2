/** What a terminal's own past says of the way down to it; times in ms since the Unix epoch. */
export interface DeliveryPast {
  /** The gateway that would page first; null: none is online. */
  readonly gatewayId: string | null;
  /** Pages that wait for it. */
  readonly pagesWaiting: number;
  readonly heardAtMs: number | null;
  /** The middle gap between its last packets, seconds; null: too few were heard. */
  readonly everyS: number | null;
  /** Of its last commands that went out. */
  readonly sent: number;
  /** How long each that it answered took, seconds from its first page, retries included. */
  readonly answeredS: readonly number[];
}

export type Likelihood = "likely" | "uncertain" | "unlikely" | "no-gateway";

export interface DeliveryForecast extends Omit<DeliveryPast, "answeredS"> {
  readonly answered: number;
  /** The middle one's seconds; null: it has answered none yet. */
  readonly medianS: number | null;
  readonly likelihood: Likelihood;
  /** Until its answer is there, four times of five, once it may go out; null where that is nobody's guess. */
  readonly withinS: number | null;
}

/** A full transmission holds so many pages and comes round so often (`paging.fill`). */
const PAGES_PER_TRANSMISSION = 14;
const TRANSMISSION_S = 5;
/** A page alone, the terminal's pause, its answer on the air, and the ways to and from the gateway. */
const UNKNOWN_S = 12;
/** As if it had answered three of four commands before its past began. */
const PRIOR = { sent: 4, answered: 3 };
const LIKELY = 0.7;
const UNCERTAIN = 0.4;
/** So many of its usual gaps without a word, and it is not where it usually is. */
const SILENT_GAPS = 3;
const SURE_SHARE = 0.8;

/** How soon a command would be answered, reckoned from the terminal's own past and from what waits before it. */
export function forecastDelivery(past: DeliveryPast, nowMs: number): DeliveryForecast {
  const { answeredS, ...rest } = past;
  const sorted = [...answeredS].sort((a, b) => a - b);
  const likelihood = likelihoodOf(past, nowMs);
  const isGuess = likelihood === "no-gateway" || likelihood === "unlikely";
  return {
    ...rest,
    answered: sorted.length,
    medianS: quantile(sorted, 0.5) ?? null,
    likelihood,
    withinS: isGuess
      ? null
      : told(queueS(past.pagesWaiting) + (quantile(sorted, SURE_SHARE) ?? UNKNOWN_S)),
  };
}

/** Until so many pages are on the air; those that fit into the next transmission wait for nobody. */
export const queueS = (pagesWaiting: number): number =>
  Math.floor(pagesWaiting / PAGES_PER_TRANSMISSION) * TRANSMISSION_S;

function likelihoodOf(past: DeliveryPast, nowMs: number): Likelihood {
  const { gatewayId, heardAtMs, everyS, sent, answeredS } = past;
  if (gatewayId === null) return "no-gateway";
  if (heardAtMs === null) return "unlikely";
  const share = (answeredS.length + PRIOR.answered) / (sent + PRIOR.sent);
  const isSilent = everyS !== null && nowMs - heardAtMs > SILENT_GAPS * everyS * 1000;
  if (share < UNCERTAIN) return "unlikely";
  return share < LIKELY || isSilent ? "uncertain" : "likely";
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Nobody means the second: up to a minute in steps of five, then of thirty. */
function told(seconds: number): number {
  const step = seconds <= 60 ? 5 : 30;
  return Math.max(step, Math.ceil(seconds / step) * step);
}
