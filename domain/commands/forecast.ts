import { URGENT_PRIORITY } from "./command-class.ts";

export interface AirUsed {
  /** What a gateway has paged within the last hour, the oldest first; ms since the Unix epoch, and ms on the air. */
  readonly transmissions: readonly (readonly [atMs: number, airMs: number])[];
  /** What whoever asks may use of one, ms on the air; null: as much as it can. */
  readonly usableMs: number | null;
}

/** The last tenth of the budget is kept for what is urgent. */
const ORDINARY_AIR_SHARE = 0.9;

/** What pages of that priority may use of a gateway's budget, in the same unit. */
export const usableOf = (budgetMs: number, priority: number): number =>
  budgetMs * (priority >= URGENT_PRIORITY ? 1 : ORDINARY_AIR_SHARE);

/** What a terminal's own past says of the way down to it; times in ms since the Unix epoch. */
export interface DeliveryPast {
  /** The gateway that would page first; null: none is online. */
  readonly gatewayId: string | null;
  /** Pages that wait for it and are not overtaken by this one. */
  readonly pagesWaiting: number;
  readonly air: AirUsed;
  readonly heardAtMs: number | null;
  /** The middle gap between its last packets, seconds; null: too few were heard. */
  readonly everyS: number | null;
  /** Of its last commands that went out. */
  readonly sent: number;
  /** How long each that it answered took, seconds from its first page, retries included. */
  readonly answeredS: readonly number[];
}

export type Likelihood = "likely" | "uncertain" | "unlikely" | "no-gateway";

export interface DeliveryForecast extends Omit<DeliveryPast, "answeredS" | "air"> {
  readonly answered: number;
  /** The middle one's seconds; null: it has answered none yet. */
  readonly medianS: number | null;
  readonly likelihood: Likelihood;
  /**
   * Where it is likely: until its answer is there, four times of five, once it may go out. Where it is uncertain: how long
   * its slowest answers took. Null where that is nobody's guess.
   */
  readonly withinS: number | null;
}

/** A full transmission holds so many pages and comes round so often (`paging.fill`). */
export const PAGES_PER_TRANSMISSION = 14;
export const TRANSMISSION_S = 5;
/** Of which so long on the air, at 1200 bit/s. */
export const TRANSMISSION_AIR_MS = 3_200;
const HOUR_MS = 3_600_000;
/** As if it had answered so before its past began, seconds: at the first page, and once at the second. */
const PRIOR_S: readonly number[] = [8, 10, 12, 45];
const UNCERTAIN = 0.5;
/** So many of its usual gaps without a word, and it is not where it usually is. */
const SILENT_GAPS = 3;
const SURE_SHARE = 0.8;

/** How soon a command would be answered, reckoned from the terminal's own past and from what waits before it. */
export function forecastDelivery(past: DeliveryPast, nowMs: number): DeliveryForecast {
  const { answeredS, sent, air, ...rest } = past;
  const own = [...answeredS].sort((a, b) => a - b);
  const all = [...own, ...PRIOR_S].sort((a, b) => a - b);
  // one that was never answered took longer than any that was
  const sureS = all[Math.ceil(SURE_SHARE * (sent + PRIOR_S.length)) - 1];
  const likelihood = likelihoodOf(past, sureS !== undefined, nowMs);
  const isGuess = likelihood === "no-gateway" || likelihood === "unlikely";
  return {
    ...rest,
    ...{ sent, likelihood, answered: own.length },
    medianS: own[Math.floor(own.length / 2)] ?? null,
    withinS: isGuess
      ? null
      : told(queueS(past.pagesWaiting, air, nowMs) + (sureS ?? all.at(-1) ?? 0)),
  };
}

/**
 * Seconds until so many pages and one more are on the air; those that fit into the next transmission wait for nobody. What goes
 * beyond the hour's airtime waits for it to come back, which each transmission's does an hour after it.
 */
export function queueS(
  pagesWaiting: number,
  { transmissions, usableMs }: AirUsed,
  nowMs: number,
): number {
  const before = Math.floor(pagesWaiting / PAGES_PER_TRANSMISSION);
  if (usableMs === null) return before * TRANSMISSION_S;
  const sent = [...transmissions];
  let [turnMs, oldest] = [nowMs, 0];
  let usedMs = sent.reduce((sum, [, airMs]) => sum + airMs, 0);
  for (let place = 0; ; place += 1) {
    for (let next = sent[oldest]; next !== undefined; next = sent[oldest]) {
      const [atMs, airMs] = next;
      if (usedMs < usableMs && atMs + HOUR_MS > turnMs) break;
      turnMs = Math.max(turnMs, atMs + HOUR_MS);
      usedMs -= airMs;
      oldest += 1;
    }
    if (place === before) return Math.round((turnMs - nowMs) / 1000);
    sent.push([turnMs, TRANSMISSION_AIR_MS]);
    usedMs += TRANSMISSION_AIR_MS;
    turnMs += TRANSMISSION_S * 1000;
  }
}

function likelihoodOf(past: DeliveryPast, isSure: boolean, nowMs: number): Likelihood {
  const { gatewayId, heardAtMs, everyS, sent, answeredS } = past;
  if (gatewayId === null) return "no-gateway";
  if (heardAtMs === null) return "unlikely";
  const share = (answeredS.length + PRIOR_S.length) / (sent + PRIOR_S.length);
  const isSilent = everyS !== null && nowMs - heardAtMs > SILENT_GAPS * everyS * 1000;
  if (share < UNCERTAIN) return "unlikely";
  return isSure && !isSilent ? "likely" : "uncertain";
}

/** Nobody means the second: up to a minute in steps of five, then of thirty. */
function told(seconds: number): number {
  const step = seconds <= 60 ? 5 : 30;
  return Math.max(step, Math.ceil(seconds / step) * step);
}
