import type { Duplex } from "node:stream";
import type { LineTaker } from "../../firmware-sim/modem-sim-line.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import {
  type CaptureFrame,
  CLOCK_STATES,
  type CollectFrame,
  type ConfigFrame,
  type HeaderFrame,
  type LineFrame,
  type StatusFrame,
} from "../../protocol/modem/line-frame.ts";

// What a modem said and was told, written down at its own end of the line: what gateways took is held against it.

/** Only the decoder needs their soft bits. */
export type HeaderSaid = Omit<HeaderFrame, "softBits"> & { readonly softBits: undefined };
export type CaptureSaid = Omit<CaptureFrame, "softBits"> & { readonly softBits: undefined };

/** One packet that a modem was asked to collect. */
export interface Collected {
  readonly collect: CollectFrame;
  /** That the gateway collected it by. */
  readonly header: HeaderSaid | undefined;
  /** Of this one and whatever came while it was collected: replicas of its header are among them. */
  readonly headersSince: readonly HeaderSaid[];
  readonly captures: readonly CaptureSaid[];
  readonly receiveCentreHz: number;
}

export interface ModemLog {
  readonly modemIds: ReadonlySet<string>;
  /** What it said of its clock, as `state error`. */
  readonly clocks: ReadonlySet<string>;
  /** The words of each page that it was handed. */
  readonly pages: readonly Uint32Array[];
  /** By the start of what was collected. */
  collectedAt(startNs: bigint): readonly Collected[];
}

type Writable = Collected & { headersSince: HeaderSaid[]; captures: CaptureSaid[] };

export const clockKey = (state: number, errorNs: number | undefined): string =>
  `${state} ${errorNs ?? "unknown"}`;

/** A modem whose line is looked at from its own end. */
export function watchLine(modem: LineTaker): { readonly modem: LineTaker; readonly log: ModemLog } {
  const modemIds = new Set<string>();
  const clocks = new Set<string>();
  const collected = new Map<bigint, Writable[]>();
  const pages: Uint32Array[] = [];
  const headers: HeaderSaid[] = [];
  const lastHeader = new Map<number, number>(); // token → its place in `headers`
  const underWay = new Map<number, Writable>(); // by the collect's token
  let config: ConfigFrame | undefined;

  function told(frame: LineFrame): void {
    if (frame.name === "config") config = frame;
    if (frame.name === "page") pages.push(frame.words);
    if (frame.name !== "collect") return;
    const at = lastHeader.get(frame.headerToken);
    const one: Writable = {
      collect: frame,
      header: at === undefined ? undefined : headers[at],
      headersSince: at === undefined ? [] : headers.slice(at),
      captures: [],
      receiveCentreHz: config?.receiveCentreHz ?? 0,
    };
    underWay.set(frame.token, one);
    collected.set(frame.startNs, [...(collected.get(frame.startNs) ?? []), one]);
  }

  function said(frame: LineFrame): void {
    if (frame.name === "hello") modemIds.add(frame.modemId);
    else if (frame.name === "status") clocks.add(clockOf(frame));
    else if (frame.name === "header") {
      const header = { ...frame, softBits: undefined };
      lastHeader.set(frame.token, headers.push(header) - 1);
      for (const one of underWay.values()) one.headersSince.push(header);
    } else if (frame.name === "capture") {
      underWay.get(frame.token)?.captures.push({ ...frame, softBits: undefined });
    } else if (frame.name === "capture-end") underWay.delete(frame.token);
  }

  return {
    modem: {
      connect(line) {
        underWay.clear(); // what the host before had asked for is nobody's
        tap(line, said, told);
        modem.connect(line);
      },
    },
    log: {
      modemIds,
      clocks,
      pages,
      collectedAt: (startNs) => collected.get(startNs) ?? [],
    },
  };
}

const clockOf = ({ clock, clockErrorNs }: StatusFrame): string =>
  clockKey(CLOCK_STATES.indexOf(clock), clockErrorNs);

type Take = (frame: LineFrame) => void;

/** Sees each frame before the other end does. */
function tap(line: Duplex, said: Take, told: Take): void {
  const [out, into] = [new Deframer("host"), new Deframer("modem")];
  const take = (deframer: Deframer, bytes: unknown, to: Take): void => {
    if (!(bytes instanceof Uint8Array)) return;
    for (const decoded of deframer.push(bytes)) if (decoded.ok) to(decoded.frame);
  };
  const write = line.write.bind(line);
  line.write = ((bytes: unknown) => {
    take(out, bytes, said);
    return write(bytes);
  }) as Duplex["write"]; // modems call it with bytes alone
  line.on("data", (bytes: unknown) => {
    take(into, bytes, told);
  });
}
