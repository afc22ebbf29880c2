import { BIT_NS } from "../protocol/air/lr-fhss.ts";
import type {
  CaptureFrame,
  CaptureStatus,
  CollectFrame,
  ModemFrame,
} from "../protocol/modem/line-frame.ts";
import type { Heard, Radio } from "./channel/radio.ts";
import type { Schedule } from "./channel/schedule.ts";

interface Fragment {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly carrierUnits: number;
  readonly bits: number;
}

interface Collect {
  readonly token: number;
  readonly fragments: readonly Fragment[];
  next: number;
  sent: number;
}

export interface CollectsOptions {
  readonly radio: Radio;
  readonly schedule: Schedule;
  readonly ringBufferNs: bigint;
  readonly countMax: number;
  readonly send: (frame: ModemFrame) => boolean;
  readonly overrun: () => void;
}

/** Finer than the line can say: what the header's detection knew beside the frame it became. */
export interface CollectPlace {
  readonly startNs: bigint;
  readonly carrierOffsetUnits: number;
}

/** The captures under way. */
export interface Collects {
  has(token: number): boolean;
  readonly isFull: boolean;
  start(frame: CollectFrame, place: CollectPlace): void;
  /** Ends one with the count so far; false when there is none. */
  cancel(token: number): boolean;
  endAll(): void;
  /** Without a word: the host that asked is gone. */
  forget(): void;
}

const DEMODULATION_NS = 3_000_000n;

export function collects(options: CollectsOptions): Collects {
  const { schedule, send } = options;
  const active = new Map<number, Collect>();

  const end = (collect: Collect): void => {
    active.delete(collect.token);
    send({ name: "capture-end", token: collect.token, capturesSent: collect.sent });
  };
  const advance = (collect: Collect): void => {
    if (active.get(collect.token) !== collect) return; // cancelled since
    for (
      let fragment = collect.fragments[collect.next];
      fragment;
      fragment = collect.fragments[collect.next]
    ) {
      const dueNs = fragment.endNs + DEMODULATION_NS;
      if (dueNs > schedule.nowNs()) {
        schedule.at(dueNs, () => {
          advance(collect);
        });
        return;
      }
      if (capture(options, collect, fragment)) collect.sent++;
      collect.next++;
    }
    end(collect);
  };
  return {
    has: (token) => active.has(token),
    get isFull() {
      return active.size >= options.countMax;
    },
    start(frame, place) {
      const collect = { token: frame.token, fragments: layOut(frame, place), next: 0, sent: 0 };
      active.set(frame.token, collect);
      advance(collect);
    },
    cancel(token) {
      const collect = active.get(token);
      if (collect) end(collect);
      return collect !== undefined;
    },
    endAll() {
      for (const collect of [...active.values()]) end(collect);
    },
    forget() {
      active.clear();
    },
  };
}

function layOut(frame: CollectFrame, place: CollectPlace): Fragment[] {
  let { startNs } = place;
  return frame.fragments.map(({ carrierUnits, bits }) => {
    const endNs = startNs + BigInt(bits) * BIT_NS;
    const fragment = {
      startNs,
      endNs,
      carrierUnits: carrierUnits + place.carrierOffsetUnits,
      bits,
    };
    startNs = endNs;
    return fragment;
  });
}

function capture(options: CollectsOptions, collect: Collect, fragment: Fragment): boolean {
  const { radio, schedule, ringBufferNs, send } = options;
  const frameOf = (status: CaptureStatus, heard?: Heard): CaptureFrame => ({
    name: "capture",
    token: collect.token,
    fragment: collect.next,
    status,
    rssiTenthDbm: tenthDbm(heard?.rssiDbm),
    softBits: (status === "heard" && heard?.softBits) || new Int8Array(0),
  });
  if (fragment.startNs < schedule.nowNs() - ringBufferNs) return send(frameOf("too-late"));
  const heard = radio.listen(fragment);
  if (send(frameOf(heard.softBits ? "heard" : "nothing", heard))) return true;
  options.overrun();
  return send(frameOf("overrun"));
}

export const tenthDbm = (dbm: number | undefined): number | undefined =>
  dbm === undefined ? undefined : Math.max(-32_767, Math.min(32_767, Math.round(dbm * 10)));
