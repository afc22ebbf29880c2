import type { Duplex } from "node:stream";
import { Deframer } from "../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../protocol/modem/line.ts";
import type { ConfigFrame, HostFrame, ModemFrame } from "../protocol/modem/line-frame.ts";

/** The host's end of a line for tests: every byte and frame that came, and waiting for one. */
export class TestHost {
  readonly frames: ModemFrame[] = [];
  readonly bytes: number[] = [];
  readonly #line: Duplex;
  readonly #deframer = new Deframer("host");
  #look: () => void = () => undefined;

  constructor(line: Duplex) {
    this.#line = line;
    line.on("data", (chunk: Uint8Array) => {
      this.bytes.push(...chunk);
      for (const decoded of this.#deframer.push(chunk)) {
        if (decoded.ok) this.frames.push(decoded.frame as ModemFrame); // a host's deframer lets through the modem's types only
      }
      this.#look();
    });
  }

  send(frame: HostFrame): void {
    this.#line.write(encodeLineFrame(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#line.write(bytes);
  }

  named<N extends ModemFrame["name"]>(name: N): Extract<ModemFrame, { name: N }>[] {
    return this.frames.filter(
      (frame): frame is Extract<ModemFrame, { name: N }> => frame.name === name,
    );
  }

  /** The first frame like this, once it has come. */
  async until(isIt: (frame: ModemFrame) => boolean): Promise<ModemFrame> {
    return new Promise((resolve) => {
      this.#look = () => {
        const frame = this.frames.find(isIt);
        if (frame) resolve(frame);
      };
      this.#look();
    });
  }

  /** Asks for HELLO and awaits it: what was sent before has been answered then. */
  async settled(token: number): Promise<void> {
    this.send({ name: "hello?", token });
    await this.until((frame) => frame.name === "hello" && frame.token === token);
  }
}

export const CONFIG: ConfigFrame = {
  name: "config",
  token: 7,
  receiveCentreHz: 868_130_000,
  grid: 1,
  bandwidth: 2,
  syncWord: 0x2c0f7995,
  pageFrequencyHz: 466_075_000,
  inverted: false,
};
