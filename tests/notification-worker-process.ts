import { systemClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { startNotifications } from "../domain/notifications/start-notifications.ts";
import { SEALED_UNDER } from "./notifications-fixture.ts";

// The notifications' worker as a process of its own, so that it can be killed.
const [url = ""] = process.argv.slice(2);
const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: url });
const { worker } = startNotifications({
  ...{ db, clock: systemClock, log: silentLog, secrets: SEALED_UNDER },
  alarms: { does: async () => 0 }, // nobody follows a link here
  profiles: new Map(),
  config: { WEBHOOKS_TO_PRIVATE: "allowed" },
});
worker.start();
process.stdout.write("at work\n");
