import type { Generated } from "kysely";
import type { GroupState } from "../groups/group-state.ts";
import type { MemberState } from "../groups/roll-call.ts";
import type { Int8, Json, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of group keys, group commands and calendars; groups and their members stand in tables-devices.ts. */
export interface GroupTables {
  group_key: GroupKeyTable;
  group_key_holder: GroupKeyHolderTable;
  group_commands: GroupCommandsTable;
  group_evidence: GroupEvidenceTable;
  group_roll: GroupRollTable;
  group_calendar: GroupCalendarTable;
}

export interface GroupKeyTable {
  id: Int8; // the group id on the air
  group_id: NullableInt8; // null: its group is gone
  sealed: Uint8Array; // see devices/secret-seal.ts
  next_counter: Int8;
  created_at: Date;
  retired_at: Date | null;
}

export interface GroupKeyHolderTable {
  key_id: Int8;
  address: Int8;
  state: "wanted" | "joining" | "held" | "leaving";
  since: Date;
  command_id: string | null; // the last one that was to bring or take it
  tries: Generated<number>;
  due_at: Date;
}

export interface GroupCommandsTable {
  id: string;
  group_id: NullableInt8;
  partition: number;
  profile: string;
  name: string;
  arguments: Json<Readonly<Record<string, number | boolean | string>>>;
  plaintext: Uint8Array; // without the slots: the command's number and its packed arguments
  is_drill: boolean;
  place: NullableJson<unknown>; // see commands/envelope.ts
  note: string;
  priority: number;
  state: GroupState;
  command: Json<unknown>; // see groups/group-command.ts
  reason: string | null;
  key_id: NullableInt8;
  page_sequence: number | null;
  first_out_at: Date | null;
  due_at: Date | null;
  created_at: Date;
  created_by_kind: "user" | "key" | "system";
  created_by_id: string;
  created_by_name: string;
  approved_by_name: string | null;
  air_ms: Generated<number>; // of its pages that were sent
  moment: Date | null; // of its group's calendar
  ended_at: Date | null;
}

export interface GroupEvidenceTable {
  id: Generated<bigint>;
  tx: Generated<bigint>;
  command_id: string;
  at: Date;
  state: GroupState;
  what: string;
  reason: string | null;
  who_kind: string | null;
  who_id: string | null;
  who_name: string | null;
  gateway_id: string | null;
  detail: NullableJson<Readonly<Record<string, unknown>>>;
}

export interface GroupRollTable {
  command_id: string;
  address: Int8;
  state: MemberState;
  has_key: boolean;
  result: "done" | "rejected" | "unsupported" | "busy" | "unsafe-now" | null;
  caught_up: Generated<boolean>;
  since: Date;
  gateway_id: string | null;
  catch_up_id: string | null;
}

export interface GroupCalendarTable {
  group_id: Int8;
  calendar: Json<unknown>; // see groups/calendar.ts
  done_until: Date;
  due_at: Date | null;
  problem: string | null; // why its last moment was not carried out
  changed_at: Date;
  changed_by_name: string;
  approved_by_name: string | null; // null: it may not switch many
  draft: NullableJson<unknown>; // waits for a second person
  draft_at: Date | null;
  draft_by_kind: "user" | "key" | "system" | null;
  draft_by_id: string | null;
  draft_by_name: string | null;
  version: number;
}
