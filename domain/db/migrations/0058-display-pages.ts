import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A page to a terminal with a display is one more way to tell somebody. Its reference is the command that brings it; what
// became of that is looked up among those that are on their way.
const CHANNELS = "('email', 'sms', 'push', 'display'";
const STATEMENTS = [
  `alter table delivery drop constraint delivery_channel_check,
    add constraint delivery_channel_check check (channel in ${CHANNELS}, 'webhook', 'mqtt'))`,
  `alter table message_cap drop constraint message_cap_channel_check,
    add constraint message_cap_channel_check check (channel in ${CHANNELS}))`,
  `create index delivery_shown on delivery (reference) where channel = 'display' and state = 'sent'`,
];

export const displayPages: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
