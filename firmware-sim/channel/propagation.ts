import { placeKey, placeNormal } from "./noise.ts";

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface AirSite extends Place {
  readonly id: string;
  /** Height of the aerial above the ground, 1..200 m. */
  readonly antennaM: number;
  readonly antennaGainDbi?: number;
  readonly noiseFigureDb?: number;
  /** Power of its page transmitter. */
  readonly pagePowerDbm?: number;
}

const EARTH_KM = 6371;
const RADIANS = Math.PI / 180;
const NEAREST_KM = 0.02;
const THERMAL_DBM_PER_HZ = -174;
const TERMINAL_ANTENNA_M = 1.5;
const DEFAULT_GAIN_DBI = 5;
const DEFAULT_NOISE_FIGURE_DB = 6;

export function distanceKm(a: Place, b: Place): number {
  const x =
    (b.longitude - a.longitude) * RADIANS * Math.cos(((a.latitude + b.latitude) / 2) * RADIANS);
  const y = (b.latitude - a.latitude) * RADIANS;
  return EARTH_KM * Math.hypot(x, y);
}

/** Okumura and Hata's median for a large city, which is log-distance with the slope and the offset of the aerial's height. */
export function pathLossDb(km: number, antennaM: number, frequencyMHz: number): number {
  const height = Math.log10(Math.min(Math.max(antennaM, 1), 200));
  const mobile = 3.2 * Math.log10(11.75 * TERMINAL_ANTENNA_M) ** 2 - 4.97;
  const atOneKm = 69.55 + 26.16 * Math.log10(frequencyMHz) - 13.82 * height - mobile;
  return atOneKm + (44.9 - 6.55 * height) * Math.log10(Math.max(km, NEAREST_KM));
}

/** Slow fading of one terminal at one site: always the same, as houses do not move. */
export function shadowingDb(
  seed: string,
  siteId: string,
  address: number,
  deviationDb: number,
): number {
  return deviationDb * placeNormal(placeKey(seed, "shadow", siteId), address);
}

/** Loss between the two aerials' feet, the site's gain taken off. */
export const medianLossDb = (site: AirSite, terminal: Place, frequencyMHz: number): number =>
  pathLossDb(distanceKm(site, terminal), site.antennaM, frequencyMHz) -
  (site.antennaGainDbi ?? DEFAULT_GAIN_DBI);

export const noiseFloorDbm = (
  bandwidthHz: number,
  noiseFigureDb = DEFAULT_NOISE_FIGURE_DB,
): number => THERMAL_DBM_PER_HZ + 10 * Math.log10(bandwidthHz) + noiseFigureDb;
