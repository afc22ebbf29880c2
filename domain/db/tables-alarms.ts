import type { Generated } from "kysely";
import type { Int8, Json, NullableJson } from "./columns.ts";

/** Tables of alert rules and alarms. */
export interface AlarmTables {
  alert_rules: AlertRulesTable;
  alert_rule_versions: AlertRuleVersionsTable;
  alert_revision: AlertRevisionTable;
  alert_states: AlertStatesTable;
  alert_checkpoints: AlertCheckpointsTable;
  alarms: AlarmsTable;
  alarm_transitions: AlarmTransitionsTable;
}

export type AlarmSeverity = "critical" | "major" | "minor" | "warning";

export interface AlertRulesTable {
  id: string; // `vehicle.panic` for the profile's own
  version: number;
  origin: "profile" | "operator";
  customer_id: string | null; // whose own rule it is; the operator's have none
  enabled: boolean;
  title_en: string;
  title_zh: string;
  severity: AlarmSeverity;
  kind: string;
  spec: Json<unknown>; // see alerting/rule.ts
  is_edited: boolean; // a newer profile no longer overwrites it
  retired_at: Date | null;
  changed_at: Date;
}

export interface AlertRuleVersionsTable {
  rule_id: string;
  version: number;
  spec: Json<unknown>;
  at: Date;
  by_id: string | null;
  by_name: string;
}

/** One row, counted up by each statement that writes alert_rules. */
export interface AlertRevisionTable {
  one: Generated<boolean>;
  revision: Int8;
}

export interface AlertStatesTable {
  address: Int8;
  is_drill: boolean;
  partition: number;
  state: Json<unknown>; // see alerting/engine.ts
  due_at: Date | null; // when time alone may change something
  quiet_at: Date | null; // when it will have missed two of its usual pauses
}

export interface AlertCheckpointsTable {
  address: Int8;
  is_drill: boolean;
  at_ns: Int8;
  state: Json<unknown>;
}

/** One is open per rule, device and lane: open is what is not yet both cleared and acknowledged. */
export interface AlarmsTable {
  id: string;
  rule_id: string;
  rule_version: number;
  address: Int8;
  asset_id: string | null;
  customer_id: string | null; // who held the terminal when it was raised
  severity: AlarmSeverity;
  state: "active" | "cleared";
  is_drill: boolean;
  opened_at: Date;
  cleared_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  assignee: string | null;
  shelved_until: Date | null;
  repeats: number;
  marks: Json<readonly string[]>; // late, amended, withdrawn, flapping, maintenance
  case_id: string | null;
  incident_id: string | null;
  title_en: string;
  title_zh: string;
}

export type AlarmTransitionKind =
  | "raised"
  | "repeated"
  | "cleared"
  | "acknowledged"
  | "assigned"
  | "commented"
  | "shelved"
  | "unshelved"
  | "overdue" // nobody answered within the rule's response time
  | "amended" // a late report moved its times
  | "withdrawn" // a late report shows that it never was
  | "folded" // it became part of an incident: not told one by one
  | "named"; // after the incident: this one really is dead

/** Append-only; also the outbox that notifications are made from. */
export interface AlarmTransitionsTable {
  id: Generated<bigint>;
  tx: Generated<bigint>;
  alarm_id: string;
  at: Date; // when it happened: the report's own time
  stored_at: Date;
  kind: AlarmTransitionKind;
  who: string | null; // a user's id; null is the rules themselves
  why: string;
  card: NullableJson<unknown>; // see alerting/explanation.ts
}
