import type { Window } from "../identity/policy.ts";
import type { HistoryQuery, HistoryRow, TelemetryReader } from "./telemetry.ts";

/** A terminal that changed hands more often within one question is answered for the newest of its stretches. */
const STRETCHES_MAX = 200;
const NS_PER_MS = 1_000_000n;

interface Stretch {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** The parts of a range that may be read, in order of time and without a seam where two meet. */
export function stretchesOf(range: Stretch, windows: readonly Window[]): readonly Stretch[] {
  const parts = windows
    .map(({ fromNs, toNs }) => ({
      fromNs: fromNs > range.fromNs ? fromNs : range.fromNs,
      toNs: toNs === null || toNs > range.toNs ? range.toNs : toNs,
    }))
    .filter(({ fromNs, toNs }) => fromNs < toNs)
    .sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
  const joined: { fromNs: bigint; toNs: bigint }[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last === undefined || part.fromNs > last.toNs) joined.push({ ...part });
    else if (part.toNs > last.toNs) last.toNs = part.toNs;
  }
  return joined;
}

/**
 * History as far as it may be read. Each stretch is asked for on its own, so that no mean or count mixes what lies on
 * both sides of a hidden gap; a window that a stretch begins in is told with the time at which it may be read.
 */
export async function historyWithin(
  telemetry: TelemetryReader,
  query: HistoryQuery,
  windows: "always" | readonly Window[],
): Promise<readonly HistoryRow[]> {
  if (windows === "always") return await telemetry.history(query);
  // asked for nothing that may be read, a wrong question is still told
  if (query.toNs <= query.fromNs) return await telemetry.history(query);
  let rows: readonly HistoryRow[] = [];
  for (const stretch of stretchesOf(query, windows).slice(-STRETCHES_MAX).reverse()) {
    const limit = query.limit - rows.length;
    if (limit <= 0) break;
    const part = await telemetry.history({ ...query, ...stretch, limit });
    rows = [...part.map((row) => begun(row, stretch.fromNs)), ...rows];
  }
  return rows;
}

const begun = (row: HistoryRow, fromNs: bigint): HistoryRow =>
  row.timeNs >= fromNs ? row : { ...row, timeNs: upToMs(fromNs) };

/** Shown in milliseconds, it must not be shown before it may be read. */
const upToMs = (ns: bigint): bigint => ((ns + NS_PER_MS - 1n) / NS_PER_MS) * NS_PER_MS;
