import type { Counted } from "../db/counted.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { CustomerNode, Reach } from "../identity/policy.ts";
import type { CustomerKind, CustomerLanguage } from "./customer-rules.ts";

export interface Customer {
  readonly id: string;
  readonly number: string;
  readonly kind: CustomerKind;
  readonly name: string;
  readonly parentId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly taxId: string | null;
  readonly language: CustomerLanguage;
  readonly timeZone: string;
  readonly tags: readonly string[];
  /** The customer that goes on in its place. */
  readonly mergedInto: string | null;
  readonly erasedAtMs: number | null;
  readonly createdAtMs: number;
  readonly version: number;
}

/** As people write it; the shell cleans and checks it, and names the field that is wrong. */
export interface CustomerInput {
  readonly kind: CustomerKind;
  readonly name: string;
  /** null: at the root of the tree. */
  readonly parentId?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly taxId?: string | null | undefined;
  readonly language?: CustomerLanguage | undefined;
  readonly timeZone?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface NewCustomer extends CustomerInput {
  /** Given by another system; else the next of ours. */
  readonly number?: string | undefined;
}

export type CustomerChange = Partial<CustomerInput>;

export interface CustomerSummary extends Customer {
  readonly parentName: string | null;
  readonly children: number;
  /** Terminals that are assigned to it now. */
  readonly terminals: number;
}

export interface CustomerDetail extends CustomerSummary {
  /** From the root of the tree down to its parent. */
  readonly path: readonly { readonly id: string; readonly name: string }[];
}

export const CUSTOMER_SORTS = ["name", "number", "created"] as const;
export type CustomerSort = (typeof CUSTOMER_SORTS)[number];

export interface CustomerQuery {
  readonly reach: Reach;
  /** Part of the name, number, phone or e-mail address. */
  readonly search?: string | undefined;
  readonly kind?: CustomerKind | undefined;
  readonly tag?: string | undefined;
  readonly parentId?: string | undefined;
  /** Names and numbers rise; the newest come first. */
  readonly sort?: CustomerSort | undefined;
  /** The last customer of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface CustomerPage extends Counted {
  readonly items: readonly CustomerSummary[];
  readonly next: string | undefined;
}

export interface ExportedCustomer extends Customer {
  readonly parentNumber: string | null;
}

/** Customers, of which persons and organisations are told apart, in a tree of organisations. */
export interface Customers {
  /** In the caller's transaction when one is given. */
  create(db: Db | undefined, input: NewCustomer, act: Act): Promise<Customer>;
  /** Only what is given changes. Throws a StaleError when `version` is no longer the one that holds. */
  change(
    id: string,
    change: CustomerChange,
    version: number | undefined,
    act: Act,
  ): Promise<Customer>;
  find(id: string): Promise<Customer | undefined>;
  detail(id: string, reach: Reach): Promise<CustomerDetail | undefined>;
  list(query: CustomerQuery): Promise<CustomerPage>;
  /** All within reach, by number, a bounded number at a time. */
  export(reach: Reach): AsyncIterable<readonly ExportedCustomer[]>;
  /** Every customer that goes on by itself: what reach is worked out from. */
  tree(): Promise<readonly CustomerNode[]>;
  tags(reach: Reach): Promise<readonly { readonly tag: string; readonly customers: number }[]>;
}
