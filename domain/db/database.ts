import type { Generated, Kysely } from "kysely";
import type { Int8, Json, MadeByDatabase, NullableInt8, NullableJson } from "./columns.ts";
import type { AlarmTables } from "./tables-alarms.ts";
import type { BillingTables } from "./tables-billing.ts";
import type { CommandTables } from "./tables-commands.ts";
import type { CustomerTables } from "./tables-customers.ts";
import type { DeviceTables } from "./tables-devices.ts";
import type { DrillTables } from "./tables-drills.ts";
import type { GroupTables } from "./tables-groups.ts";
import type { IdentityTables } from "./tables-identity.ts";
import type { IncidentTables } from "./tables-incidents.ts";
import type { NotificationTables } from "./tables-notifications.ts";
import type { ProvisioningTables } from "./tables-provisioning.ts";
import type { RecoveryTables } from "./tables-recovery.ts";

/** A database or a transaction of it. Only adapters look inside. */
export type Db = Kysely<Database>;

/** One property per table, columns as PostgreSQL names them. Kept in step with migrations/. */
export interface Database
  extends IdentityTables,
    DeviceTables,
    DrillTables,
    CustomerTables,
    ProvisioningTables,
    AlarmTables,
    CommandTables,
    GroupTables,
    IncidentTables,
    NotificationTables,
    RecoveryTables,
    BillingTables {
  terminal: TerminalTable;
  session: SessionTable;
  attach_answer: AttachAnswerTable;
  packet: PacketTable;
  reception: ReceptionTable;
  refusal_count: RefusalCountTable;
  device_state: DeviceStateTable;
  usage_record: UsageRecordTable;
  page_request: PageRequestTable;
  event_outbox: EventOutboxTable;
  telemetry_outbox: TelemetryOutboxTable;
  telemetry_point: TelemetryPointTable;
  telemetry_refusal: TelemetryRefusalTable;
  gateway: GatewayTable;
}

export const LIFE_CYCLES = [
  "stocked",
  "assigned",
  "installed",
  "accepted",
  "active",
  "suspended",
  "retired",
] as const;
export type LifeCycle = (typeof LIFE_CYCLES)[number];

export interface TerminalTable {
  address: Int8;
  serial: string;
  name: string;
  profile: string;
  life_cycle: LifeCycle;
  root_key: Uint8Array; // sealed, see devices/key-seal.ts
  hardware_version: number | null;
  firmware_version: number | null;
  battery_percent: number | null;
  latitude: number | null;
  longitude: number | null;
  last_attach_nonce: NullableInt8;
  created_at: Generated<Date>;
  version: Generated<number>;
  quarantine_reason: string | null;
  service_from: string | null; // a date
  import_id: string | null;
  batch: string | null;
  search: MadeByDatabase; // what the list is searched by, in lower case
}

export type SessionState = "pending" | "proven" | "former";

export interface SessionTable {
  address: Int8;
  network_nonce: Int8;
  attach_nonce: Int8;
  state: SessionState;
  highest_counter: Int8; // -1 before the first packet
  next_down_counter: Int8; // this one and all above are unused
  next_page_sequence: number;
  created_at: Date;
  proven_at: Date | null;
  former_at: Date | null;
}

/** Made once per attach nonce and kept for ever: sent again it is the same, byte for byte. */
export interface AttachAnswerTable {
  address: Int8;
  attach_nonce: Int8;
  network_nonce: Int8;
  page: Uint8Array;
  made_at: Date;
}

export interface PacketTable {
  id: Int8;
  tx: Generated<bigint>; // the transaction that stored it, see packets/packet-feed.ts
  address: NullableInt8;
  session: NullableInt8;
  counter: NullableInt8;
  verdict: string;
  accepted: boolean; // its counter is used up by it
  below_window: boolean;
  type: string | null;
  drill: boolean;
  confirm: boolean;
  ack_page_sequence: number | null;
  ack_result: number | null;
  report_number: number | null;
  report: string | null;
  measured_at_ns: Int8;
  received_at_ns: Int8;
  stored_at: Date;
  gateway_id: string;
  bytes: number;
  payload: Uint8Array;
  plaintext: Uint8Array | null;
  fields: NullableJson<Readonly<Record<string, number | boolean | string | null>>>;
  triggered: NullableJson<readonly string[]>;
  fault: string | null;
}

