import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Readings that the telemetry store will never take, kept with its reason so that a person can see them. */
export const telemetryRefusal: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table telemetry_refusal (
        id bigint generated always as identity primary key,
        measurement text not null,
        terminal text not null,
        report text not null,
        time_ns bigint not null,
        fields jsonb not null,
        reason text not null,
        refused_at timestamptz not null default now())`.execute(db);
  },
};
