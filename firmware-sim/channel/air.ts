import { BIT_NS, CARRIER_UNIT_HZ } from "../../protocol/air/lr-fhss.ts";
import { HEADER_SYNC_AT } from "../../protocol/air/lr-fhss-coding.ts";
import { HopIndex, type HopOnAir, type Transmission } from "./hop-index.ts";
import { CITY, type Impairments } from "./impairments.ts";
import { placeHash, placeKey, placeNormal, placeUniform } from "./noise.ts";
import {
  type AirSite,
  distanceKm,
  medianLossDb,
  noiseFloorDbm,
  type Place,
  shadowingDb,
} from "./propagation.ts";
import { type Asked, type Detection, type Heard, halfBandUnits, type Tuning } from "./radio.ts";
import { collidedBits, type HopSignal, softBits } from "./soft-bits.ts";

export interface AirOptions {
  readonly seed: string;
  /** Where its time starts; nothing may be on the air much earlier. */
  readonly epochNs: bigint;
  /** How long after its end a hop can still be asked for. */
  readonly keepS?: number;
  readonly impairments?: Partial<Impairments>;
}

export type TransmissionListener = (hops: readonly HopOnAir[]) => void;

export const DEFAULT_CENTRE_HZ = 868_130_000;
const KEEP_S = 30;
const BIT = Number(BIT_NS);
const BIT_RATE_HZ = 1e9 / BIT;
const REACH_UNITS = 2; // one slot: there the matched filter's loss is complete
const SYNC_BITS = 32;
const SYNC_ERRORS_MAX = 8;
const DETECTION_SNR_MIN_DB = -7;
const BAND_MARGIN_UNITS = 40; // device offsets and crystals
const AMPLITUDE_MIN = 0.1;
const ENERGY_MIN = 0.2; // amplitude squared; 10 dB under the noise nobody tells a hop from nothing
const LOST_HOP_DB = 40;
const LIGHT_M_PER_NS = 0.299_792_458;

/** The radio channel between all terminals and all sites. The same seed gives the same noise at the same place, whatever was asked before. */
export class Air {
  readonly options: AirOptions;
  readonly impairments: Impairments;
  readonly #hops: HopIndex;
  readonly #listeners = new Set<TransmissionListener>();
  readonly #siteKeys = new Map<string, number>();
  readonly #busy = new Map<number, { startNs: bigint; endNs: bigint }[]>();

  constructor(options: AirOptions) {
    this.options = options;
    this.impairments = { ...CITY, ...options.impairments };
    this.#hops = new HopIndex((options.keepS ?? KEEP_S) * 1e9);
  }

