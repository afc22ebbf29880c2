/** An answer as it went out, to be given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Claim =
  /** Nobody has used the key; it is this request's from now on, until `keep` or `release`. */
  | { readonly kind: "claimed" }
  | { readonly kind: "kept"; readonly answer: KeptAnswer }
  /** It was done, and its answer was too long to be kept. */
  | { readonly kind: "too-long" }
  | { readonly kind: "under-way" }
  /** It should have ended long ago: its process was stopped, and nobody knows how far it had come. */
  | { readonly kind: "unknown" }
  | { readonly kind: "other-request" };

export interface ClaimedKey {
  readonly callerId: string;
  readonly key: string;
  readonly requestSha256: string;
}

/** For how long a key stands for its request. */
export const KEPT_MS = 24 * 3_600_000;
/** Longer than any request takes. */
export const UNDER_WAY_MS_MAX = 120_000;
export const ANSWER_BYTES_MAX = 256 * 1024;

/** Answers to requests that carried a key of their caller's, so that a repeat is answered and not done again. */
export interface KeptAnswers {
  claim(claimed: ClaimedKey, atMs: number): Promise<Claim>;
  keep(claimed: ClaimedKey, answer: KeptAnswer): Promise<void>;
  /** Nothing was done: the same key may be tried again. */
  release(claimed: ClaimedKey): Promise<void>;
  /** To be called now and then; answers how many are gone. */
  trim(nowMs: number): Promise<bigint>;
}
