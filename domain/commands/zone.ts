/** A gateway as far as the way down to one terminal goes. */
export interface ZoneGateway {
  readonly gatewayId: string;
  readonly isOnline: boolean;
  /** dBm of the terminal's last packet there; null: it did not hear that one. */
  readonly lastPacketDbm: number | null;
  /** Ms since the Unix epoch; null: not within `HEARD_WITHIN_MS`. */
  readonly heardAtMs: number | null;
}

export const HEARD_WITHIN_MS = 24 * 3_600_000;

/**
 * The gateways that send attempt `attempt` (from 0), in this order: the one that heard the terminal best; all that heard
 * its last packet; all that heard it within a day; everywhere. A gateway that is away sends nothing, and a zone without
 * any is as good as the next wider one. Empty only when no gateway is online at all.
 */
export function zoneOf(gateways: readonly ZoneGateway[], attempt: number): readonly string[] {
  const online = gateways
    .filter(({ isOnline }) => isOnline)
    .sort((a, b) => levelOf(b) - levelOf(a) || (b.heardAtMs ?? 0) - (a.heardAtMs ?? 0));
  const last = online.filter(({ lastPacketDbm }) => lastPacketDbm !== null);
  const recent = online.filter(({ heardAtMs }) => heardAtMs !== null);
  const zones = [last.slice(0, 1), last, recent, online].filter((zone) => zone.length > 0);
  const wider = distinct(zones);
  const zone = wider[Math.min(attempt, wider.length - 1)] ?? [];
  return zone.map(({ gatewayId }) => gatewayId);
}

/** A retry over the same gateways would widen nothing. */
const distinct = (zones: readonly (readonly ZoneGateway[])[]) =>
  zones.filter((zone, at) => zone.length !== zones[at - 1]?.length);

const levelOf = ({ lastPacketDbm }: ZoneGateway): number => lastPacketDbm ?? -Infinity;
