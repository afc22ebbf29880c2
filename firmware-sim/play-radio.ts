import { BIT_NS, HEADER_BITS } from "../protocol/air/lr-fhss.ts";
import type { Asked, Detection, Heard, Radio } from "./channel/radio.ts";
import type { Schedule } from "./channel/schedule.ts";
import { isHeaderHop, type RecordedHop, type Recording } from "./play.ts";

export interface PlayOptions {
  readonly recordings: readonly Recording[];
  readonly schedule: Schedule;
  /** Silence between the end of one and the start of the next. */
  readonly pauseMs?: number;
  readonly onPlayed?: (recording: Recording) => void;
  /** Under another sync word than the modem's: nothing can be found. */
  readonly onSkipped?: (recording: Recording) => void;
  readonly onFinished?: () => void;
}

interface Playing {
  readonly recording: Recording;
  readonly startNs: bigint;
}

const DEFAULT_PAUSE_MS = 500;
const LEAD_NS = 1_000_000_000n; // the host has just been told that the modem is tuned
const KEEP_NS = 30_000_000_000n;
const DETECTION_DELAY_NS = 5_000_000n;
const NEAR_UNITS = 2;

const spanNs = ({ hops }: Recording): bigint =>
  BigInt(Math.max(...hops.map(({ firstBit, bits }) => firstBit + bits))) * BIT_NS;

/** A radio that hears recordings, one after another from the moment it is tuned, and nothing else. */
export function playRadio(options: PlayOptions): Radio {
  const { schedule, recordings } = options;
  const pauseNs = BigInt(options.pauseMs ?? DEFAULT_PAUSE_MS) * 1_000_000n;
  const playing: Playing[] = [];
  let syncWord: number | undefined;
  let found: (detection: Detection) => void = () => undefined;

  const find = (hop: RecordedHop, startNs: bigint): void => {
    const timeNs = startNs + BigInt(hop.firstBit) * BIT_NS;
    const { softBits, carrierUnits } = hop;
    if (!softBits) return;
    schedule.at(timeNs + BigInt(HEADER_BITS) * BIT_NS + DETECTION_DELAY_NS, () => {
      found({ timeNs, carrierUnits, rssiDbm: undefined, snrDb: 0, softBits }); // a recording tells no level
    });
  };
  const play = (index: number): void => {
    const recording = recordings[index];
    if (!recording) {
      options.onFinished?.();
      return;
    }
    if (recording.syncWord !== syncWord) {
      options.onSkipped?.(recording);
      play(index + 1);
      return;
    }
    const startNs = schedule.nowNs();
    while (playing[0] && playing[0].startNs < startNs - KEEP_NS) playing.shift();
    playing.push({ recording, startNs });
    for (const hop of recording.hops.filter(isHeaderHop)) find(hop, startNs);
    const endNs = startNs + spanNs(recording);
    schedule.at(endNs + pauseNs, () => {
      options.onPlayed?.(recording);
      play(index + 1);
    });
  };
  return {
    tune(tuning) {
      const isFirst = syncWord === undefined;
      syncWord = tuning.syncWord;
      if (isFirst) {
        schedule.at(schedule.nowNs() + LEAD_NS, () => {
          play(0);
        });
      }
    },
    onDetection(listener) {
      found = listener;
    },
    listen: (asked) => recorded(playing, asked),
    send: () => undefined, // nobody listens to its pages
  };
}

/** What the recorded hops on that carrier hold of the bits asked; no information where they hold nothing. */
function recorded(playing: readonly Playing[], asked: Asked): Heard {
  const heard = new Int8Array(asked.bits);
  let isThere = false;
  for (const { recording, startNs } of playing) {
    const firstBit = Math.round(Number(asked.startNs - startNs) / Number(BIT_NS));
    for (const hop of recording.hops) {
      const shift = firstBit - hop.firstBit;
      if (!hop.softBits || Math.abs(hop.carrierUnits - asked.carrierUnits) >= NEAR_UNITS) continue;
      if (shift >= hop.bits || shift + asked.bits <= 0) continue;
      isThere = true;
      heard.set(hop.softBits.subarray(Math.max(0, shift), shift + asked.bits), Math.max(0, -shift));
    }
  }
  return { softBits: isThere ? heard : undefined, rssiDbm: undefined };
}
