import { existsSync, readFileSync } from "node:fs";
import { decodeUplink, type Uplink } from "../../protocol/messages.ts";
import { unhex } from "../hex.ts";

/** A packet that is in a gateway's outbox: a line, written by the gateway's own process beside the outbox. */
export interface TakenLine {
  readonly outbox: string;
  readonly sequence: string;
  readonly record: string;
}

export const TAKEN_LOG = "TEST_TAKEN_LOG";

/** All that a gateway ever had in its outbox, by place; the last line may have been cut short by a kill. */
export function readTaken(file: string): ReadonlyMap<string, Uplink> {
  const taken = new Map<string, Uplink>();
  if (!existsSync(file)) return taken;
  for (const text of readFileSync(file, "utf8").split("\n")) {
    if (!text.endsWith("}")) continue;
    const { outbox, sequence, record } = JSON.parse(text) as TakenLine; // written by the gateway's wrapper
    const decoded = decodeUplink(unhex(record));
    if (!decoded.ok) throw new Error(`a record does not decode: ${decoded.fault}`);
    const uplink = { ...decoded.message, outboxId: outbox, sequence: BigInt(sequence) };
    taken.set(`${uplink.gatewayId}/${outbox}/${sequence}`, uplink);
  }
  return taken;
}
