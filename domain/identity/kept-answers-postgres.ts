import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Db } from "../db/database.ts";
import {
  ANSWER_BYTES_MAX,
  type Claim,
  KEPT_MS,
  type KeptAnswers,
  UNDER_WAY_MS_MAX,
} from "./kept-answers.ts";

/** In one column, so that erasing somebody finds them in all of it. */
const Body = Type.Object({
  headers: Type.Record(Type.String(), Type.String()),
  text: Type.String(),
});

export function createKeptAnswers(db: Db): KeptAnswers {
  return {
    async claim({ callerId, key, requestSha256 }, atMs) {
      const fresh = { request_sha256: requestSha256, status: null, body: null };
      const claimed = await db
        .insertInto("idempotency_record")
        .values({ caller_id: callerId, key, created_at: new Date(atMs), ...fresh })
        .onConflict((conflict) =>
          conflict
            .columns(["caller_id", "key"])
            .doUpdateSet({ created_at: new Date(atMs), ...fresh })
            .where("idempotency_record.created_at", "<=", new Date(atMs - KEPT_MS)),
        )
        .returning("key")
        .executeTakeFirst();
      if (claimed !== undefined) return { kind: "claimed" };
      const row = await db
        .selectFrom("idempotency_record")
        .selectAll()
        .where("caller_id", "=", callerId)
        .where("key", "=", key)
        .executeTakeFirst();
      // released in between: whoever asks again finds it free
      if (row === undefined) return { kind: "under-way" };
      if (row.request_sha256 !== requestSha256) return { kind: "other-request" };
      if (row.status === null) {
        const isOld = atMs - row.created_at.getTime() > UNDER_WAY_MS_MAX;
        return { kind: isOld ? "unknown" : "under-way" };
      }
      return keptOf(row.status, row.body);
    },

    async keep({ callerId, key }, { status, headers, text }) {
      const body = JSON.stringify({ headers, text });
      const isShort = new TextEncoder().encode(body).length <= ANSWER_BYTES_MAX;
      await db
        .updateTable("idempotency_record")
        .set({ status, body: isShort ? body : null })
        .where("caller_id", "=", callerId)
        .where("key", "=", key)
        .execute();
    },

    async release({ callerId, key }) {
      await db
        .deleteFrom("idempotency_record")
        .where("caller_id", "=", callerId)
        .where("key", "=", key)
        .where("status", "is", null)
        .execute();
    },

    async trim(nowMs) {
      const { numDeletedRows } = await db
        .deleteFrom("idempotency_record")
        .where("created_at", "<=", new Date(nowMs - KEPT_MS))
        .executeTakeFirstOrThrow();
      return numDeletedRows;
    },
  };
}

function keptOf(status: number, body: string | null): Claim {
  if (body === null) return { kind: "too-long" };
  return { kind: "kept", answer: { status, ...Value.Parse(Body, JSON.parse(body)) } };
}
