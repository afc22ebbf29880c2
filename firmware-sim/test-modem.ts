import { encodeTransmission, transmissionNs } from "../protocol/air/pocsag.ts";
import type { CollectFrame, PageFrame } from "../protocol/modem/line-frame.ts";
import type { Asked, Detection, PageSignal, Radio, Tuning } from "./channel/radio.ts";
import { steppedSchedule } from "./channel/schedule.ts";
import { siteClock } from "./channel/site-clock.ts";
import { EPOCH_NS } from "./channel/test-frame.ts";
import { pipeTo } from "./modem-listen.ts";
import { type ModemLimits, ModemSim } from "./modem-sim.ts";
import { CONFIG, TestHost } from "./test-host.ts";

export const SECOND_NS = 1_000_000_000n;
export const CLOCK_ERROR_NS = 1_500_000n;

/** A radio that hears whatever is asked, but not on carrier 13. */
export function fakeRadio() {
  const heard: Asked[] = [];
  const sent: PageSignal[] = [];
  const tuned: Tuning[] = [];
  let found: (detection: Detection) => void = () => undefined;
  const radio: Radio = {
    tune: (tuning) => tuned.push(tuning),
    onDetection(listener) {
      found = listener;
    },
    listen(asked) {
      heard.push(asked);
      if (Math.round(asked.carrierUnits) === 13) return { softBits: undefined, rssiDbm: -142 };
      return { softBits: new Int8Array(asked.bits).fill(9), rssiDbm: -100.04 };
    },
    send: (page) => sent.push(page),
  };
  return {
    ...{ radio, heard, sent, tuned },
    detect: (detection: Detection) => {
      found(detection);
    },
  };
}

export async function modemAndHost(
  options: { limits?: Partial<ModemLimits>; configured?: boolean } = {},
) {
  const schedule = steppedSchedule(EPOCH_NS);
  const fake = fakeRadio();
  const clock = siteClock({ clockErrorNs: Number(CLOCK_ERROR_NS), clockDriftPpb: 0 }, EPOCH_NS);
  const { limits = {} } = options;
  const modem = new ModemSim({
    modemId: "0123456789abcdef",
    ...{ radio: fake.radio, schedule, clock, limits },
  });
  const host = new TestHost(pipeTo(modem));
  let token = 60_000;
  const settled = () => host.settled(token++);
  const step = async (seconds: number): Promise<void> => {
    schedule.stepTo(schedule.nowNs() + BigInt(Math.round(seconds * 1e9)));
    await settled();
  };
  if (options.configured ?? true) {
    host.send(CONFIG);
    await settled();
  }
  host.frames.length = 0;
  return { ...fake, schedule, modem, host, settled, step };
}

/** What the modem's clock shows that many seconds after the epoch. */
export const shownNs = (seconds: number): bigint =>
  EPOCH_NS + CLOCK_ERROR_NS + BigInt(Math.round(seconds * 1e9));

export const collect = (rest: Partial<CollectFrame> = {}): CollectFrame => ({
  name: "collect",
  token: 5,
  headerToken: 0,
  startNs: shownNs(1),
  fragments: [
    { carrierUnits: 12, bits: 50 },
    { carrierUnits: 13, bits: 50 },
    { carrierUnits: -14, bits: 7 },
  ],
  ...rest,
});

export const WORDS = encodeTransmission([{ ric: 8, function: 0, symbols: new Uint8Array(5) }]);
export const PAGE_S = Number(transmissionNs(WORDS.length, 1200)) / 1e9;
export const page = (rest: Partial<PageFrame> = {}): PageFrame => ({
  name: "page",
  token: 30,
  earliestNs: 0n,
  latestNs: shownNs(60),
  bitRate: 1200,
  words: WORDS,
  ...rest,
});

export const detection = (rest: Partial<Detection> = {}): Detection => ({
  timeNs: EPOCH_NS,
  carrierUnits: 100.3,
  rssiDbm: -98.76,
  snrDb: 12.2,
  softBits: new Int8Array(114).fill(-3),
  ...rest,
});
