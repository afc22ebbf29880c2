import type { Db } from "../db/database.ts";

/** Who did it and by which request: what every change is told along with. */
export interface Act {
  readonly actor: {
    readonly kind: "user" | "key" | "system";
    readonly id: string;
    readonly name: string;
  };
  readonly atMs: number;
  readonly reason?: string | undefined;
  readonly requestId?: string | undefined;
  readonly ip?: string | undefined;
}

/** What was done to what. `before` and `after` hold plain JSON, never a key, password or secret. */
export interface Deed {
  /** noun.verb-in-the-past, such as `terminal.suspended` */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly customerId?: string | null | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditEntry extends Act, Deed {
  readonly number: bigint;
  readonly hash: Uint8Array;
}

export interface AuditQuery {
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Entries before this number; the newest come first. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

export type ChainFault = "missing" | "changed" | "chain-broken" | "end-cut";
export type ChainCheck =
  | { readonly ok: true; readonly entries: bigint }
  | { readonly ok: false; readonly number: bigint; readonly fault: ChainFault };

/** Append only, each entry bound to the one before by its hash. */
export interface Audit {
  /** Inside the transaction of the deed itself, so that there is never one without the other; the last thing in it. */
  record(tx: Db, act: Act, ...deeds: readonly Deed[]): Promise<void>;
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Reads the whole chain; the first entry at fault is named. */
  check(progress?: (done: bigint) => void): Promise<ChainCheck>;
}
