/** A stolen vehicle's case: it is looked for, then back in somebody's hands, then over. */
export const RECOVERY_STATES = ["open", "recovered", "closed"] as const;
export type RecoveryState = (typeof RECOVERY_STATES)[number];

/** Plain data that a row holds. Times are ms since the Unix epoch. */
export interface Recovery {
  readonly state: RecoveryState;
  /** What was measured before says nothing of the theft and is not shown. */
  readonly stolenAtMs: number;
  readonly openedAtMs: number;
  readonly recoveredAtMs: number | null;
  readonly closedAtMs: number | null;
  readonly result: string | null;
  readonly interval: ReportInterval | null;
}

/** How often the terminal reports, seconds; a case that has none found nothing to shorten. */
export interface ReportInterval {
  readonly beforeS: number;
  readonly shortS: number;
}

export type RecoveryInput =
  | { readonly type: "note" | "share" }
  | { readonly type: "recovered" | "closed"; readonly result: string };

export type RecoveryStep =
  | {
      readonly ok: true;
      readonly recovery: Recovery;
      /** The case is over: the interval goes back, and no link leads to it any more. */
      readonly isEnd: boolean;
    }
  | { readonly ok: false; readonly denial: "is-closed" | "is-recovered" };

/** A theft is marked within a week, or its track says little. */
export const STOLEN_BEFORE_MAX_MS = 7 * 86_400_000;
/** Shorter would crowd the channel, longer is no pursuit. */
export const SHORT_INTERVAL_S = { min: 5, max: 600, default: 10 } as const;

/** Undefined where the terminal reports as often already. */
export const shortened = (beforeS: number, wantedS: number): ReportInterval | undefined =>
  wantedS < beforeS ? { beforeS, shortS: wantedS } : undefined;

/** What the terminal should be at, seconds: a vehicle that is found is still watched until the case is closed. */
export const intervalWanted = ({ state, interval }: Recovery): number | null =>
  interval && (state === "closed" ? interval.beforeS : interval.shortS);

/** The only way a case changes. A denial leaves it as it was. */
export function stepRecovery(
  recovery: Recovery,
  input: RecoveryInput,
  nowMs: number,
): RecoveryStep {
  const { state } = recovery;
  if (state === "closed") return { ok: false, denial: "is-closed" };
  const atMs = Math.max(nowMs, recovery.openedAtMs, recovery.recoveredAtMs ?? 0); // a clock that is set back
  switch (input.type) {
    case "note":
    case "share":
      return { ok: true, recovery, isEnd: false };
    case "recovered": {
      if (state === "recovered") return { ok: false, denial: "is-recovered" };
      const { result } = input;
      const next: Recovery = { ...recovery, state: "recovered", recoveredAtMs: atMs, result };
      return { ok: true, recovery: next, isEnd: false };
    }
    case "closed": {
      const next: Recovery = {
        ...recovery,
        ...{ state: "closed", closedAtMs: atMs, result: input.result },
      };
      return { ok: true, recovery: next, isEnd: true };
    }
  }
}

/** For whom and until when a case may be looked at without signing in. */
export interface ShareLink {
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
}

export const LINK_STATES = ["valid", "expired", "revoked"] as const;
export type LinkState = (typeof LINK_STATES)[number];

export const LINK_HOURS = { min: 1, max: 168, default: 24 } as const;
/** Links of one case that lead to it at the same time. */
export const LINKS_MAX = 10;

/** What ends last counts: once revoked it stays so, whatever the clock says. */
export function linkState(
  { expiresAtMs, revokedAtMs }: ShareLink,
  caseState: RecoveryState,
  nowMs: number,
): LinkState {
  if (revokedAtMs !== null || caseState === "closed") return "revoked";
  return nowMs < expiresAtMs ? "valid" : "expired";
}

/** An address that looks again within this time is one reading. */
export const READING_PAUSE_MS = 10 * 60_000;
