import type { Db } from "../db/database.ts";
import { meterPage } from "../packets/page-usage-postgres.ts";
import type { LoadedCommand } from "./command-rows-postgres.ts";

/**
 * In the transaction that hears that it was sent, from the gateway or by the terminal's answer. Once, by however many
 * gateways and tries; what the network asks for itself, drills and what saves lives cost nothing.
 */
export async function meterCommand(
  tx: Db,
  { id, address, isDrill, command }: LoadedCommand,
  sentAtNs: bigint,
): Promise<void> {
  const isFree = command.createdBy.kind === "system" || command.safetyClass === "life-safety";
  if (!isDrill && !isFree) await meterPage(tx, { id, address, sentAtNs });
}
