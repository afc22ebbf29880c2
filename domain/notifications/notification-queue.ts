import type { Db } from "../db/database.ts";
import type { Occasion } from "./occasion.ts";

/** Where what happens to alarms is handed over to be told. */
export interface NotificationQueue {
  /**
   * Inside the transaction of the alarms' own change, so that there is never one without the other. The same occasion
   * again changes nothing. One statement however many there are; who is told, the planning looks up afterwards.
   */
  queue(tx: Db, occasions: readonly Occasion[], nowMs: number): Promise<void>;
}
