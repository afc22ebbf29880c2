import type { Reach } from "../identity/policy.ts";
import type { Month } from "./calendar.ts";
import type { ServiceProof, Stretch } from "./service-proof.ts";

/** Of a terminal, for as long of the month as one customer held it; days are that customer's. */
export interface HeldProof extends ServiceProof {
  readonly address: number;
  readonly customerId: string;
  /** null: somebody else has it now, and named it as they like. */
  readonly terminalName: string | null;
  readonly assetName: string;
  readonly timeZone: string;
  readonly held: Stretch;
  /** What the plan promises that its subscription is under now, in hundredths of a per cent. */
  readonly target: number | null;
}

/** How soon it was answered in that time. */
export interface ServiceAnswers {
  /** From a packet that raised an alarm to its notification in the queue; null without any. */
  readonly alerts: {
    readonly count: number;
    readonly medianMs: number | null;
    readonly slowestMs: number | null;
  };
  /** Commands that ended, and of them those that were done before they expired. */
  readonly commands: { readonly ended: number; readonly onTime: number };
}

export interface AnsweredProof extends HeldProof, ServiceAnswers {}

export interface ProofQuery {
  readonly reach: Reach;
  readonly month: Month;
  readonly customerId?: string | undefined;
  readonly address?: number | undefined;
  readonly after?: ProofCursor | undefined;
  readonly limit: number;
  /** What is later is not over yet and not judged. */
  readonly nowMs: number;
}

export interface ProofCursor {
  readonly address: number;
  readonly fromNs: bigint;
}

interface ProofPage<P> {
  readonly items: readonly P[];
  readonly next: ProofCursor | null;
}

export interface ServiceProofs {
  /** By address and time; nothing where nobody within reach held it in that month. */
  list(query: ProofQuery): Promise<ProofPage<AnsweredProof>>;
  /** The same without how soon it was answered, for who shows the days alone. */
  unanswered(query: ProofQuery): Promise<ProofPage<HeldProof>>;
}
