import type { Language } from "../notifications/occasion.ts";
import type { RecoveryDetail } from "./recoveries.ts";
import type { RecoveryTrack } from "./track.ts";
import type { Streets } from "./track-picture.ts";

/** Everything that a pack tells. */
export interface EvidenceInput {
  readonly one: RecoveryDetail;
  readonly track: RecoveryTrack;
  readonly streets: Streets;
  readonly packId: string;
  readonly madeAtMs: number;
  readonly audit: { readonly entries: string; readonly hash: string };
  readonly keyFingerprint: string;
}

/** Prints a pack; the same input makes the same bytes. */
export type EvidencePdf = (input: EvidenceInput, language: Language) => Promise<Uint8Array>;
