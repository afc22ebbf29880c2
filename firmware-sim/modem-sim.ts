import type { Duplex } from "node:stream";
import { gridChannels } from "../protocol/air/lr-fhss.ts";
import { type DecodedLineFrame, lineFrameType, refusalOf } from "../protocol/modem/line.ts";
import {
  CAPABILITY,
  type ClockState,
  type CollectFrame,
  type ConfigFrame,
  type HostFrame,
  LINE_PROTOCOL_VERSION,
  type RefusalReason,
} from "../protocol/modem/line-frame.ts";
import type { Detection, Radio } from "./channel/radio.ts";
import type { Schedule } from "./channel/schedule.ts";
import type { SiteClock } from "./channel/site-clock.ts";
import { type Collects, collects, tenthDbm } from "./modem-sim-collects.ts";
import { type HeaderTokens, headerTokens } from "./modem-sim-headers.ts";
import { type ModemLine, modemLine } from "./modem-sim-line.ts";
import { type Pages, pages } from "./modem-sim-pages.ts";

export interface ModemLimits {
  readonly ringBufferS: number;
  readonly concurrentCollects: number;
  readonly concurrentPages: number;
  /** Bytes that may wait for a slow host. */
  readonly queueBytesMax: number;
}

export interface ModemSimOptions {
  readonly modemId: string; // 16 hex digits
  readonly radio: Radio;
  readonly schedule: Schedule;
  readonly clock: SiteClock;
  readonly clockState?: ClockState;
  readonly limits?: Partial<ModemLimits>;
}

const LIMITS: ModemLimits = {
  ringBufferS: 20,
  concurrentCollects: 32,
  concurrentPages: 8,
  queueBytesMax: 262_144,
};
const FIRMWARE = "hopline-sim 1.0";
const STATUS_NS = 10_000_000_000n;
const AHEAD_MAX_NS = 60_000_000_000n;
const SECOND_NS = 1_000_000_000n;
const CLOCK_ERROR_MAX_NS = 0xffff_fffe; // one more says unknown

/** A radio modem as the gateway sees it: the modem's side of the line (air interface, section 5), over any line and any radio. */
export class ModemSim {
  readonly #options: ModemSimOptions;
  readonly #limits: ModemLimits;
  readonly #bootNs: bigint;
  readonly #headers: HeaderTokens;
  readonly #line: ModemLine;
  readonly #collects: Collects;
  readonly #pages: Pages;
  #headersFound = 0;
  #overruns = 0;
  #configured = false;
  #greeted = false;
  #stopped = false;

