import type { WorkingDevice } from "./alert-judge.ts";

export interface Lane {
  readonly address: number;
  readonly isDrill: boolean;
}

/** An assignment, as far as an alarm needs it. */
export interface HeldAsset {
  readonly customerId: string;
  readonly assetId: string;
  readonly timeZone: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface LoadedLane {
  readonly working: WorkingDevice;
  readonly held: readonly HeldAsset[];
}

export const laneKey = ({ address, isDrill }: Lane): string => `${address}${isDrill ? "d" : ""}`;

export const heldAt = (held: readonly HeldAsset[], atMs: number): HeldAsset | undefined =>
  held.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));
