import { compareAlarms } from "../alarms/alarm-rows.ts";
import type { Alarm } from "../api/types.ts";

export interface DeviceAlarms {
  readonly worst: Alarm;
  /** All of the device, the worst with them. */
  readonly count: number;
}

/** By the address of the device; the worst stands for it, of the same severity the newest. */
export function alarmsByDevice(alarms: readonly Alarm[]): ReadonlyMap<number, DeviceAlarms> {
  const found = new Map<number, DeviceAlarms>();
  for (const alarm of alarms.toSorted(compareAlarms)) {
    const before = found.get(alarm.address);
    found.set(alarm.address, { worst: before?.worst ?? alarm, count: (before?.count ?? 0) + 1 });
  }
  return found;
}
