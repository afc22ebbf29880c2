import { partitionOf } from "../../protocol/packet/packet.ts";

/** Everything about a terminal is done by the process that works its partition. */
export function partitionOfAddress(address: number): number {
  const head = new Uint8Array(5); // an address is found behind a packet's first byte
  new DataView(head.buffer).setUint32(1, address);
  return partitionOf(head) ?? 0;
}
