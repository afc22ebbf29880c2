import type { CommandDetail } from "../commands/commands.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Language } from "../notifications/occasion.ts";
import type { LinkState, Recovery, RecoveryState } from "./recovery.ts";
import type { RecoveryTrack } from "./track.ts";

export interface RecoveryAsked {
  readonly address: number;
  /** In ms since the Unix epoch; undefined: now. */
  readonly stolenAtMs: number | undefined;
  readonly shortIntervalS: number;
  readonly note: string;
}

/** The vehicle as whoever looks for it knows it: nothing of whose it is. */
export interface StolenVehicle {
  readonly name: string;
  readonly plate: string | null;
  readonly vin: string | null;
}

export interface RecoverySummary extends Recovery {
  readonly id: string;
  readonly address: number;
  readonly serial: string;
  readonly profile: string;
  readonly assetId: string;
  readonly vehicle: StolenVehicle;
  readonly customerId: string;
  readonly customerName: string | null;
  /** Whether the terminal is still in the vehicle and that the customer's: what is measured afterwards says nothing of it. */
  readonly isHeld: boolean;
  readonly intervalCommandId: string | null;
  readonly intervalProblem: string | null;
  readonly version: number;
}

export const ENTRY_KINDS = [
  "opened",
  "note",
  "interval",
  "link-made",
  "link-revoked",
  "pack-made",
  "recovered",
  "closed",
] as const;
export type RecoveryEntryKind = (typeof ENTRY_KINDS)[number];

export interface RecoveryEntry {
  readonly at: Date;
  readonly kind: RecoveryEntryKind;
  readonly who: string | null;
  readonly whoName: string | null;
  readonly text: string;
}

export interface RecoveryLink {
  readonly id: string;
  /** For whom it is. */
  readonly label: string;
  readonly state: LinkState;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** The newest first. */
  readonly readings: readonly LinkReading[];
}

/** One address that looked, without a long pause. */
export interface LinkReading {
  readonly ip: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
}

export interface RecoveryPack {
  readonly id: string;
  readonly madeAt: Date;
  readonly language: Language;
  readonly bytes: number;
}

export interface RecoveryDetail extends RecoverySummary {
  readonly entries: readonly RecoveryEntry[];
  readonly links: readonly RecoveryLink[];
  readonly packs: readonly RecoveryPack[];
  /** All that the terminal was told since it was stolen, as long as it was in the customer's vehicle; the newest, where there are more. */
  readonly commands: readonly CommandDetail[];
  readonly moreCommands: boolean;
  /** Of them by id what may still stop the vehicle: on closing, what was out already or the terminal is at. A drill stops nothing. */
  readonly openStops: readonly string[];
}

export interface RecoveryDeed {
  readonly kind: "note" | "recovered" | "closed";
  readonly text: string;
  readonly version?: number | undefined;
}

export interface Recoveries {
  /**
   * Marks a vehicle as stolen and has its terminal report more often. Throws a NotFoundError for a terminal out of reach,
   * an InvalidInputError for one that does not say where it is or for a time that is not within the last week, and a
   * ConflictError for one that is nobody's or is looked for already.
   */
  open(asked: RecoveryAsked, act: Act, reach: Reach): Promise<RecoveryDetail>;
  /** The newest first. */
  list(query: {
    readonly reach: Reach;
    readonly state?: RecoveryState | undefined;
    /** Not closed yet, or closed. */
    readonly isOpen?: boolean | undefined;
    readonly address?: number | undefined;
    readonly limit: number;
  }): Promise<readonly RecoverySummary[]>;
  find(id: string, reach: Reach, nowMs: number): Promise<RecoveryDetail | undefined>;
  /** Throws a NotFoundError out of reach, a ConflictError where it is too late, a StaleError for another version. */
  does(id: string, deed: RecoveryDeed, act: Act, reach: Reach): Promise<RecoveryDetail>;
  /** Tells the terminal once more how often to report. Throws a ConflictError where there is nothing to tell or the terminal is somebody else's. */
  askInterval(id: string, act: Act, reach: Reach): Promise<RecoveryDetail>;
  /** Where it was since it was stolen, as far as that was its customer's. Throws a NotFoundError. */
  track(
    id: string,
    reach: Reach,
    nowMs: number,
  ): Promise<{ readonly address: number; readonly track: RecoveryTrack }>;
}

/** What somebody with a link sees. */
export interface SharedRecovery {
  readonly id: string;
  readonly vehicle: StolenVehicle;
  readonly isRecovered: boolean;
  readonly expiresAtMs: number;
  readonly track: RecoveryTrack;
}

export interface RecoveryLinks {
  /** The token is told this once. Throws a ConflictError for a closed case or one with too many links. */
  make(
    id: string,
    asked: { readonly label: string; readonly hours: number },
    act: Act,
    reach: Reach,
  ): Promise<{ readonly token: string; readonly link: RecoveryLink }>;
  /** A second time it changes nothing. */
  revoke(id: string, linkId: string, act: Act, reach: Reach): Promise<void>;
  /** Undefined for a token that is unknown, expired or revoked; else it is counted and in the audit log. */
  look(
    token: string,
    from: { readonly ip: string; readonly atMs: number },
  ): Promise<SharedRecovery | undefined>;
}

export interface EvidencePacks {
  /** Everything of the case up to now, printed and signed. Throws a NotFoundError, a ConflictError beyond PACKS_MAX. */
  make(id: string, language: Language, act: Act, reach: Reach): Promise<RecoveryPack>;
  /** Throws a NotFoundError. */
  read(
    id: string,
    packId: string,
    reach: Reach,
  ): Promise<{ readonly pdf: Uint8Array; readonly signatureFile: string }>;
  /** The operator's, as PEM, which every pack can be checked with. */
  publicKey(): Promise<{ readonly pem: string; readonly fingerprint: string }>;
}

export const PACKS_MAX = 20;

export interface RecoveryDesk {
  readonly cases: Recoveries;
  readonly links: RecoveryLinks;
  readonly packs: EvidencePacks;
}

/** Of all files of a pack, so that they stay together. */
export const packFileName = (id: string, packId: string): string =>
  `evidence-${id.slice(0, 8)}-${packId.slice(0, 8)}`;
