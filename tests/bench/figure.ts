/** One measured figure. `aim` and `note` are words for people. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: string;
  /** What the figure is held against: another program, or a published number. */
  readonly peer?: { readonly name: string; readonly value: number; readonly unit: string };
  /** Ours to the peer's, so that more is better where the value is a speed. */
  readonly ratio?: number;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Four significant digits: what a run of seconds can promise at most. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