  /** Puts a frame on the air; to be called in about the order of the starts. */
  transmit(transmission: Transmission): void {
    const hops = this.#hopsOf(transmission);
    this.#hops.forget(this.#relative(transmission.startNs));
    for (const hop of hops) this.#hops.add(hop);
    this.#remember(transmission);
    for (const listener of this.#listeners) listener(hops);
  }

  onTransmission(listener: TransmissionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether the terminal itself was sending, so that it could not hear. */
  isSending(address: number, fromNs: bigint, untilNs: bigint): boolean {
    const spans = this.#busy.get(address) ?? [];
    return spans.some(({ startNs, endNs }) => startNs < untilNs && endNs > fromNs);
  }

  /** What a site hears there. Carriers count from the tuned centre. */
  listen(site: AirSite, asked: Asked, centreHz = DEFAULT_CENTRE_HZ): Heard {
    const startNs = this.#relative(asked.startNs);
    const carrier = asked.carrierUnits + (centreHz - DEFAULT_CENTRE_HZ) / CARRIER_UNIT_HZ;
    const endNs = startNs + asked.bits * BIT;
    const hops = this.#hops.overlapping(startNs, endNs, carrier, REACH_UNITS);
    const signals: HopSignal[] = [];
    let energy = 0;
    for (const hop of hops) {
      const signal = this.#signal(site, hop, startNs, carrier);
      if (signal.amplitude < AMPLITUDE_MIN) continue;
      signals.push(signal);
      const shared = Math.min(endNs, hop.endNs) - Math.max(startNs, hop.startNs);
      energy += (signal.amplitude ** 2 * shared) / (asked.bits * BIT);
    }
    if (energy < ENERGY_MIN) return { softBits: undefined, rssiDbm: this.#floorDbm(site) };
    const rssiDbm = this.#floorDbm(site) + 10 * Math.log10(1 + energy / 2);
    if (!this.impairments.captureEffect) {
      return { softBits: collidedBits(signals, asked.bits), rssiDbm };
    }
    return {
      softBits: softBits(signals, asked.bits, this.#noiseAt(site, startNs, carrier)),
      rssiDbm,
    };
  }

  /** The detection that a site's receiver makes of a header's hop, if it makes one. To be asked after the hop's end. */
  detect(site: AirSite, hop: HopOnAir, tuning: Tuning): Detection | undefined {
    const centre = (tuning.centreHz - DEFAULT_CENTRE_HZ) / CARRIER_UNIT_HZ;
    const level = this.levelDbm(site, hop);
    const snrDb = level - this.#floorDbm(site);
    if (!hop.isHeader || snrDb < DETECTION_SNR_MIN_DB) return undefined;
    const edge = halfBandUnits(tuning) + BAND_MARGIN_UNITS;
    if (Math.abs(hop.carrierUnits - centre) > edge) return undefined;
    const key = this.#siteKey(site);
    const place = [placeHash(hop.transmission.address, hop.startNs / BIT), hop.index] as const;
    const spread = this.impairments.noise ? 10 ** (-snrDb / 20) : 0;
    const offNs = Math.round(
      15_000 * spread * placeNormal(key, place[0], place[1]) + this.#wayNs(site, hop.transmission),
    );
    const offUnits = 0.04 * spread * placeNormal(key + 1, place[0], place[1]);
    const startNs = this.options.epochNs + BigInt(Math.round(hop.startNs) + offNs);
    const asked = {
      startNs,
      carrierUnits: hop.carrierUnits - centre + offUnits,
      bits: hop.bits.length,
    };
    const heard = this.listen(site, asked, tuning.centreHz);
    if (!heard.softBits || syncErrors(heard.softBits, tuning.syncWord) > SYNC_ERRORS_MAX) {
      return undefined;
    }
    const { carrierUnits } = asked;
    const { rssiDbm } = heard;
    return { timeNs: startNs, carrierUnits, rssiDbm, snrDb, softBits: heard.softBits };
  }

  /** How long the signal is on its way; houses that send it on a detour are always the same. */
  #wayNs(site: AirSite, from: Place): number {
    const { pathLoss, detourShare, detourNs } = this.impairments;
    if (!pathLoss) return 0;
    const key = this.#siteKey(site) + 10;
    const block = [Math.round(from.latitude * 1000), Math.round(from.longitude * 1000)] as const;
    const isDetour = placeUniform(key, ...block) < detourShare;
    const detour = isDetour ? -detourNs * Math.log(1 - placeUniform(key + 1, ...block)) : 0;
    return (distanceKm(site, from) * 1000) / LIGHT_M_PER_NS + detour;
  }

  /** Power of a hop at a site's receiver. */
  levelDbm(site: AirSite, hop: HopOnAir): number {
    const known = hop.levels.get(site.id);
    if (known !== undefined) return known;
    const level = this.#level(site, hop);
    hop.levels.set(site.id, level);
    return level;
  }

  #level(site: AirSite, hop: HopOnAir): number {
    const { address, powerDbm, startNs } = hop.transmission;
    const { impairments } = this;
    if (!impairments.pathLoss) return powerDbm;
    const frame = placeHash(address, this.#relative(startNs) / BIT);
    const key = this.#siteKey(site) + 4;
    const isLost = placeUniform(key + 1, frame, hop.index) < impairments.lostHopShare;
    return (
      powerDbm -
      medianLossDb(site, hop.transmission, DEFAULT_CENTRE_HZ / 1e6) -
      shadowingDb(this.options.seed, site.id, address, impairments.shadowingDb) +
      impairments.frameFadingDb * placeNormal(key + 2, frame) +
      impairments.hopFadingDb * placeNormal(key + 3, frame, hop.index) -
      (isLost ? LOST_HOP_DB : 0)
    );
  }

  #signal(site: AirSite, hop: HopOnAir, startNs: number, carrierUnits: number): HopSignal {
    const snrDb =
      this.levelDbm(site, hop) - this.#floorDbm(site) - this.impairments.demodulatorLossDb;
    const offBits = (startNs - hop.startNs) / BIT;
    const bitAtFirst = Math.round(offBits);
    const offCycles = (hop.carrierUnits - carrierUnits) / 2; // in a bit
    const turns = Math.PI * offCycles;
    const tuned = Math.abs(turns) < 1e-6 ? 1 : Math.abs(Math.sin(turns) / turns);
    const timed = 1 - Math.abs(offBits - bitAtFirst);
    const key = this.#siteKey(site) + 8;
    const frame = placeHash(hop.transmission.address, hop.startNs / BIT);
    return {
      amplitude: Math.sqrt(2 * 10 ** (snrDb / 10)) * tuned * timed,
      bits: hop.bits,
      bitAtFirst,
      phase: 2 * (Math.PI * placeUniform(key, frame, hop.index) + turns * offBits),
      turnPerBit: 2 * turns,
    };
  }

  #noiseAt(site: AirSite, startNs: number, carrierUnits: number) {
    if (!this.impairments.noise) return undefined;
    const key = this.#siteKey(site) + 9;
    return { key, firstBit: Math.round(startNs / BIT), carrier: Math.round(carrierUnits) };
  }

  /** What a site's chances hang on; small numbers are added for the kinds of chance. */
  #siteKey(site: AirSite): number {
    const known = this.#siteKeys.get(site.id);
    if (known !== undefined) return known;
    const key = placeKey(this.options.seed, "site", site.id);
    this.#siteKeys.set(site.id, key);
    return key;
  }

