import type { Generated } from "kysely";
import type { Escalated, Ladder } from "../notifications/ladder.ts";
import type { Preferences } from "../notifications/preferences.ts";
import type { Severity } from "../notifications/severity.ts";
import type { Int8, Json, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of what is told to whom, and what became of it. */
export interface NotificationTables {
  notification: NotificationTable;
  delivery: DeliveryTable;
  delivery_item: DeliveryItemTable;
  delivery_attempt: DeliveryAttemptTable;
  sms_part: SmsPartTable;
  message_usage: MessageUsageTable;
  escalation: EscalationTable;
  alarm_cursor: AlarmCursorTable;
  notification_preference: NotificationPreferenceTable;
  push_subscription: PushSubscriptionTable;
  on_call_shift: OnCallShiftTable;
  escalation_ladder: EscalationLadderTable;
  webhook: WebhookTable;
  message_cap: MessageCapTable;
  notification_secret: NotificationSecretTable;
}

export interface NotificationTable {
  id: string;
  seq: Generated<bigint>;
  kind: string;
  alarm_id: string | null;
  customer_id: string | null;
  address: NullableInt8;
  asset_id: string | null;
  severity: Severity;
  rank: number;
  life_safety: boolean;
  drill: boolean;
  title_en: string;
  title_zh: string;
  at: Date;
  queued_at: Date;
  targets: NullableJson<readonly string[]>; // recipients named outright, as `user:id`; null: by preference
  planned_at: Date | null;
}

export type DeliveryState = "waiting" | "sending" | "sent" | "delivered" | "dead" | "suppressed";

export interface DeliveryTable {
  id: string;
  seq: Generated<bigint>;
  customer_id: string | null;
  recipient_kind: "user" | "contact" | "webhook" | "topic";
  recipient_id: string;
  channel: "email" | "sms" | "push" | "display" | "webhook" | "mqtt";
  target: string; // the address; of push none, since a person has several browsers
  language: string;
  template: string;
  severity: Severity;
  rank: number;
  life_safety: boolean;
  bundle: boolean;
  items: number;
  state: DeliveryState;
  reason: string | null;
  fallback: string | null;
  fallback_of: string | null;
  attempts: Generated<number>;
  created_at: Date;
  next_at: Date;
  lease_until: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  reference: string | null; // what the other side calls it
  units: Generated<number>;
  cost_micros: Generated<bigint>;
}

export interface DeliveryItemTable {
  delivery_id: string;
  notification_id: string;
}

export interface DeliveryAttemptTable {
  seq: Generated<bigint>;
  delivery_id: string;
  number: number;
  at: Date;
  outcome: string;
  detail: string;
}

/** A receipt may come before the message that it is for is known to be sent: either side makes the row. */
export interface SmsPartTable {
  reference: string;
  delivery_id: string | null;
  state: string | null;
  at: Date;
}

/** Exactly one per message sent, for ever: what is billed. */
export interface MessageUsageTable {
  delivery_id: string;
  customer_id: string | null;
  channel: string;
  units: number;
  life_safety: boolean;
  at: Date;
  tx: Generated<bigint>;
}

export interface EscalationTable {
  alarm_id: string;
  customer_id: string | null;
  ladder: Json<Ladder>; // as it was when the alarm was raised
  occasion: Json<Escalated>;
  rank: number;
  opened_at: Date;
  step: number;
  repeat: number;
  due_at: Date | null;
  closed_at: Date | null;
  closed_why: string | null;
}

/** How far the alarms' transitions were read; there is one row. */
export interface AlarmCursorTable {
  one: Generated<boolean>;
  tx: Int8;
  id: Int8;
}

export interface NotificationPreferenceTable {
  person_kind: "user" | "contact";
  person_id: string;
  customer_id: string | null;
  phone: string | null; // of users; contacts have their own
  preferences: Json<Preferences>;
  version: number;
}

export interface PushSubscriptionTable {
  id: string;
  user_id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  user_agent: string;
  created_at: Date;
  last_used_at: Date | null;
}

export interface OnCallShiftTable {
  id: string;
  user_id: string;
  starts_at: Date;
  ends_at: Date;
  note: string;
}

export interface EscalationLadderTable {
  id: string;
  name: string;
  customer_id: string | null;
  ladder: Json<Ladder>;
  version: number;
}

export interface WebhookTable {
  id: string;
  name: string;
  customer_id: string | null;
  url: string;
  sealed: Uint8Array;
  severities: Json<readonly Severity[]>;
  created_at: Date;
  failures: Generated<number>;
  failing_since: Date | null;
  disabled_at: Date | null;
  disabled_why: string | null;
  version: number;
}

export interface MessageCapTable {
  customer_id: string;
  channel: string;
  per_month: number;
}

export interface NotificationSecretTable {
  name: string;
  sealed: Uint8Array;
  public_part: string;
}
