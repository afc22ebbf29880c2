import type { Value } from "./condition.ts";

/** A report as a batch of uplinks brings it. */
export interface ReportToJudge {
  readonly packetId: bigint;
  readonly address: number;
  readonly isDrill: boolean;
  readonly measuredAtNs: bigint;
  readonly readings: Readonly<Record<string, Value | null>>;
}