  constructor(options: ModemSimOptions) {
    const { radio, schedule, clock } = options;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#bootNs = schedule.nowNs();
    this.#headers = headerTokens(schedule);
    this.#line = modemLine(this.#limits.queueBytesMax, {
      changed: () => {
        this.#collects.forget();
        this.#pages.forget();
      },
      received: (decoded) => {
        this.#received(decoded);
      },
    });
    const { send } = this.#line;
    this.#collects = collects({
      ...{ radio, schedule, send },
      ringBufferNs: BigInt(this.#limits.ringBufferS) * SECOND_NS,
      countMax: this.#limits.concurrentCollects,
      overrun: () => this.#overruns++,
    });
    const countMax = this.#limits.concurrentPages;
    this.#pages = pages({ radio, schedule, clock, send, countMax });
    radio.onDetection((detection) => {
      this.#detected(detection);
    });
    this.#everyTenSeconds();
  }

  /** Plugs in a line; the newest wins. */
  connect(line: Duplex): void {
    this.#line.connect(line);
    if (!this.#greeted) this.#greet(0); // the boot's; a host that comes later asks for its own
    this.#greeted = true;
  }

  get counters(): { readonly headersFound: number; readonly overruns: number } {
    return { headersFound: this.#headersFound, overruns: this.#overruns };
  }

  stop(): void {
    this.#stopped = true;
    this.#line.close();
  }

  #received(decoded: DecodedLineFrame): void {
    const refusal = refusalOf(decoded, this.#configured);
    if (refusal) this.#line.send(refusal);
    else if (decoded.ok) this.#obey(decoded.frame as HostFrame); // a modem's deframer lets through the host's types only
  }

  #obey(frame: HostFrame): void {
    switch (frame.name) {
      case "hello?":
        this.#greet(frame.token);
        return;
      case "config":
        this.#configure(frame);
        return;
      case "collect":
        this.#collect(frame);
        return;
      case "page":
        if (this.#isInUse(frame.token)) this.#refuse(frame, "bad-value");
        else this.#pages.accept(frame);
        return;
      case "cancel":
        if (!this.#collects.cancel(frame.token)) this.#pages.cancel(frame.token);
    }
  }

  #refuse(frame: HostFrame, reason: RefusalReason): void {
    const refusedType = lineFrameType(frame.name);
    this.#line.send({ name: "refused", token: frame.token, refusedType, reason });
  }

  #isInUse(token: number): boolean {
    return token === 0 || this.#collects.has(token) || this.#pages.has(token);
  }

  #configure(frame: ConfigFrame): void {
    const { grid, bandwidth, syncWord, inverted } = frame;
    if (gridChannels(grid, bandwidth) === undefined) {
      this.#refuse(frame, "bad-value");
      return;
    }
    this.#collects.endAll();
    this.#configured = true;
    const frequencies = { centreHz: frame.receiveCentreHz, pageHz: frame.pageFrequencyHz };
    this.#options.radio.tune({ ...frequencies, grid, bandwidth, syncWord, inverted });
    this.#sendStatus(frame.token);
  }

  #collect(frame: CollectFrame): void {
    const { clock, schedule } = this.#options;
    const startNs = clock.trueAt(frame.startNs);
    if (this.#isInUse(frame.token) || startNs > schedule.nowNs() + AHEAD_MAX_NS) {
      this.#refuse(frame, "bad-value");
    } else if (this.#collects.isFull) {
      this.#refuse(frame, "busy");
    } else {
      const carrierOffsetUnits = this.#headers.carrierOffsetUnits(frame.headerToken);
      this.#collects.start(frame, { startNs, carrierOffsetUnits });
    }
  }

  #detected(detection: Detection): void {
    const carrierUnits = Math.round(detection.carrierUnits);
    const token = this.#headers.issue(detection.carrierUnits - carrierUnits);
    if (token === undefined) return;
    this.#headersFound++;
    const isSent = this.#line.send({
      name: "header",
      token,
      timeNs: this.#options.clock.shown(detection.timeNs),
      carrierUnits,
      rssiTenthDbm: tenthDbm(detection.rssiDbm),
      snrQuarterDb: Math.max(-128, Math.min(127, Math.round(detection.snrDb * 4))),
      softBits: detection.softBits,
    });
    if (!isSent) this.#overruns++;
  }

  #greet(token: number): void {
    const { receive, page, softBits, disciplinedClock } = CAPABILITY;
    const discipline = this.#options.clockState === "free" ? 0 : disciplinedClock;
    this.#line.send({
      name: "hello",
      token,
      protocolVersion: LINE_PROTOCOL_VERSION,
      modemId: this.#options.modemId,
      capabilities: receive | page | softBits | discipline,
      ringBufferS: this.#limits.ringBufferS,
      concurrentCollects: this.#limits.concurrentCollects,
      concurrentPages: this.#limits.concurrentPages,
      firmware: FIRMWARE,
    });
  }

  #sendStatus(token: number): void {
    const { clock, clockState = "locked", schedule } = this.#options;
    const nowNs = schedule.nowNs();
    const error = Math.abs(Number(clock.errorNs(nowNs)));
    this.#line.send({
      name: "status",
      token,
      nowNs: clock.shown(nowNs),
      uptimeS: Number((nowNs - this.#bootNs) / SECOND_NS),
      temperatureC: temperatureC(nowNs),
      clock: clockState,
      clockErrorNs: clockState === "free" ? undefined : Math.min(error, CLOCK_ERROR_MAX_NS),
      headersFound: this.#headersFound,
      overruns: this.#overruns,
      badFramesFromHost: this.#line.badFrames,
    });
  }

  #everyTenSeconds(): void {
    const { schedule } = this.#options;
    schedule.at(schedule.nowNs() + STATUS_NS, () => {
      if (this.#stopped) return;
      this.#sendStatus(0);
      this.#everyTenSeconds();
    });
  }
}

const DAY_S = 86_400;

/** A box on a roof: warmest in the afternoon. */
function temperatureC(nowNs: bigint): number {
  const dayShare = Number((nowNs / SECOND_NS) % BigInt(DAY_S)) / DAY_S;
  return Math.round(33 + 7 * Math.sin(2 * Math.PI * dayShare));
}
