import { type Duplex, duplexPair } from "node:stream";
import { Deframer } from "../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../protocol/modem/line.ts";
import {
  CAPABILITY,
  type HostFrame,
  type LineFrame,
  type ModemFrame,
  type PageFrame,
} from "../protocol/modem/line-frame.ts";
import { capturesOf, headersOf, type OnAir } from "./test-air.ts";

// For tests: a modem that answers at once, on any line, and hears exactly what it is told is on the air.

export class TestModem {
  readonly received: HostFrame[] = [];
  /** False: its COLLECTs never end, as when its line is about to break. */
  endsCollects = true;
  readonly #airs: OnAir[] = [];
  #line: Duplex | undefined;
  #token = 1;
  #watchers: (() => void)[] = [];

  /** The gateway's end of a pipe; each dial is a new line and the newest wins. */
  dial = async (): Promise<Duplex> => {
    const [ours, theirs] = duplexPair();
    this.plugIn(ours);
    return theirs;
  };

  plugIn(line: Duplex): void {
    this.#line?.destroy();
    this.#line = line;
    const deframer = new Deframer("modem");
    line.on("error", () => {});
    line.on("data", (chunk: Uint8Array) => {
      for (const decoded of deframer.push(chunk)) {
        if (decoded.ok) this.#obey(decoded.frame as HostFrame); // a modem's deframer lets through no other
      }
    });
  }

  hear(air: OnAir): void {
    this.#airs.push(air);
    const headers = headersOf(air, this.#token);
    this.#token += headers.length;
    for (const header of headers) this.send(header);
  }

  send(frame: ModemFrame): void {
    this.#line?.write(encodeLineFrame(frame));
  }

  /** Cuts the line, as a pulled plug does. */
  unplug(): void {
    this.#line?.destroy();
    this.#line = undefined;
  }

  async until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const watch = () => {
        const found = look();
        if (found === undefined) return;
        this.#watchers = this.#watchers.filter((each) => each !== watch);
        resolve(found);
      };
      this.#watchers.push(watch);
      watch();
    });
  }

  page = (): Promise<PageFrame> =>
    this.until(() => this.received.find((frame): frame is PageFrame => frame.name === "page"));

  #obey(frame: HostFrame): void {
    this.received.push(frame);
    for (const answer of this.#answers(frame)) this.#line?.write(encodeLineFrame(answer));
    for (const watch of this.#watchers) watch();
  }

  #answers(frame: HostFrame): LineFrame[] {
    switch (frame.name) {
      case "hello?":
        return [
          {
            ...{
              name: "hello",
              token: frame.token,
              protocolVersion: 1,
              modemId: "00112233445566aa",
            },
            ...{ capabilities: CAPABILITY.receive | CAPABILITY.page, ringBufferS: 20 },
            ...{ concurrentCollects: 4, concurrentPages: 1, firmware: "test 1" },
          },
        ];
      case "config":
        return [
          {
            ...{ name: "status", token: frame.token, nowNs: 0n, uptimeS: 60, temperatureC: 31 },
            ...{ clock: "locked", clockErrorNs: 25, headersFound: 7, overruns: 0 },
            badFramesFromHost: 0,
          },
        ];
      case "collect":
        return capturesOf(this.#airs, frame).filter(
          ({ name }) => this.endsCollects || name !== "capture-end",
        );
      case "page":
      case "cancel":
        return [];
    }
  }
}
