import { sql } from "kysely";
import type { Commands } from "../commands/commands.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { RecoverySummary } from "./recoveries.ts";
import { ofCase } from "./recovery-reads-postgres.ts";

/**
 * Whoever has the vehicle back is not stopped by what was asked for while it was looked for: all that this case lists and
 * the terminal is not at already, and nothing of another case. A drill stops nothing.
 */
export async function withdrawStops(
  commands: Pick<Commands, "does">,
  tx: Db,
  one: RecoverySummary,
  act: Act,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select c.id from commands c
    where ${ofCase(one)} and c.ended_at is null and c.state <> 'acknowledged'
      and c.command ->> 'safetyClass' = 'dangerous' and not c.is_drill
    order by c.id`.execute(tx);
  const because = { ...act, reason: `recovery ${one.id} is closed` };
  for (const { id } of rows) await commands.does(id, "withdraw", because, "all");
}
