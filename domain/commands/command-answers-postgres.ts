import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CommandAnswer } from "./command-queue.ts";
import { stepRow, toLoaded, writeEvidence } from "./command-rows-postgres.ts";

/** A gateway's clock may be so far behind ours when it stamps an answer. */
export const CLOCKS_APART_MS = 5_000;
export const INDIVIDUAL_SEQUENCE_MAX = 127;

/**
 * Ties each answer to its command: the last one that went out under this page sequence before the answer was received.
 * One that comes after the command's end changes nothing any more and is kept as evidence.
 */
export async function recordAnswers(
  tx: Db,
  answers: readonly CommandAnswer[],
  nowMs: number,
): Promise<void> {
  for (const { address, pageSequence, result, atMs, gatewayId, packetId } of answers) {
    if (pageSequence > INDIVIDUAL_SEQUENCE_MAX) continue; // a group's, see group-answers-postgres.ts
    const { rows } = await sql<Parameters<typeof toLoaded>[0]>`
      select * from commands where address = ${address}::int8 and page_sequence = ${pageSequence}::int
        and first_out_at <= ${new Date(atMs + CLOCKS_APART_MS)}::timestamptz
      order by first_out_at desc limit 1 for update`.execute(tx);
    const [found] = rows;
    if (found === undefined) continue; // of a command of an older database
    const row = toLoaded(found);
    const told = { nowMs, gatewayId, detail: { result, packetId: String(packetId) } };
    const step = await stepRow(tx, row, { type: "answer", result }, told);
    if (!step.ok)
      await writeEvidence(tx, row, {
        ...{ ...told, what: "late-answer", state: row.command.state, reason: null },
      });
  }
}
