import type { Clock } from "../base/clock.ts";
import type { Devices } from "../domain/devices/devices.ts";
import type { Gateways } from "../domain/devices/gateways.ts";
import type { Profiles } from "../domain/devices/profile-load.ts";
import type { PacketLog } from "../domain/packets/packet-log.ts";
import type { Provisioning } from "../domain/provisioning/provisioning.ts";
import type { TelemetryReader } from "../domain/telemetry/telemetry.ts";
import type { LiveEvents } from "./live-events.ts";
import type { HealthPart } from "./views.ts";

/** What lies under the console's map. */
export interface MapSource {
  /** MapLibre style of the operator's own; without it the streets are drawn. */
  readonly styleUrl: string | undefined;
  /** GeoJSON; undefined when nothing is simulated. */
  readonly streets: unknown;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
}

/** Everything that the routes ask. */
export interface ApiReads {
  readonly clock: Clock;
  readonly devices: Devices;
  readonly packets: PacketLog;
  readonly gateways: Gateways;
  readonly telemetry: TelemetryReader;
  readonly profiles: Profiles;
  readonly live: LiveEvents;
  readonly provisioning: Provisioning;
  readonly map: MapSource;
  readonly demo: boolean;
  readonly health: () => Promise<Readonly<Record<string, HealthPart>>>;
}
