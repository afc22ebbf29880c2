/** Whom a group's key is sealed for; the id is the one on the air. */
export const groupKeyOwner = (keyId: number): string => `group ${keyId}`;

/** How far a key has come to a member, or away from who was one. `joining` and `leaving`: a command is to see to it, or has to be sent again. */
export interface KeyHolder {
  readonly address: number;
  readonly state: "wanted" | "joining" | "held" | "leaving";
}

export interface KeyPlan {
  /** Somebody may know the present key who is no member any more: the group goes on under another. */
  readonly retires: boolean;
  /** Members that are to get the key, the new one if the present one retires or there is none. */
  readonly wants: readonly number[];
  /** Are not members any more, and the key was never on its way to them. */
  readonly drops: readonly number[];
}

/** What is to become of a group's key, given who is in the group and who may hold the present one; undefined where there is none. */
export function planKey(
  members: ReadonlySet<number>,
  holders: readonly KeyHolder[] | undefined,
): KeyPlan {
  const all = [...members];
  if (holders === undefined) return { retires: false, wants: all, drops: [] };
  const strangers = holders.filter(({ address }) => !members.has(address));
  if (strangers.some(({ state }) => state !== "wanted"))
    return { retires: true, wants: all, drops: [] };
  const known = new Set(holders.map(({ address }) => address));
  return {
    retires: false,
    wants: all.filter((address) => !known.has(address)),
    drops: strangers.map(({ address }) => address),
  };
}

const RETRY_FIRST_MS = 60_000;
const RETRY_MAX_MS = 24 * 3_600_000;

/** How long after its `tries`-th failure (from 1) a key's command is sent again: each time four times as long, a day at most. */
export const keyRetryMs = (tries: number): number =>
  Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 4 ** Math.min(tries - 1, 10));

/** Whoever does not answer so often that it is to leave is given up: its key opens nothing any more. */
export const LEAVE_TRIES_MAX = 5;

/** Join group: number 0 · group id 4 · next counter 4. The key stands between them on the air and is put there when the page is sealed. */
export function joinPlaintext(keyId: number, nextCounter: number): Uint8Array {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  view.setUint32(1, keyId);
  view.setUint32(5, nextCounter);
  return bytes;
}

/** Leave group: number 1 · group id 4. */
export function leavePlaintext(keyId: number): Uint8Array {
  const bytes = new Uint8Array(5);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, keyId);
  return bytes;
}
