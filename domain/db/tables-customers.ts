import type { Generated } from "kysely";
import type { Json, MadeByDatabase } from "./columns.ts";

/** Tables of customers and what is known of them. */
export interface CustomerTables {
  customer: CustomerTable;
  contact: ContactTable;
  site: SiteTable;
  customer_note: CustomerNoteTable;
  consent: ConsentTable;
  customer_merge: CustomerMergeTable;
  erasure: ErasureTable;
}

export interface CustomerTable {
  id: string;
  number: string; // what people say on the telephone
  kind: "person" | "organisation";
  name: string;
  parent_id: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  tax_id: string | null;
  language: string;
  time_zone: string;
  tags: Json<readonly string[]>;
  name_key: Generated<string>; // these three: what duplicates are found by
  phone_key: string | null;
  email_key: string | null;
  search: MadeByDatabase; // what the list is searched by, in lower case
  import_id: string | null;
  merged_into: string | null;
  erased_at: Date | null;
  created_at: Date;
  version: number;
}

export interface ContactTable {
  id: string;
  customer_id: string;
  name: string;
  role: string;
  email: string | null;
  phone: string | null;
  language: string;
  created_at: Date;
  version: number;
}

export interface SiteTable {
  id: string;
  customer_id: string;
  name: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  created_at: Date;
  version: number;
}

export interface CustomerNoteTable {
  id: string;
  customer_id: string;
  text: string;
  by_id: string;
  by_name: string;
  at: Date;
}

/** Append only: the newest row of a channel says what holds. */
export interface ConsentTable {
  id: string;
  customer_id: string;
  contact_id: string | null;
  channel: string;
  granted: boolean;
  source: string;
  by_name: string;
  at: Date;
}

export interface CustomerMergeTable {
  id: string;
  from_id: string;
  into_id: string;
  by_name: string;
  at: Date;
  undone_at: Date | null;
  moved: Json<unknown>;
}

export interface ErasureTable {
  id: string;
  customer_id: string;
  by_name: string;
  at: Date;
  erased: Json<unknown>;
  kept: Json<unknown>;
}
