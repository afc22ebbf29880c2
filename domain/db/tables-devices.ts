import type { Generated } from "kysely";
import type { Int8, Json, MadeByDatabase, NullableInt8 } from "./columns.ts";

/** Tables of stock, assets, assignments and groups; terminal and gateway stand in database.ts. */
export interface DeviceTables {
  import_run: ImportRunTable;
  import_problem: ImportProblemTable;
  import_staged: ImportStagedTable;
  asset: AssetTable;
  assignment: AssignmentTable;
  device_group: DeviceGroupTable;
  device_group_member: DeviceGroupMemberTable;
  locate_request: LocateRequestTable;
  network_position: NetworkPositionTable;
}

export interface ImportRunTable {
  id: string;
  kind: "terminals" | "customers" | "payments";
  file_name: string;
  by_id: string;
  by_name: string;
  dry_run: boolean;
  skip_bad: boolean;
  state: "running" | "done" | "failed" | "undone";
  phase: "reading" | "comparing" | "saving" | "ended";
  lines_total: number | null;
  lines_done: number;
  added: number;
  bad: number;
  failure: string | null;
  started_at: Date;
  touched_at: Date; // a running one that is not touched any more was killed
  ended_at: Date | null;
  undone_at: Date | null;
}

export interface ImportProblemTable {
  import_id: string;
  line: number;
  column_name: string;
  code: string;
  reason: string;
}

export interface ImportStagedTable {
  import_id: string;
  line: number;
  first_key: string;
  second_key: string | null;
  data: Json<unknown>;
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
  search: MadeByDatabase; // what the list is searched by, in lower case
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
  dangerous_acceptance: string | null; // what the operator accepted in writing, see docs/commands.md
  keys_due_at: Generated<Date>; // when the network looks at its keys again
}

export interface DeviceGroupMemberTable {
  group_id: Int8;
  address: Int8;
  added_at: Date;
}

/** Packets without a fix of their own, until the network has located them. */
export interface LocateRequestTable {
  packet_id: Int8;
  partition: number;
  due_at: Date;
}

export interface NetworkPositionTable {
  packet_id: Int8;
  address: Int8;
  measured_at_ns: Int8;
  method: "arrival-times" | "signal-strength";
  latitude: number;
  longitude: number;
  major_m: number;
  minor_m: number;
  bearing_deg: number;
  gateways: number;
}
