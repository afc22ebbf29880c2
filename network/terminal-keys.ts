import type { KeySeal } from "../domain/devices/key-seal.ts";
import type {
  LoadedSession,
  LoadedTerminal,
  WorkingSession,
} from "../domain/packets/uplink-changes.ts";
import { type SessionKeys, sessionKey } from "../protocol/packet/keys.ts";

const SESSIONS_MAX = 50_000;

export type TerminalKeys = ReturnType<typeof createTerminalKeys>;

/** Opens root keys and derives session keys, when first needed. Keys never change, so what is remembered stays right. */
export function createTerminalKeys(seal: KeySeal) {
  const derived = new Map<string, Partial<Record<Direction, Uint8Array>>>();

  function rootKey({ address, sealedRootKey }: Sealed): Uint8Array {
    return seal.open(address, sealedRootKey);
  }

  /** Most packets are never answered, so a downlink key is derived only when one is. */
  function keyOf(terminal: Sealed, session: Nonces, direction: Direction): Uint8Array {
    const keys = remembered(`${terminal.address}.${session.networkNonce}`);
    const { address } = terminal;
    const { attachNonce, networkNonce } = session;
    keys[direction] ??= sessionKey(rootKey(terminal), direction, {
      address,
      attachNonce,
      networkNonce,
    });
    return keys[direction];
  }

  function remembered(name: string): Partial<Record<Direction, Uint8Array>> {
    const known = derived.get(name);
    if (known) return known;
    const keys = {};
    derived.set(name, keys);
    const oldest = derived.size > SESSIONS_MAX ? derived.keys().next().value : undefined;
    if (oldest !== undefined) derived.delete(oldest);
    return keys;
  }

  return {
    rootKey,
    downKey: (terminal: Sealed, session: Nonces): Uint8Array => keyOf(terminal, session, "down"),

    working(terminal: Sealed, session: LoadedSession, isNew = false): WorkingSession {
      return {
        ...session,
        isNew,
        isChanged: false,
        get upKey() {
          return keyOf(terminal, session, "up");
        },
        get downKey() {
          return keyOf(terminal, session, "down");
        },
      };
    },
  };
}

type Direction = keyof SessionKeys;
type Sealed = Pick<LoadedTerminal, "address" | "sealedRootKey">;
type Nonces = Pick<LoadedSession, "attachNonce" | "networkNonce">;
