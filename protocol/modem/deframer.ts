import {
  type DecodedLineFrame,
  decodeLineFrame,
  LINE_FRAME_BYTES_MAX,
  type LineFault,
  type LineReceiver,
} from "./line.ts";
import { SlipDeframer } from "./slip.ts";

export interface LineCounters {
  readonly frames: number;
  /** What the line's rules count: everything below but `value`. */
  readonly badFrames: number;
  readonly faults: Readonly<Record<LineFault, number>>;
}

/** Bytes of the modem line in, frames and faults out, wherever the stream is cut. */
export class Deframer {
  readonly #receiver: LineReceiver;
  readonly #slip = new SlipDeframer(LINE_FRAME_BYTES_MAX);
  #frames = 0;
  readonly #faults: Record<LineFault, number> = {
    short: 0,
    long: 0,
    escape: 0,
    checksum: 0,
    type: 0,
    length: 0,
    value: 0,
  };

  constructor(receiver: LineReceiver) {
    this.#receiver = receiver;
  }

  push(chunk: Uint8Array): DecodedLineFrame[] {
    return this.#slip.push(chunk).map((cut) => {
      const decoded: DecodedLineFrame = cut.ok ? decodeLineFrame(cut.bytes, this.#receiver) : cut;
      if (decoded.ok) this.#frames++;
      else this.#faults[decoded.fault]++;
      return decoded;
    });
  }

  get counters(): LineCounters {
    const { value, ...bad } = this.#faults;
    const badFrames = Object.values(bad).reduce((sum, count) => sum + count, 0);
    return { frames: this.#frames, badFrames, faults: { ...bad, value } };
  }
}
