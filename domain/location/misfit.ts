import type { Point } from "./plane.ts";

/** What one gateway tells of where a burst was sent. */
export interface Measurement extends Point {
  /** When it came, by the gateway's clock, as the light's way in metres from any common moment; none without a clock to trust. */
  readonly arrivalM: number | undefined;
  /** One standard deviation of it: clock and detection, without detours. */
  readonly arrivalSigmaM: number;
  readonly levelDbm: number | undefined;
}

/** Between houses a burst comes late, never early: the mean detour that a late one is thought to have taken. */
const DETOUR_M = 120;
/** Path loss in a city: Okumura and Hata's slope for an aerial of 30 m is 35 dB a decade; houses scatter it by some 7 dB. */
const LOSS_DB_A_DECADE = 35;
const LEVEL_SIGMA_DB = 7;
/** A terminal of 14 to 22 dBm heard at one kilometre, its aerial in a car or a cellar. */
const LEVEL_AT_1_KM_DBM = -106;
const POWER_SIGMA_DB = 5;
const NEAREST_M = 30;
/** Gateways stand where terminals are: one this far from the nearest that heard it is as rare as two standard deviations. */
const FAR_M = 8_000;
const ROUNDS = 4;

/**
 * How badly a point fits, as the sum of squared standard deviations: least squares over the differences of arrival times
 * and of signal strengths. When it was sent and how strongly is fitted for each point, so only differences count, and the
 * strength's guess besides. A reception later than expected counts linearly beyond the usual: it took a detour.
 */
export function misfit(measurements: readonly Measurement[], at: Point): number {
  const late: number[] = [];
  const sigmas: number[] = [];
  const excess: number[] = [];
  let levels = (LEVEL_SIGMA_DB / POWER_SIGMA_DB) ** 2; // what is guessed weighs as much as its share of a reception
  let sum = levels * LEVEL_AT_1_KM_DBM;
  let nearestM = Infinity;
  for (const measured of measurements) {
    const distanceM = Math.hypot(at.east - measured.east, at.north - measured.north);
    nearestM = Math.min(nearestM, distanceM);
    if (measured.arrivalM !== undefined) {
      late.push(measured.arrivalM - distanceM);
      sigmas.push(measured.arrivalSigmaM);
    }
    if (measured.levelDbm === undefined) continue;
    const atOneKm =
      measured.levelDbm + LOSS_DB_A_DECADE * Math.log10(Math.max(distanceM, NEAREST_M) / 1000);
    excess.push(atOneKm);
    sum += atOneKm;
    levels += 1;
  }
  const power = sum / levels;
  let strength = ((power - LEVEL_AT_1_KM_DBM) / POWER_SIGMA_DB) ** 2;
  for (const each of excess) strength += ((each - power) / LEVEL_SIGMA_DB) ** 2;
  return strength + (2 * (nearestM / FAR_M)) ** 2 + (late.length > 1 ? lateness(late, sigmas) : 0);
}

/** With the moment of sending that fits best: a weighted mean in which what came by a detour weighs less. */
function lateness(late: readonly number[], sigmas: readonly number[]): number {
  let sent = Math.min(...late);
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0;
    let weights = 0;
    for (const [i, each] of late.entries()) {
      const weight = weightOf(each - sent, sigmas[i] ?? 1);
      sum += weight * each;
      weights += weight;
    }
    sent = sum / weights;
  }
  let total = 0;
  for (const [i, each] of late.entries()) total += lateCost(each - sent, sigmas[i] ?? 1);
  return total;
}

/** From here on the cost is linear, as the logarithm of an exponential tail is. */
const kneeOf = (sigma: number): number => sigma * Math.max(sigma / DETOUR_M, 0.5);

function lateCost(m: number, sigma: number): number {
  const knee = kneeOf(sigma);
  if (m <= knee) return (m / sigma) ** 2;
  return (2 * m * knee - knee ** 2) / sigma ** 2;
}

function weightOf(m: number, sigma: number): number {
  const knee = kneeOf(sigma);
  return (m <= knee ? 1 : knee / m) / sigma ** 2;
}
