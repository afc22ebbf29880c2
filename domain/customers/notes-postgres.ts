import { type Kysely, sql } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Audit } from "../identity/audit.ts";
import { holdCustomer } from "./customer-rows-postgres.ts";
import { cleanText } from "./customer-rules.ts";
import type { Note, Notes } from "./notes.ts";

export interface NotesDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createNotes({ db, audit, makeId }: NotesDeps): Notes {
  return {
    async list(customerId, cursor, limit) {
      let query = db
        .selectFrom("customer_note")
        .selectAll()
        .where("customer_id", "=", customerId)
        .orderBy("at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (cursor !== undefined)
        query = query.where(
          sql<boolean>`(at, id) < (${new Date(cursor.atMs)}::timestamptz, ${cursor.id})`,
        );
      const items = (await query.execute()).map(noteOf);
      const last = items.length > limit ? items[limit - 1] : undefined;
      return {
        items: items.slice(0, limit),
        next: last && { atMs: last.atMs, id: last.id },
      };
    },

    add: (customerId, text, act) =>
      inTransaction(db, async (tx) => {
        const clean = cleanText("text", text);
        if (clean === "") throw new InvalidInputError("text", "text must not be empty");
        await holdCustomer(tx, customerId);
        const row = await tx
          .insertInto("customer_note")
          .values({
            id: makeId(),
            customer_id: customerId,
            text: clean,
            by_id: act.actor.id,
            by_name: act.actor.name,
            at: new Date(act.atMs),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, {
          action: "note.added",
          subject: { kind: "note", id: row.id },
          customerId,
          after: { characters: clean.length },
        });
        return noteOf(row);
      }),
  };
}

interface Row {
  readonly id: string;
  readonly text: string;
  readonly by_name: string;
  readonly at: Date;
}

const noteOf = ({ id, text, by_name, at }: Row): Note => ({
  id,
  text,
  byName: by_name,
  atMs: at.getTime(),
});
