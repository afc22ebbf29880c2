import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import { meterCommand } from "./command-metering-postgres.ts";
import type { CommandAnswer } from "./command-queue.ts";
import { type LoadedCommand, stepRow, toLoaded, writeEvidence } from "./command-rows-postgres.ts";

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
  // a group's are in group-answers-postgres.ts
  const own = answers.filter(({ pageSequence }) => pageSequence <= INDIVIDUAL_SEQUENCE_MAX);
  if (own.length === 0) return;
  const commands = await answered(tx, own);
  for (const [at, { result, gatewayId, packetId, atMs }] of own.entries()) {
    const row = commands.get(at);
    if (row === undefined) continue; // of a command of an older database
    const told = { nowMs, gatewayId, detail: { result, packetId: String(packetId) } };
    const step = await stepRow(tx, row, { type: "answer", result }, told);
    // it was sent, whatever its gateway knows of that
    if (step.ok) await meterCommand(tx, row, BigInt(atMs) * 1_000_000n);
    else
      await writeEvidence(tx, row, {
        ...{ ...told, what: "late-answer", state: row.command.state, reason: null },
      });
  }
}

/** The command of each answer, by the answer's place; all of them locked by id, as everybody does who holds several. */
async function answered(
  tx: Db,
  answers: readonly CommandAnswer[],
): Promise<ReadonlyMap<number, LoadedCommand>> {
  const rows = answers.map(({ address, pageSequence, atMs }, at) => ({
    ...{ at, address, sequence: pageSequence, until: new Date(atMs + CLOCKS_APART_MS) },
  }));
  const found = await sql<Parameters<typeof toLoaded>[0] & { readonly answer: number }>`
    select a.at as answer, c.*
    from ${jsonRows(rows)} as a (at integer, address bigint, sequence integer, until timestamptz)
      cross join lateral (select id from commands where address = a.address
        and page_sequence = a.sequence and first_out_at <= a.until
        order by first_out_at desc limit 1) as f
      join commands c on c.id = f.id
    order by c.id for update of c`.execute(tx);
  const loaded = new Map(found.rows.map((row) => [row.id, toLoaded(row)])); // one may be answered twice
  return new Map(
    found.rows.flatMap(({ answer, id }) => {
      const row = loaded.get(id);
      return row === undefined ? [] : [[answer, row] as const];
    }),
  );
}
