import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Of a group of many a calendar is changed by two people: draft is what the first one asked for and comes into force when the second one
// approves it; until then what was approved before goes on. Calendars of before this are taken as approved, so that no street stays dark.
const TABLES = `
alter table group_calendar add column approved_by_name text;
alter table group_calendar add column draft jsonb;
alter table group_calendar add column draft_at timestamptz;
alter table group_calendar add column draft_by_kind text check (draft_by_kind in ('user', 'key', 'system'));
alter table group_calendar add column draft_by_id text;
alter table group_calendar add column draft_by_name text;
alter table group_calendar add constraint group_calendar_draft check (
  (draft is null) = (draft_at is null) and (draft is null) = (draft_by_kind is null)
  and (draft is null) = (draft_by_id is null) and (draft is null) = (draft_by_name is null));
update group_calendar set approved_by_name = changed_by_name`;

export const calendarApproval: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
