import { systemClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { startBilling } from "../../domain/billing/start-billing.ts";
import { openDatabase } from "../../domain/db/open-database.ts";

/** Closes a month as the API's process does, and ends: `close-process.ts DATABASE_URL ENTITY MONTH`. */

const [, , url = "", legalEntityId = "", month = ""] = process.argv;
const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: url });
const { closes } = startBilling({ db, clock: systemClock, log: silentLog });
process.stdout.write("begins\n");
const act = { actor: { kind: "system", id: "close", name: "Close" }, atMs: 0 } as const;
const { id } = await closes.start({ legalEntityId, month, dryRun: false }, act);
do {
  // the server may still hold for a moment what the process before this one had locked when it died
  await closes.resume();
  await closes.ended(id);
} while ((await closes.find(id))?.state !== "done");
process.stdout.write("done\n");
await db.destroy();
