import { parseConfig, Settings } from "../base/config.ts";
import { SKIPS, skipAhead } from "../domain/db/after-restore.ts";
import { openDatabase } from "../domain/db/open-database.ts";

/** To be run once after a backup was put back and before the network process starts on it. */
const db = await openDatabase(parseConfig(Settings, process.env));
try {
  const { sessions, terminals, pages } = await skipAhead(db, SKIPS);
  console.log(
    `${sessions} sessions skip ${SKIPS.downCounters} downlink counters, ${terminals} terminals ${SKIPS.attachNonces} attach nonces; ${pages} waiting pages are given up`,
  );
} finally {
  await db.destroy();
}
