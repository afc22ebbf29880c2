import type { StateValue } from "../db/database.ts";
import type { StateChange } from "../packets/uplink-changes.ts";

/** One change a device, whatever their order: each field as it was measured last. */
export function mergeStates(changes: readonly StateChange[]): readonly StateChange[] {
  const merged = new Map<number, StateChange>();
  for (const change of changes) {
    const before = merged.get(change.address);
    merged.set(change.address, before ? mergeState(before, change) : change);
  }
  return [...merged.values()];
}

export function mergeState(a: StateChange, b: StateChange): StateChange {
  const [older, newer] = a.measuredAtNs <= b.measuredAtNs ? [a, b] : [b, a];
  const values: Record<string, StateValue> = { ...older.values };
  for (const [name, value] of Object.entries(newer.values)) {
    const other = values[name];
    if (!other || BigInt(other.measuredAtNs) <= BigInt(value.measuredAtNs)) values[name] = value;
  }
  return {
    ...newer,
    values,
    position: laterPosition(older.position, newer.position),
    receivedAtNs: a.receivedAtNs > b.receivedAtNs ? a.receivedAtNs : b.receivedAtNs,
  };
}

function laterPosition(a: StateChange["position"], b: StateChange["position"]) {
  if (!a || !b) return a ?? b;
  return a.measuredAtNs > b.measuredAtNs ? a : b;
}
