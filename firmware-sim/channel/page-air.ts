import { seededRandom } from "../../base/random.ts";
import { PREAMBLE_BITS } from "../../protocol/air/pocsag.ts";
import {
  type AirSite,
  medianLossDb,
  noiseFloorDbm,
  type Place,
  shadowingDb,
} from "./propagation.ts";
import type { PageSignal } from "./radio.ts";

/** A page on the air, from one site. */
export interface PageOnAir extends PageSignal {
  readonly site: AirSite;
  /** Of the last bit. */
  readonly endNs: bigint;
  readonly pageHz: number;
  readonly inverted: boolean;
}

export interface Pager extends Place {
  readonly address: number;
}

export interface PageChannel {
  readonly seed: string;
  readonly shadowingDb: number;
  /** Whether the terminal sends itself at that time; it has one aerial and hears nothing then. */
  isSending(address: number, fromNs: bigint, untilNs: bigint): boolean;
}

const RECEIVER_BANDWIDTH_HZ = 12_500;
const PAGER_NOISE_FIGURE_DB = 8;
const DEFAULT_POWER_DBM = 40;
const REFERENCE_BIT_RATE = 1200;
const WORD_BITS = 32;
const SYNC_ERROR_RATE_MAX = 0.2; // above it no pager finds the sync word
const SURE_ERROR_RATE = 1e-9;
const KEPT_PAGES_MAX = 256;

/** The paging channel: the words that a page becomes at each terminal. */
export class PageAir {
  readonly #channel: PageChannel;
  readonly #recent: PageOnAir[] = [];

  constructor(channel: PageChannel) {
    this.#channel = channel;
  }

  add(page: PageOnAir): void {
    this.#recent.push(page);
    if (this.#recent.length > KEPT_PAGES_MAX) this.#recent.shift();
  }

  /**
   * To be asked when the last bit has ended. Nothing when the terminal is out of reach. Where no bit is wrong it is the
   * page's own array, so that a fleet can decode it once for all.
   */
  hear(page: PageOnAir, pager: Pager): Uint32Array | undefined {
    const others = this.#recent.filter(
      (other) =>
        other !== page &&
        other.pageHz === page.pageHz &&
        other.startNs < page.endNs &&
        other.endNs > page.startNs,
    );
    const level = this.#levelDbm(page, pager);
    const floor = noiseFloorDbm(RECEIVER_BANDWIDTH_HZ, PAGER_NOISE_FIGURE_DB);
    const quiet = errorRate(level - floor, page.bitRate);
    if (quiet > SYNC_ERROR_RATE_MAX) return undefined;
    const levels = others.map((other) => ({ other, level: this.#levelDbm(other, pager) }));
    const rateOf = (fromNs: bigint, untilNs: bigint): number => {
      if (this.#channel.isSending(pager.address, fromNs, untilNs)) return 0.5;
      const heard = levels.filter(({ other }) => other.startNs < untilNs && other.endNs > fromNs);
      if (heard.length === 0) return quiet;
      const disturbance = heard.reduce((sum, one) => sum + power(one.level), power(floor));
      return errorRate(level - 10 * Math.log10(disturbance), page.bitRate);
    };
    return spoil(
      page,
      rateOf,
      `${this.#channel.seed}/${page.site.id}/${page.startNs}/${pager.address}`,
    );
  }

  #levelDbm({ site, pageHz }: PageOnAir, pager: Pager): number {
    return (
      (site.pagePowerDbm ?? DEFAULT_POWER_DBM) -
      medianLossDb(site, pager, pageHz / 1e6) -
      shadowingDb(this.#channel.seed, site.id, pager.address, this.#channel.shadowingDb)
    );
  }
}

const power = (db: number): number => 10 ** (db / 10);

/** Frequency shift keying without a phase reference. */
const errorRate = (snrDb: number, bitRate: number): number =>
  0.5 * Math.exp((-power(snrDb) * (REFERENCE_BIT_RATE / bitRate)) / 2);

function spoil(
  page: PageOnAir,
  rateOf: (fromNs: bigint, untilNs: bigint) => number,
  seed: string,
): Uint32Array {
  const atBit = (bit: number): bigint =>
    page.startNs + BigInt(Math.round((bit * 1e9) / page.bitRate));
  const random = seededRandom(seed);
  let heard = page.words;
  page.words.forEach((word, index) => {
    const first = PREAMBLE_BITS + index * WORD_BITS;
    const rate = rateOf(atBit(first), atBit(first + WORD_BITS));
    if (rate < SURE_ERROR_RATE) return;
    let errors = 0;
    for (let bit = 0; bit < WORD_BITS; bit++) {
      if (random.next() < rate) errors |= 1 << bit;
    }
    if (errors === 0) return;
    if (heard === page.words) heard = page.words.slice();
    heard[index] = (word ^ errors) >>> 0;
  });
  return heard;
}
