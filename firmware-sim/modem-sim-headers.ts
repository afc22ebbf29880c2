import type { Schedule } from "./channel/schedule.ts";

/** Names for detections, each taken for 10 s, and what the modem knew of them beside their frame. */
export interface HeaderTokens {
  /** None when all are taken. */
  issue(carrierOffsetUnits: number): number | undefined;
  /** 0 for a token unknown or too old. */
  carrierOffsetUnits(token: number): number;
}

const HOLD_NS = 10_000_000_000n;
const TOKENS = 0xffff;

export function headerTokens(schedule: Schedule): HeaderTokens {
  const taken = new Map<number, { readonly atNs: bigint; readonly carrierOffsetUnits: number }>();
  let last = 0;
  const release = (): void => {
    for (const [token, { atNs }] of taken) {
      if (atNs + HOLD_NS > schedule.nowNs()) return; // the oldest come first
      taken.delete(token);
    }
  };
  return {
    issue(carrierOffsetUnits) {
      release();
      const token = (last % TOKENS) + 1;
      if (taken.has(token)) return undefined;
      last = token;
      taken.set(token, { atNs: schedule.nowNs(), carrierOffsetUnits });
      return token;
    },
    carrierOffsetUnits(token) {
      release();
      return taken.get(token)?.carrierOffsetUnits ?? 0;
    },
  };
}
