import type { HeardCommand, HeardPage } from "./terminal-link-pages.ts";

/** What a terminal made of one page to an address of its own; `acts` is the only effect that moves anything. */
export interface PageHeard {
  readonly address: number;
  readonly effect: HeardPage["effect"];
  /** Undefined for one that it ignored. */
  readonly counter: number | undefined;
  readonly session: number | undefined;
  readonly command: HeardCommand | undefined;
}
