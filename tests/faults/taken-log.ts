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

/** All that a gateway ever had in its outbox, by place; each look reads what has been added since the last. */
export function takenLog(file: string): () => ReadonlyMap<string, Uplink> {
  const taken = new Map<string, Uplink>();
  let readBytes = 0;
  return () => {
    const bytes = existsSync(file) ? readFileSync(file).subarray(readBytes) : new Uint8Array();
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1); // a line may still be under way
    readBytes += whole.length;
    for (const text of new TextDecoder().decode(whole).split("\n")) {
      if (text === "") continue;
      const { outbox, sequence, record } = JSON.parse(text) as TakenLine; // written by the gateway's wrapper
      const decoded = decodeUplink(unhex(record));
      if (!decoded.ok) throw new Error(`a record does not decode: ${decoded.fault}`);
      const uplink = { ...decoded.message, outboxId: outbox, sequence: BigInt(sequence) };
      taken.set(`${uplink.gatewayId}/${outbox}/${sequence}`, uplink);
    }
    return taken;
  };
}

const NEWLINE = 10;
