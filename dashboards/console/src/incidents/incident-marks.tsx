import type { Incident } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { GatewayLink } from "../parts/gateway-link.tsx";

interface IncidentProps {
  readonly incident: Incident;
}

/** The gateway, or the middle of an area. */
export function IncidentPlace({ incident }: IncidentProps) {
  const { t, format } = useSpeech();
  const { gatewayId, latitude, longitude } = incident;
  if (gatewayId !== null) return <GatewayLink id={gatewayId} />;
  if (latitude === null || longitude === null) return <>{t("incidents.area")}</>;
  return <>{t("incidents.area.at", { place: format.coordinates(latitude, longitude) })}</>;
}

export function IncidentState({ incident }: IncidentProps) {
  const { t, format } = useSpeech();
  const { openedAt, closedAt } = incident;
  if (closedAt === null) return <span className="alert-text">{t("incidents.going")}</span>;
  const lasted = format.duration(Date.parse(closedAt) - Date.parse(openedAt));
  return <span className="soft">{t("incidents.over", { lasted })}</span>;
}
