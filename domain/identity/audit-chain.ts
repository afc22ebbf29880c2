import { createHash } from "node:crypto";
import type { Act, Deed } from "./audit.ts";

/** JSON whose object keys are sorted at every level: one text for one value, whatever a database does to their order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(",")}}`;
}

/** SHA-256 over the hash before and everything that the entry says (RFC 8785's idea, for our own plain values). */
export function entryHash(
  previousHash: Uint8Array,
  number: bigint,
  { actor, atMs, reason, requestId, ip }: Act,
  { action, subject, customerId, before, after }: Deed,
): Uint8Array {
  const said = {
    number: String(number),
    actor,
    atMs,
    reason: reason ?? null,
    requestId: requestId ?? null,
    ip: ip ?? null,
    action,
    subject,
    customerId: customerId ?? null,
    before: before ?? null,
    after: after ?? null,
  };
  return createHash("sha256").update(previousHash).update(canonicalJson(said)).digest();
}
