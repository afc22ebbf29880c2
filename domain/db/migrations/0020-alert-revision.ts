import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// One row that each statement which writes alert_rules counts up. Whoever judges holds the lock for share until its
// transaction ends, so a change waits for those that still judge by the rules before it, and whoever judges afterwards
// sees it. An advisory lock, because those wait in a queue: readers of a row that overlap would keep its writer out for
// ever. In a function each statement has a snapshot of its own, so the revision is read after the wait, in one round trip.
const LOCK = 7_461_002;
const STATEMENTS = [
  `create table alert_revision (
    one boolean primary key default true check (one),
    revision bigint not null)`,
  "insert into alert_revision (revision) values (1)",
  `create function hold_alert_revision() returns bigint language plpgsql volatile as $$
  begin
    perform pg_advisory_xact_lock_shared(${LOCK});
    return (select revision from alert_revision);
  end $$`,
  `create function count_alert_revision() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(${LOCK});
    insert into alert_revision as r (revision) values (1)
      on conflict (one) do update set revision = r.revision + 1;
    return null;
  end $$`,
  `create trigger alert_rules_changed before insert or update or delete or truncate on alert_rules
    for each statement execute function count_alert_revision()`,
];

export const alertRevision: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
