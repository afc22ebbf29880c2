import type { Generated } from "kysely";
import type { Int8, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of what alarms lead to: incidents, cases, and windows in which nobody is called. */
export interface IncidentTables {
  terminal_hearing: TerminalHearingTable;
  incidents: IncidentsTable;
  incident_members: IncidentMembersTable;
  alarm_cases: AlarmCasesTable;
  alarm_case_entries: AlarmCaseEntriesTable;
  maintenance_windows: MaintenanceWindowsTable;
}

/** Which gateways usually hear a terminal; the weight fades. */
export interface TerminalHearingTable {
  address: Int8;
  gateway_id: string;
  weight: number;
  heard_at: Date;
}

export interface IncidentsTable {
  id: string;
  cause: "gateway-deaf" | "backhaul-down" | "jammed";
  gateway_id: string | null;
  latitude: number | null;
  longitude: number | null;
  opened_at: Date;
  closed_at: Date | null;
  version: number;
  evidence: NullableJson<unknown>; // see alerting/outage-evidence.ts
}

export interface IncidentMembersTable {
  incident_id: string;
  address: Int8;
  heard_at: Date; // the last time before it
  back_at: Date | null;
  dead_at: Date | null; // silent although its gateways hear others again
}

export interface AlarmCasesTable {
  id: string;
  kind: "panic" | "breakdown";
  state: "open" | "closed";
  alarm_id: string;
  address: Int8;
  asset_id: string | null;
  customer_id: string | null;
  is_drill: boolean;
  caller: string | null;
  latitude: number | null; // where it was when it called
  longitude: number | null;
  fault: string | null;
  helper: string | null;
  helper_sent_at: Date | null;
  opened_at: Date;
  closed_at: Date | null;
  result: string | null;
  version: number;
}

export interface AlarmCaseEntriesTable {
  id: Generated<bigint>;
  case_id: string;
  at: Date;
  kind: "opened" | "note" | "caller" | "helper" | "arrived" | "closed";
  who: string | null;
  text: string;
}

/** Alarms that are raised within one are shelved until its end. */
export interface MaintenanceWindowsTable {
  id: string;
  from_at: Date;
  to_at: Date;
  reason: string;
  profile: string | null;
  customer_id: string | null;
  group_id: NullableInt8;
  address: NullableInt8;
  by_id: string;
  by_name: string;
  cancelled_at: Date | null;
}
