import { BIT_NS, HEADER_BITS } from "../../protocol/air/lr-fhss.ts";
import { HEADER_SYNC_AT } from "../../protocol/air/lr-fhss-coding.ts";
import { transmissionNs } from "../../protocol/air/pocsag.ts";
import type { Air } from "./air.ts";
import type { HopOnAir } from "./hop-index.ts";
import { placeKey, placeNormal, placeUniform } from "./noise.ts";
import type { PageOnAir } from "./page-air.ts";
import type { AirSite } from "./propagation.ts";
import { type Detection, halfBandUnits, type Radio, type Tuning } from "./radio.ts";
import type { Schedule } from "./schedule.ts";
import { SOFT_MAX } from "./soft-bits.ts";

export interface AirRadioOptions {
  readonly air: Air;
  readonly schedule: Schedule;
  readonly site: AirSite;
  /** Told when a page begins; nobody may know its words before its end. */
  readonly onPage?: (page: PageOnAir) => void;
}

const DETECTION_DELAY_NS = 5_000_000n;
const HEADER_NS = BigInt(HEADER_BITS) * BIT_NS;
const HOUR_NS = 3_600_000_000_000n;
const SYNC_BITS = 32;

/** One site's receiver and transmitter on the simulated air. */
export function airRadio({ air, schedule, site, onPage }: AirRadioOptions): Radio {
  let tuned: Tuning | undefined;
  let found: (detection: Detection) => void = () => undefined;
  const listenForHeader = (hop: HopOnAir): void => {
    const endNs = air.options.epochNs + BigInt(Math.ceil(hop.endNs)) + DETECTION_DELAY_NS;
    schedule.at(endNs, () => {
      const detection = tuned && air.detect(site, hop, tuned);
      if (detection) found(detection);
    });
  };
  air.onTransmission((hops) => {
    if (tuned) for (const hop of hops) if (hop.isHeader) listenForHeader(hop);
  });
  return {
    tune(tuning) {
      if (!tuned)
        watchNoise({ air, schedule, site }, (make) => {
          if (tuned) found(make(tuned));
        });
      tuned = tuning;
    },
    onDetection(listener) {
      found = listener;
    },
    listen: (asked) => air.listen(site, asked, tuned?.centreHz),
    send(page) {
      if (!tuned) return;
      const endNs = page.startNs + transmissionNs(page.words.length, page.bitRate);
      const { pageHz, inverted } = tuned;
      onPage?.({ ...page, site, endNs, pageHz, inverted });
    },
  };
}

/** Noise looks like a header now and then: each hour's moments and bits follow from the seed alone. */
function watchNoise(
  { air, schedule, site }: Omit<AirRadioOptions, "onPage">,
  found: (make: (tuning: Tuning) => Detection) => void,
): void {
  const perHour = air.impairments.falseHeadersPerHour;
  if (perHour <= 0) return;
  const key = placeKey(air.options.seed, "false header", site.id);
  const slotNs = HOUR_NS / BigInt(Math.ceil(perHour));
  const watch = (slot: bigint): void => {
    const number = Number(slot);
    const insideNs = BigInt(Math.floor(placeUniform(key, number) * Number(slotNs)));
    const timeNs = air.options.epochNs + slot * slotNs + insideNs;
    schedule.at(timeNs, () => {
      found((tuning) => falseHeader({ key, number, timeNs, tuning }));
      watch(slot + 1n);
    });
  };
  watch((schedule.nowNs() - air.options.epochNs) / slotNs + 1n);
}

function falseHeader(from: {
  key: number;
  number: number;
  timeNs: bigint;
  tuning: Tuning;
}): Detection {
  const { key, number, timeNs, tuning } = from;
  const softBits = Int8Array.from({ length: HEADER_BITS }, (_, bit) => {
    const noise = Math.round(12 * placeNormal(key + 1, number, bit)) || 1;
    const inSync = bit >= HEADER_SYNC_AT && bit < HEADER_SYNC_AT + SYNC_BITS;
    const wanted = (tuning.syncWord >>> (HEADER_SYNC_AT + SYNC_BITS - 1 - bit)) & 1;
    const soft = inSync ? Math.abs(noise) * (wanted === 1 ? 1 : -1) : noise;
    return Math.max(-SOFT_MAX, Math.min(SOFT_MAX, soft));
  });
  const carrierUnits = Math.round((2 * placeUniform(key + 2, number) - 1) * halfBandUnits(tuning));
  return { timeNs: timeNs - HEADER_NS, carrierUnits, rssiDbm: undefined, snrDb: -8, softBits };
}
