import type { StateValue } from "../db/database.ts";
import { isReadableAt, type Reach, readableWindows } from "../identity/policy.ts";
import type { DeviceDetail, FleetPosition, HeldPosition, HeldStretch } from "./devices.ts";

export const stretchesWithin = (held: readonly HeldStretch[], reach: ReadonlySet<string>) =>
  held.filter(
    ({ customerId, fromNs, toNs }) => reach.has(customerId) && (toNs === null || toNs > fromNs),
  );

/** The stretch that lasts, when it is within reach. */
const currentOf = (held: readonly HeldStretch[], reach: ReadonlySet<string>) =>
  held.find(({ customerId, toNs }) => toNs === null && reach.has(customerId));

/** Whether a reader holds it now: only then its name and place are theirs to see. */
export const isHeldNow = (held: readonly HeldStretch[], reach: Reach): boolean =>
  reach === "all" || currentOf(held, reach) !== undefined;

/** What a reader may see of a terminal's last position; undefined when it is not theirs now, or has none to show. */
export function positionWithin(
  held: HeldPosition,
  reach: ReadonlySet<string>,
): FleetPosition | undefined {
  const current = currentOf(held.held, reach);
  if (!current) return undefined;
  const windows = readableWindows(reach, held.held);
  const isTheirs = (ns: bigint | null): ns is bigint => ns !== null && isReadableAt(windows, ns);
  const { fix, address, name, profile } = held;
  const measuredAtNs = isTheirs(held.measuredAtNs) ? held.measuredAtNs : null;
  const shown =
    fix && isTheirs(fix.measuredAtNs)
      ? fix
      : current.place && { ...current.place, source: "installed", measuredAtNs };
  if (!shown) return undefined;
  const number = (value: StateValue | null): number | null =>
    value && typeof value.value === "number" && isTheirs(BigInt(value.measuredAtNs))
      ? value.value
      : null;
  return {
    address,
    name,
    profile,
    latitude: shown.latitude,
    longitude: shown.longitude,
    measuredAtNs: shown.measuredAtNs,
    heardAtNs: measuredAtNs === null ? null : held.receivedAtNs,
    source: shown.source,
    heading: number(held.heading),
    speed: number(held.speed),
  };
}

/** The detail of a terminal that is or was within reach: what was measured while it was, and no more. */
export function detailWithin(
  device: DeviceDetail,
  held: HeldPosition,
  reach: ReadonlySet<string>,
): DeviceDetail {
  const windows = readableWindows(reach, held.held);
  const isTheirs = (ns: bigint | null): ns is bigint => ns !== null && isReadableAt(windows, ns);
  const current = currentOf(held.held, reach);
  const hasFix = isTheirs(device.positionMeasuredAtNs);
  const place = hasFix
    ? { latitude: device.latitude, longitude: device.longitude }
    : (current?.place ?? { latitude: null, longitude: null });
  const isMeasuredTheirs = isTheirs(device.measuredAtNs);
  const bounded: DeviceDetail = {
    ...device,
    ...place,
    badTags: null, // the operator's own matter
    positionSource: hasFix ? device.positionSource : place.latitude === null ? null : "installed",
    positionMeasuredAtNs: hasFix ? device.positionMeasuredAtNs : null,
    positionEllipse: hasFix ? device.positionEllipse : null,
    measuredAtNs: isMeasuredTheirs ? device.measuredAtNs : null,
    receivedAtNs: isMeasuredTheirs ? held.receivedAtNs : null,
    values: Object.fromEntries(
      Object.entries(device.values).filter(([, { measuredAtNs }]) =>
        isTheirs(BigInt(measuredAtNs)),
      ),
    ),
  };
  if (current) return bounded;
  return {
    ...bounded,
    name: device.serial, // what it is called now is the present owner's affair
    lifeCycle: "former",
    batteryPercent: null,
    hardwareVersion: null,
    firmwareVersion: null,
    session: null,
  };
}
