import type { Assignments } from "../devices/assignments.ts";
import type { Profile } from "../devices/profile.ts";
import type { Window } from "../identity/policy.ts";
import type { LocatedReads } from "../location/located-reads.ts";
import { fixFieldsOf, fixOf } from "../telemetry/fix-of-row.ts";
import { judgeFixes } from "../telemetry/fix-quality.ts";
import { historyWithin } from "../telemetry/history-within.ts";
import type { TelemetryReader } from "../telemetry/telemetry.ts";
import type { RecoverySummary } from "./recoveries.ts";
import { POINTS_MAX, type RecoveryTrack, trackOf, windowsOfCase } from "./track.ts";

export interface TrackDeps {
  readonly telemetry: TelemetryReader;
  readonly located: LocatedReads;
  readonly assignments: Pick<Assignments, "held">;
  readonly profiles: ReadonlyMap<string, Pick<Profile, "positionFields" | "reports">>;
}

const NOWHERE: RecoveryTrack = { points: [], rejected: 0, truncated: false };

/** Where a vehicle was from its theft to the end of its case, while it was its customer's; whoever asks. */
export const createTrackReader =
  ({ telemetry, located, assignments, profiles }: TrackDeps) =>
  async (one: RecoverySummary, nowMs: number): Promise<RecoveryTrack> => {
    const { address, profile: name } = one;
    const profile = profiles.get(name);
    const fields = profile && fixFieldsOf(profile);
    const held = (await assignments.held([address])).get(address) ?? [];
    const windows = windowsOfCase(one, held, nowMs);
    const range = rangeOf(windows);
    if (fields === undefined || range === undefined) return NOWHERE;
    const query = { address, limit: POINTS_MAX + 1, ...range };
    const rows = await historyWithin(
      telemetry,
      { ...query, profile: name, fields: fields.asked },
      windows,
    );
    const fixes = judgeFixes(rows.map((row) => fixOf(row, fields)));
    return trackOf(fixes, await located.within(query, windows));
  };

function rangeOf(windows: readonly Window[]) {
  const [first] = windows;
  const last = windows.at(-1);
  if (first === undefined || last?.toNs == null) return undefined;
  return { fromNs: first.fromNs, toNs: last.toNs };
}
