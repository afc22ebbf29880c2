import type { Act } from "./audit.ts";
import type { Caller } from "./policy.ts";

/** A terminal, or what is read of many at once. */
export type Read = { readonly terminal: number } | { readonly many: string };

/** Once per caller and thing in this time: who reads all day fills no log. */
export const READING_NOTED_EVERY_MS = 10 * 60_000;
/** Callers and things remembered; beyond, the eldest is forgotten and noted again. */
export const READINGS_REMEMBERED_MAX = 10_000;

/** Who looked where somebody was: the operator's own people and programs, never a customer's people at their own. */
export interface ReadingAudit {
  note(caller: Caller, read: Read, act: Act): Promise<void>;
}

export const isNoted = ({ kind, customerId }: Caller): boolean =>
  kind === "key" || customerId === null;
