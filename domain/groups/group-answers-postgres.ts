import { sql } from "kysely";
import { CLOCKS_APART_MS, INDIVIDUAL_SEQUENCE_MAX } from "../commands/command-answers-postgres.ts";
import type { CommandAnswer } from "../commands/command-queue.ts";
import { stepRow, toLoaded } from "../commands/command-rows-postgres.ts";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";

/** Nobody answers later, and looking further back takes the longer the older the database is. */
const ANSWERS_WITHIN_MS = 30 * 24 * 3_600_000;

/**
 * Enters each answer of a roll call in the ledger of the last page that went out under its sequence before the answer was received.
 * Only `busy` may be followed by another result. Whoever answers late needs no command of its own any more.
 */
export async function recordGroupAnswers(
  tx: Db,
  answers: readonly CommandAnswer[],
  nowMs: number,
): Promise<void> {
  const ofGroups = answers.filter(({ pageSequence }) => pageSequence > INDIVIDUAL_SEQUENCE_MAX);
  if (ofGroups.length === 0) return;
  const rows = ofGroups.map((answer) => ({
    ...{ address: answer.address, sequence: answer.pageSequence, result: answer.result },
    ...{ at: new Date(answer.atMs), until: new Date(answer.atMs + CLOCKS_APART_MS) },
    gateway_id: answer.gatewayId,
  }));
  const entered = await sql<{ catch_up_id: string | null }>`
    update group_roll r set state = 'answered', result = a.result, since = a.at, gateway_id = a.gateway_id
    from (select distinct on (a.address, a.sequence) a.*, g.id
      from ${jsonRows(rows)} as a (address bigint, sequence integer, result text, at timestamptz,
        until timestamptz, gateway_id text)
      join group_commands g on g.page_sequence = a.sequence and g.first_out_at <= a.until
        and g.first_out_at >= ${new Date(nowMs - ANSWERS_WITHIN_MS)}::timestamptz
      join group_roll m on m.command_id = g.id and m.address = a.address
      order by a.address, a.sequence, g.first_out_at desc, a.at desc) a
    where r.command_id = a.id and r.address = a.address and (r.result is null or r.result = 'busy')
    returning r.catch_up_id`.execute(tx);
  for (const { catch_up_id: id } of entered.rows) if (id !== null) await supersede(tx, id, nowMs);
}

async function supersede(tx: Db, id: string, nowMs: number): Promise<void> {
  const row = await tx
    .selectFrom("commands")
    .selectAll()
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return;
  await stepRow(tx, toLoaded(row), { type: "supersede" }, { nowMs, detail: { by: "roll-call" } });
}
