/** What the modem and the gateway say to each other (air interface, section 5). */

export const CAPTURE_STATUSES = ["heard", "nothing", "too-late", "overrun"] as const; // the position is the wire value
export type CaptureStatus = (typeof CAPTURE_STATUSES)[number];

export const PAGED_STATUSES = ["sent", "too-late", "busy", "fault", "cancelled"] as const; // the position is the wire value
export type PagedStatus = (typeof PAGED_STATUSES)[number];

export const CLOCK_STATES = ["free", "holdover", "locked"] as const; // the position is the wire value
export type ClockState = (typeof CLOCK_STATES)[number];

/** The position is the wire value less one. */
export const REFUSAL_REASONS = [
  "unknown-type",
  "bad-length",
  "bad-value",
  "busy",
  "not-configured",
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Bits of HELLO's capabilities. */
export const CAPABILITY = { receive: 1, page: 2, softBits: 4, disciplinedClock: 8 } as const;

export const BIT_RATES = [512, 1200, 2400] as const;
export type BitRate = (typeof BIT_RATES)[number];

export const LINE_PROTOCOL_VERSION = 1;
export const LINE_HEADER_BITS = 114;
export const FRAGMENTS_MAX = 255;
export const FRAGMENT_BITS_MIN = 3;
export const FRAGMENT_BITS_MAX = 50;
export const PAGE_WORDS_MIN = 17;
export const PAGE_WORDS_MAX = 1003;

export interface HelloFrame {
  readonly name: "hello";
  readonly token: number;
  readonly protocolVersion: number;
  readonly modemId: string; // 16 hex digits
  readonly capabilities: number; // bits, see CAPABILITY
  readonly ringBufferS: number;
  readonly concurrentCollects: number;
  readonly concurrentPages: number;
  readonly firmware: string;
}

export interface HeaderFrame {
  readonly name: "header";
  readonly token: number; // names this detection
  readonly timeNs: bigint;
  readonly carrierUnits: number;
  readonly rssiTenthDbm: number | undefined;
  readonly snrQuarterDb: number;
  readonly softBits: Int8Array; // 114
}

export interface CaptureFrame {
  readonly name: "capture";
  readonly token: number; // of the COLLECT
  readonly fragment: number;
  readonly status: CaptureStatus;
  readonly rssiTenthDbm: number | undefined;
  readonly softBits: Int8Array; // empty unless heard
}

export interface CaptureEndFrame {
  readonly name: "capture-end";
  readonly token: number; // of the COLLECT
  readonly capturesSent: number;
}

export interface PagedFrame {
  readonly name: "paged";
  readonly token: number; // of the PAGE
  readonly status: PagedStatus;
  readonly firstPreambleBitAtNs: bigint; // 0 if never
}

export interface StatusFrame {
  readonly name: "status";
  readonly token: number;
  readonly nowNs: bigint;
  readonly uptimeS: number;
  readonly temperatureC: number;
  readonly clock: ClockState;
  readonly clockErrorNs: number | undefined;
  readonly headersFound: number;
  readonly overruns: number;
  readonly badFramesFromHost: number;
}

export interface RefusedFrame {
  readonly name: "refused";
  readonly token: number; // of the refused frame
  readonly refusedType: number;
  readonly reason: RefusalReason;
}

export interface HelloQuestionFrame {
  readonly name: "hello?";
  readonly token: number;
}

export interface ConfigFrame {
  readonly name: "config";
  readonly token: number;
  readonly receiveCentreHz: number;
  readonly grid: 0 | 1;
  readonly bandwidth: number; // code 0..9
  readonly syncWord: number;
  readonly pageFrequencyHz: number;
  readonly inverted: boolean;
}

export interface CollectFragment {
  readonly carrierUnits: number;
  readonly bits: number;
}

export interface CollectFrame {
  readonly name: "collect";
  readonly token: number;
  readonly headerToken: number; // 0: follows none
  readonly startNs: bigint;
  readonly fragments: readonly CollectFragment[];
}

export interface PageFrame {
  readonly name: "page";
  readonly token: number;
  readonly earliestNs: bigint; // 0: now
  readonly latestNs: bigint; // not sent after it
  readonly bitRate: BitRate;
  readonly words: Uint32Array; // whole batches, sync first
}

export interface CancelFrame {
  readonly name: "cancel";
  readonly token: number; // of the COLLECT or PAGE to end
}

export type ModemFrame =
  | HelloFrame
  | HeaderFrame
  | CaptureFrame
  | CaptureEndFrame
  | PagedFrame
  | StatusFrame
  | RefusedFrame;
export type HostFrame = HelloQuestionFrame | ConfigFrame | CollectFrame | PageFrame | CancelFrame;
export type LineFrame = ModemFrame | HostFrame;
export type LineFrameName = LineFrame["name"];
