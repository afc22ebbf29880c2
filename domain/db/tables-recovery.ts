import type { Generated } from "kysely";
import type { RecoveryState } from "../recovery/recovery.ts";
import type { Int8 } from "./columns.ts";

/** Tables of stolen vehicles. */
export interface RecoveryTables {
  recoveries: RecoveriesTable;
  recovery_entries: RecoveryEntriesTable;
  recovery_links: RecoveryLinksTable;
  recovery_link_reads: RecoveryLinkReadsTable;
  recovery_packs: RecoveryPacksTable;
}

export interface RecoveriesTable {
  id: string;
  state: RecoveryState;
  address: Int8;
  asset_id: string;
  vehicle_name: string; // as its customer called it when it was marked
  plate: string | null;
  vin: string | null;
  customer_id: string; // whose it was when it was marked
  stolen_at: Date;
  opened_at: Date;
  recovered_at: Date | null;
  closed_at: Date | null;
  result: string | null;
  interval_before_s: number | null; // null: there is nothing to shorten
  interval_short_s: number | null;
  interval_command_id: string | null; // the last one
  interval_problem: string | null; // why the last one could not be given
  version: number;
}

export interface RecoveryEntriesTable {
  id: Generated<bigint>;
  recovery_id: string;
  at: Date;
  kind: string;
  who: string;
  text: string;
}

export interface RecoveryLinksTable {
  id: string;
  recovery_id: string;
  token_sha256: string;
  label: string;
  made_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

/** One address that looked, without a pause of ten minutes. */
export interface RecoveryLinkReadsTable {
  id: Generated<bigint>;
  link_id: string;
  ip: string;
  first_at: Date;
  last_at: Date;
  requests: number;
}

export interface RecoveryPacksTable {
  id: string;
  recovery_id: string;
  made_at: Date;
  made_by: string;
  names_operator: boolean; // it names the operator's people, and is theirs alone
  language: string;
  pdf: Uint8Array;
  signature_file: string;
}
