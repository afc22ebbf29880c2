import type { Int8, NullableInt8 } from "./database.ts";

/** Tables of stock, assets, assignments and groups; terminal and gateway stand in database.ts. */
export interface DeviceTables {
  import_run: ImportRunTable;
  import_problem: ImportProblemTable;
  asset: AssetTable;
  assignment: AssignmentTable;
  device_group: DeviceGroupTable;
  device_group_member: DeviceGroupMemberTable;
}

export interface ImportRunTable {
  id: string;
  kind: "terminals" | "customers";
  file_name: string;
  by_id: string;
  by_name: string;
  dry_run: boolean;
  state: "running" | "done" | "failed" | "undone";
  lines_total: number | null;
  lines_done: number;
  added: number;
  bad: number;
  failure: string | null;
  started_at: Date;
  ended_at: Date | null;
  undone_at: Date | null;
}

export interface ImportProblemTable {
  import_id: string;
  line: number;
  column_name: string;
  reason: string;
}

export interface AssetTable {
  id: string;
  customer_id: string;
  kind: string;
  name: string;
  plate: string | null;
  vin: string | null;
  site_id: string | null;
  latitude: number | null;
  longitude: number | null;
  note: string;
  created_at: Date;
  retired_at: Date | null;
  version: number;
}

/** Terminal, asset and customer over [from, to). */
export interface AssignmentTable {
  id: string;
  address: Int8;
  asset_id: string;
  customer_id: string;
  from_ns: Int8;
  to_ns: NullableInt8;
  reason: string;
}

export interface DeviceGroupTable {
  id: Int8;
  name: string;
  customer_id: string | null;
  note: string;
  created_at: Date;
  version: number;
}

export interface DeviceGroupMemberTable {
  group_id: Int8;
  address: Int8;
  added_at: Date;
}
