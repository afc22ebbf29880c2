import type { Act } from "./audit.ts";
import type { Caller } from "./policy.ts";

/** Where a terminal is or was, or many at once, or which keys there are. */
export type Read =
  | { readonly terminal: number }
  | { readonly many: string }
  | { readonly keys: "all" };

/** Once per caller and thing in this time: who reads all day fills no log. */
export const READING_NOTED_EVERY_MS = 10 * 60_000;
/** Callers and things remembered; beyond, the eldest is forgotten and noted again. */
export const READINGS_REMEMBERED_MAX = 10_000;

/** Who looked where somebody was, or at the list of keys: the operator's own people and programs, never a customer's people at their own. */
export interface ReadingAudit {
  note(caller: Caller, read: Read, act: Act): Promise<void>;
}

export const isNoted = ({ kind, customerId }: Caller): boolean =>
  kind === "key" || customerId === null;