  #floorDbm(site: AirSite): number {
    return noiseFloorDbm(BIT_RATE_HZ, site.noiseFigureDb);
  }

  #hopsOf(transmission: Transmission): HopOnAir[] {
    const { frame, startNs, address, centreHz = DEFAULT_CENTRE_HZ } = transmission;
    const ppm =
      this.impairments.crystalPpm * placeNormal(placeKey(this.options.seed, "crystal"), address);
    const centre = (centreHz - DEFAULT_CENTRE_HZ + (centreHz / 1e6) * ppm) / CARRIER_UNIT_HZ;
    return frame.hops.map((hop, index) => {
      const hopNs = this.#relative(startNs) + hop.firstBit * BIT;
      return {
        transmission,
        index,
        isHeader: hop.kind === "header",
        startNs: hopNs,
        endNs: hopNs + hop.bits * BIT,
        carrierUnits: hop.carrierUnits + centre,
        bits: frame.bits.subarray(hop.firstBit, hop.firstBit + hop.bits),
        levels: new Map(),
      };
    });
  }

  #remember({ address, startNs, frame }: Transmission): void {
    const keepNs = BigInt(Math.round((this.options.keepS ?? KEEP_S) * 1e9));
    const kept = (this.#busy.get(address) ?? []).filter(({ endNs }) => endNs > startNs - keepNs);
    kept.push({ startNs, endNs: startNs + BigInt(frame.bits.length) * BIT_NS });
    this.#busy.set(address, kept);
  }

  #relative(ns: bigint): number {
    return Number(ns - this.options.epochNs);
  }
}

function syncErrors(soft: Int8Array, syncWord: number): number {
  let errors = 0;
  for (let bit = 0; bit < SYNC_BITS; bit++) {
    const sent = (syncWord >>> (SYNC_BITS - 1 - bit)) & 1;
    const value = soft[HEADER_SYNC_AT + bit] ?? 0;
    if (value > 0 !== (sent === 1)) errors++;
  }
  return errors;
}
