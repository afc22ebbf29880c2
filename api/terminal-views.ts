import type { DeviceDetail, DeviceSummary, FleetPosition } from "../domain/devices/devices.ts";
import type { Profile } from "../domain/devices/profile.ts";
import { isoTime, isoTimeOrNull } from "./http/query.ts";
import type { PositionView, TerminalSummaryView, TerminalView } from "./views.ts";

export const positionView = (position: FleetPosition): PositionView => ({
  address: position.address,
  name: position.name,
  profile: position.profile,
  latitude: position.latitude,
  longitude: position.longitude,
  measuredAt: isoTimeOrNull(position.measuredAtNs),
  heardAt: isoTimeOrNull(position.heardAtNs),
  source: position.source,
  heading: position.heading,
  speed: position.speed,
});

const MAINS = 255; // what an attach says in place of a percentage (air-interface.md section 2)

export const terminalSummaryView = (device: DeviceSummary): TerminalSummaryView => ({
  address: device.address,
  serial: device.serial,
  name: device.name,
  profile: device.profile,
  lifeCycle: device.lifeCycle,
  latitude: device.latitude,
  longitude: device.longitude,
  measuredAt: isoTimeOrNull(device.measuredAtNs),
  receivedAt: isoTimeOrNull(device.receivedAtNs),
  batteryPercent: device.batteryPercent === MAINS ? null : device.batteryPercent,
});

export function terminalView(device: DeviceDetail, profile: Profile | undefined): TerminalView {
  const fields = profile?.reports.flatMap((report) => report.fields) ?? [];
  const order = new Map(fields.map((field, i) => [field.name, { field, i }]));
  return {
    ...terminalSummaryView(device),
    badTags: device.badTags,
    hardwareVersion: device.hardwareVersion,
    firmwareVersion: device.firmwareVersion,
    positionSource: device.positionSource,
    positionEllipse: device.positionEllipse,
    values: Object.entries(device.values)
      .sort(([a], [b]) => (order.get(a)?.i ?? fields.length) - (order.get(b)?.i ?? fields.length))
      .map(([name, { value, measuredAtNs, report }]) => ({
        name,
        label: order.get(name)?.field.label ?? { en: name, "zh-CN": name },
        value,
        unit: order.get(name)?.field.unit ?? "",
        report,
        measuredAt: isoTime(BigInt(measuredAtNs)),
      })),
    lastReceptions: device.lastReceptions.map((reception) => ({
      gatewayId: reception.gatewayId,
      rssiDbm: reception.rssiDbm,
      snrDb: reception.snrDb,
      receivedAt: isoTime(reception.receivedAtNs),
    })),
    session: device.session && {
      state: device.session.state,
      since: device.session.since.toISOString(),
      highestCounter: device.session.highestCounter,
    },
  };
}
