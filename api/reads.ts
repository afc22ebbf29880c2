import type { Paying } from "../domain/billing/start-billing.ts";
import type { Profiles } from "../domain/devices/profile-load.ts";
import type { SimulatedTerminals } from "../domain/devices/simulated-terminals.ts";
import type { Identity } from "../domain/identity/identity.ts";
import type { Imports } from "../domain/imports/imports.ts";
import type { NotificationDesk } from "../domain/notifications/notification-desk.ts";
import type { RecoveryDesk } from "../domain/recovery/recoveries.ts";
import type { TelemetryReader } from "../domain/telemetry/telemetry.ts";
import type { Measure } from "./http/metrics.ts";
import type { LiveEvents } from "./live-events.ts";
import type { ApiPorts } from "./start-ports.ts";
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
export interface ApiReads extends ApiPorts {
  readonly telemetry: TelemetryReader;
  readonly profiles: Profiles;
  readonly live: LiveEvents;
  readonly imports: Imports;
  readonly map: MapSource;
  readonly demo: boolean;
  readonly simulated: SimulatedTerminals;
  /** Whether one may sign in as a person of the demonstration. */
  readonly demoCards: boolean;
  readonly identity: Identity;
  readonly paying: Paying;
  readonly notifications: NotificationDesk;
  readonly recovery: RecoveryDesk;
  /** Where gateways elsewhere find the broker, by the name under which the caller reached us. */
  readonly brokerUrl: (hostname: string) => string;
  /** Whether browsers reach it over TLS. */
  readonly isSecure: boolean;
  /** What the parts in this process count. */
  readonly measure: () => readonly Measure[];
  readonly health: () => Promise<Readonly<Record<string, HealthPart>>>;
}