export interface ReceptionTable {
  outbox_id: string;
  sequence: Int8;
  tx: Generated<bigint>;
  packet_id: Int8;
  gateway_id: string;
  modem_id: string;
  verdict: string;
  received_at_ns: Int8;
  rssi_dbm: number | null;
  snr_db: number;
  carrier_hz: number;
  fragments_total: number;
  fragments_lost: number;
  clock_state: number;
  clock_error_ns: NullableInt8;
  backfilled: boolean;
}

/** How many uplinks of a verdict a gateway brought, also those no longer kept. */
export interface RefusalCountTable {
  gateway_id: string;
  verdict: string;
  count: Int8;
}

export interface StateValue {
  readonly value: number | boolean | string | null;
  readonly measuredAtNs: string;
  readonly report: string;
}

export interface DeviceStateTable {
  address: Int8;
  values: Json<Readonly<Record<string, StateValue>>>;
  latitude: number | null;
  longitude: number | null;
  position_source: string | null;
  position_measured_at_ns: NullableInt8;
  measured_at_ns: Int8;
  received_at_ns: Int8;
  packet_id: Int8;
}

export interface UsageRecordTable {
  id: Generated<bigint>;
  packet_id: Int8;
  address: Int8;
  kind: string;
  bytes: number;
  measured_at_ns: Int8;
  received_at_ns: Int8;
  late: boolean;
  tx: Generated<bigint>; // the transaction that stored it, see billing/closes-postgres.ts
}

/** A page on its way to a gateway; also the record of what became of it. */
export interface PageRequestTable {
  id: string;
  partition: number;
  address: NullableInt8; // null: a group's
  kind: string; // attach-accept | acknowledgement | command | group-command
  packet_id: Int8;
  session: Int8;
  down_counter: Int8;
  page_sequence: number;
  words: Uint8Array;
  status: "waiting" | "done" | "expired" | "superseded";
  gateway_id: string | null;
  attempts: number;
  result: string | null;
  due_at: Date;
  expires_at: Date;
  started_at_ns: NullableInt8;
  priority: Generated<number>; // 3 goes first
  command_id: string | null;
  group_command_id: string | null;
  zone_gateway_id: string | null; // a command's page is for one gateway of its zone
  request_id: string | null; // the transmission that took it
}

export interface EventOutboxTable {
  id: Generated<bigint>;
  partition: number;
  topic: string;
  payload: Uint8Array;
  expires_at: Date;
}

export interface TelemetryOutboxTable {
  id: Generated<bigint>;
  measurement: string;
  terminal: string;
  report: string;
  time_ns: Int8;
  fields: Json<Readonly<Record<string, number | boolean | string>>>;
}

/** What the telemetry store will never take, with its reason. */
export interface TelemetryRefusalTable {
  id: Generated<bigint>;
  measurement: string;
  terminal: string;
  report: string;
  time_ns: Int8;
  fields: Json<Readonly<Record<string, number | boolean | string>>>;
  reason: string;
  refused_at: Generated<Date>;
}

export interface TelemetryPointTable {
  measurement: string;
  terminal: string;
  report: string;
  time_ns: Int8;
  fields: Json<Readonly<Record<string, number | boolean | string>>>;
}

export interface GatewayTable {
  id: string;
  name: string;
  latitude: number | null;
  longitude: number | null;
  online: boolean;
  away_at: Date | null; // since when it is not online
  since: Date | null;
  seen_at: Date | null;
  modems: Json<readonly unknown[]>;
  counters: Json<Readonly<Record<string, number | string>>>;
  secret_sha256: string | null;
  secret_made_at: Date | null;
  retired_at: Date | null;
  version: Generated<number>;
}
