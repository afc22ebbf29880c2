import { identityKey, type LoggedPacket } from "../domain/packets/uplink-changes.ts";

const RECENT_MAX = 20_000;

export type RecentPackets = ReturnType<typeof createRecentPackets>;

/** Accepted packets of the last minutes. Most uplinks are copies, and these are what they are copies of. */
export function createRecentPackets() {
  const byIdentity = new Map<string, LoggedPacket>();
  const byBytes = new Map<string, string>();

  function drop(key: string): void {
    const packet = byIdentity.get(key);
    if (!packet) return;
    byIdentity.delete(key);
    byBytes.delete(bytesKey(packet.bytes));
  }

  return {
    findByIdentity: (key: string): LoggedPacket | undefined => byIdentity.get(key),

    findByBytes(key: string): LoggedPacket | undefined {
      const identity = byBytes.get(key);
      return identity === undefined ? undefined : byIdentity.get(identity);
    },

    remember(packet: LoggedPacket): void {
      const key = identityKey(packet);
      drop(key); // the newest is at the end
      byIdentity.set(key, packet);
      byBytes.set(bytesKey(packet.bytes), key);
      const oldest = byIdentity.size > RECENT_MAX ? byIdentity.keys().next().value : undefined;
      if (oldest !== undefined) drop(oldest);
    },

    /** Another process may have judged packets since. */
    forget(): void {
      byIdentity.clear();
      byBytes.clear();
    },
  };
}

/** Asked several times of each uplink; spreading the bytes would take ten times as long. */
export const bytesKey = (bytes: Uint8Array): string =>
  String.fromCharCode.apply(null, bytes as unknown as number[]); // any list of numbers does
