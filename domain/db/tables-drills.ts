import type { DrillEnd, DrillKind, DrillState } from "../drills/drill.ts";
import type { MemberTimes } from "../drills/drill-times.ts";
import type { Int8, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of drills. */
export interface DrillTables {
  drills: DrillsTable;
  drill_members: DrillMembersTable;
}

export interface DrillsTable {
  id: string;
  kind: DrillKind;
  state: DrillState;
  note: string;
  group_id: NullableInt8;
  starts_at: Date;
  lasts_s: number;
  answer_s: number;
  started_at: Date | null;
  ended_at: Date | null;
  ended_why: DrillEnd | null;
  in_time: number | null; // members in which everything happened in time; of ended ones
  created_at: Date;
  created_by_id: string;
  created_by_name: string;
  version: number;
}

export interface DrillMembersTable {
  drill_id: string;
  address: Int8;
  customer_id: string | null; // who holds the terminal when it starts
  command_id: string | null;
  problem: string | null; // why its command could not be given
  result: NullableJson<MemberTimes>; // frozen at the end
}
