import { sql } from "kysely";
import type { Db } from "./database.ts";

/** Where rows come and go fast, or are counted for every list. A server vacuums by itself; the embedded database does not. */
const BUSY_TABLES = [
  "session",
  "device_state",
  "alert_states",
  "alert_checkpoints",
  "locate_request",
  "event_outbox",
  "page_request",
  "page_transmission",
  "commands",
  "group_roll",
  "group_key_holder",
  "telemetry_outbox",
  "gateway",
  "refusal_count",
  "terminal", // these four: so that how many there are is counted from an index
  "asset",
  "assignment",
  "customer",
] as const;
const PAGE_REQUESTS_KEPT_MS = 7 * 24 * 3_600_000;
/** Longer than the hour that a budget is of. */
const TRANSMISSIONS_KEPT_MS = 24 * 3_600_000;

/** To be called now and then. */
export async function upkeep(db: Db, nowMs: number, isEmbedded: boolean): Promise<void> {
  await db
    .deleteFrom("page_request")
    .where("expires_at", "<", new Date(nowMs - PAGE_REQUESTS_KEPT_MS))
    .execute();
  await db
    .deleteFrom("page_transmission")
    .where("at", "<", new Date(nowMs - TRANSMISSIONS_KEPT_MS))
    .execute();
  if (!isEmbedded) return;
  for (const table of BUSY_TABLES) await sql`vacuum (analyze) ${sql.table(table)}`.execute(db);
  await sql`analyze packet, reception, telemetry_point`.execute(db);
}
