import { toHex } from "../protocol/hex.ts";
import { usedUpTo } from "../protocol/packet/counters.ts";
import { KEY_BYTES } from "../protocol/packet/keys.ts";
import { PAGE_RESULTS } from "../protocol/packet/packet.ts";
import type { LinkGroup } from "./terminal-link.ts";

/** Commands 0 and 1 of every profile (air-interface.md, section 3): join and leave a group. */
export const JOIN_GROUP = 0;
export const LEAVE_GROUP = 1;
export const GROUPS_MAX = 16;

const GROUP_ID_BYTES = 4;
const JOIN_BYTES = GROUP_ID_BYTES + KEY_BYTES + 4;
const DONE = PAGE_RESULTS.indexOf("done");
const REJECTED = PAGE_RESULTS.indexOf("rejected");

export interface GroupChange {
  readonly groups: readonly LinkGroup[];
  readonly result: number;
}

/** Undefined for every other command: the profile knows those. */
export function changeGroups(
  groups: readonly LinkGroup[],
  command: number,
  commandArguments: Uint8Array,
): GroupChange | undefined {
  switch (command) {
    case JOIN_GROUP:
      return join(groups, commandArguments) ?? { groups, result: REJECTED };
    case LEAVE_GROUP:
      return leave(groups, commandArguments) ?? { groups, result: REJECTED };
    default:
      return undefined;
  }
}

function join(groups: readonly LinkGroup[], bytes: Uint8Array): GroupChange | undefined {
  if (bytes.length !== JOIN_BYTES) return undefined;
  const id = uint32(bytes, 0);
  const nextCounter = uint32(bytes, GROUP_ID_BYTES + KEY_BYTES);
  const others = groups.filter((group) => group.id !== id);
  const held = groups.find((group) => group.id === id);
  // a lower one would let old group pages act again
  if (held ? nextCounter <= held.heard.highest : others.length >= GROUPS_MAX) return undefined;
  const key = toHex(bytes.subarray(GROUP_ID_BYTES, GROUP_ID_BYTES + KEY_BYTES));
  return { groups: [...others, { id, key, heard: usedUpTo(nextCounter - 1) }], result: DONE };
}

function leave(groups: readonly LinkGroup[], bytes: Uint8Array): GroupChange | undefined {
  if (bytes.length !== GROUP_ID_BYTES) return undefined;
  const id = uint32(bytes, 0);
  return { groups: groups.filter((group) => group.id !== id), result: DONE };
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}
