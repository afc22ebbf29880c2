import type { Duplex } from "node:stream";
import { Deframer } from "../protocol/modem/deframer.ts";
import { type DecodedLineFrame, encodeLineFrame } from "../protocol/modem/line.ts";
import type { ModemFrame } from "../protocol/modem/line-frame.ts";

/** What takes a line: a simulated modem. */
export interface LineTaker {
  /** The newest line wins; the one before is hung up. */
  connect(line: Duplex): void;
}

/** The modem's end of whatever line is plugged in. */
export interface ModemLine extends LineTaker {
  /** False when the frame was dropped: no line, or its queue is full. */
  readonly send: (frame: ModemFrame) => boolean;
  readonly badFrames: number;
  close(): void;
}

export interface ModemLineEvents {
  /** The host has changed or gone; what it had asked for is nobody's now. */
  changed(): void;
  received(decoded: DecodedLineFrame): void;
}

/** Soft bits may fill this much of the queue, so that there is always room for the short frames which end things. */
const BULK_SHARE = 0.75;

export function modemLine(queueBytesMax: number, events: ModemLineEvents): ModemLine {
  let current: Duplex | undefined;
  let deframer = new Deframer("modem");
  let badBefore = 0;

  const hangUp = (): void => {
    const old = current;
    current = undefined;
    old?.destroy();
    badBefore += deframer.counters.badFrames;
    deframer = new Deframer("modem");
    if (old) events.changed();
  };
  return {
    connect(line) {
      hangUp();
      current = line;
      line.on("data", (chunk: Uint8Array) => {
        if (line !== current) return;
        for (const decoded of deframer.push(chunk)) events.received(decoded);
      });
      const gone = (): void => {
        if (line === current) hangUp();
      };
      line.on("error", gone).on("end", gone).on("close", gone);
    },
    send(frame) {
      if (!current?.writable) return false;
      const isBulk = frame.name === "header" || frame.name === "capture";
      const room = queueBytesMax * (isBulk ? BULK_SHARE : 1);
      const bytes = encodeLineFrame(frame);
      if (current.writableLength + bytes.length > room) return false;
      current.write(bytes);
      return true;
    },
    get badFrames() {
      return badBefore + deframer.counters.badFrames;
    },
    close: hangUp,
  };
}
