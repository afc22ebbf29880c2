import type { Generated } from "kysely";
import type { CommandState } from "../commands/command-state.ts";
import type { Int8, Json, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of commands to terminals. */
export interface CommandTables {
  commands: CommandsTable;
  command_evidence: CommandEvidenceTable;
  page_transmission: PageTransmissionTable;
}

export interface CommandsTable {
  id: string;
  address: Int8;
  partition: number;
  customer_id: string | null; // who held the terminal when it was asked for
  profile: string;
  name: string;
  arguments: Json<Readonly<Record<string, number | boolean | string>>>;
  plaintext: Uint8Array; // of the page: the command's number and its packed arguments
  is_drill: boolean;
  place: NullableJson<unknown>; // see commands/envelope.ts
  note: string;
  priority: number;
  state: CommandState;
  command: Json<unknown>; // see commands/command.ts
  reason: string | null;
  page_sequence: number | null;
  ordinal: NullableInt8; // counts the commands of this terminal that have gone out
  first_out_at: Date | null;
  due_at: Date | null; // when the network looks at it again
  created_at: Date;
  created_by_kind: "user" | "key" | "system";
  created_by_id: string;
  created_by_name: string;
  approved_by_name: string | null;
  ended_at: Date | null;
  who: Generated<string>; // what they are found by: whoever asked and whoever approved
}

export interface CommandEvidenceTable {
  id: Generated<bigint>;
  tx: Generated<bigint>;
  command_id: string;
  at: Date;
  state: CommandState;
  what: string;
  reason: string | null;
  who_kind: string | null;
  who_id: string | null;
  who_name: string | null;
  gateway_id: string | null;
  detail: NullableJson<Readonly<Record<string, unknown>>>;
}

/** Append-only, until upkeep. */
export interface PageTransmissionTable {
  id: string; // of the request
  gateway_id: string;
  at: Date;
  air_ms: number;
  budget_ms: number | null; // per hour
}
