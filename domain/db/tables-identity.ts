import type { ColumnType, Generated } from "kysely";
import type { Int8, Json, NullableInt8, NullableJson } from "./columns.ts";

/** Tables of people, keys and what they did. */
export interface IdentityTables {
  app_user: AppUserTable;
  user_session: UserSessionTable;
  api_key: ApiKeyTable;
  audit_head: AuditHeadTable;
  audit_entry: AuditEntryTable;
  idempotency_record: IdempotencyRecordTable;
}

export interface AppUserTable {
  id: string;
  email: string;
  name: string;
  role: string;
  customer_id: string | null;
  language: string;
  time_zone: string;
  password_hash: string; // argon2id, PHC string
  must_change_password: boolean;
  totp_secret: Uint8Array | null; // sealed
  totp_confirmed_at: Date | null;
  totp_last_step: NullableInt8; // a code is good once
  recovery_hashes: Json<readonly string[]>;
  failed_attempts: number;
  locked_until: Date | null;
  disabled_at: Date | null;
  created_at: Date;
  version: number;
}

export interface UserSessionTable {
  id: string; // SHA-256 of the cookie's token, hexadecimal
  user_id: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  ip: string;
  user_agent: string;
}

export interface ApiKeyTable {
  id: string;
  name: string;
  secret_sha256: string;
  prefix: string; // what people recognise it by
  customer_id: string | null;
  scopes: Json<readonly string[]>;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  replaced_by: string | null;
}

export interface AuditHeadTable {
  one: Generated<boolean>; // there is one row
  number: Int8;
  hash: Uint8Array;
}

export interface AuditEntryTable {
  number: Int8;
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  customer_id: string | null;
  before: NullableJson<unknown>;
  after: NullableJson<unknown>;
  reason: string | null;
  request_id: string | null;
  ip: string | null;
  previous_hash: Uint8Array;
  hash: Uint8Array;
}

export interface IdempotencyRecordTable {
  caller_id: string;
  key: string;
  request_sha256: string;
  status: number | null; // null while the first request is under way
  body: string | null;
  created_at: ColumnType<Date, Date, Date>;
}
