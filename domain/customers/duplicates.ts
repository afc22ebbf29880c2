import { emailKey, nameKey, phoneKey } from "./customer-keys.ts";
import type { Customer } from "./customers.ts";

export const DUPLICATE_REASONS = ["tax-id", "email", "phone", "name", "address"] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

/** How much each sameness says that two customers are one; a hundred and more is as good as certain. */
export const REASON_POINTS: Readonly<Record<DuplicateReason, number>> = {
  "tax-id": 60,
  email: 45,
  phone: 35,
  name: 40,
  address: 20,
};
/** A person and an organisation share a telephone more often than they are one. */
const OTHER_KIND_POINTS = -20;
export const DUPLICATE_POINTS_MIN = 35;

export interface Likeness {
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly DuplicateReason[];
}

type Compared = Pick<Customer, "kind" | "name" | "email" | "phone" | "address" | "taxId">;

const plain = (text: string | null): string | null =>
  text === null ? null : text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "") || null;

const isSame = (one: string | null, other: string | null): boolean => one !== null && one === other;

/** How alike two customers are, and in what; the same whichever of them comes first. */
export function likenessOf(one: Compared, other: Compared): Likeness {
  const same: Readonly<Record<DuplicateReason, boolean>> = {
    "tax-id": isSame(plain(one.taxId), plain(other.taxId)),
    email: isSame(emailKey(one.email), emailKey(other.email)),
    phone: isSame(phoneKey(one.phone), phoneKey(other.phone)),
    name: nameKey(one.name) === nameKey(other.name),
    address: isSame(plain(one.address), plain(other.address)),
  };
  const reasons = DUPLICATE_REASONS.filter((reason) => same[reason]);
  const points = reasons.reduce((sum, reason) => sum + REASON_POINTS[reason], 0);
  const score = points + (one.kind === other.kind ? 0 : OTHER_KIND_POINTS);
  return { score: Math.max(0, Math.min(100, score)), reasons };
}

export interface DuplicatePair extends Likeness {
  readonly one: Customer;
  readonly other: Customer;
}

/** Customers that are probably one. */
export interface Duplicates {
  /** The likeliest first. */
  list(limit: number): Promise<readonly DuplicatePair[]>;
  /** Who a customer that is only being typed may already be. */
  like(input: Compared, limit: number): Promise<readonly (Likeness & { customer: Customer })[]>;
}
