import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { configQuery, terminalQuery } from "../api/queries.ts";
import type { AlarmCaseDetail, Config } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { Marker } from "../map/fleet-map.ts";
import type { LngLat } from "../map/glide.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import { useProfiles } from "../parts/use-profiles.ts";

const NEAR_ZOOM = 15;
/** The marker of the call; no terminal has this address. */
const CALL = 0;
const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };

/** Where it was when it called, and where it is now. */
export function CaseMap({ one }: { readonly one: AlarmCaseDetail }) {
  const config = useQuery(configQuery).data;
  return config ? <Drawn one={one} config={config} /> : undefined;
}

function Drawn({ one, config }: { readonly one: AlarmCaseDetail; readonly config: Config }) {
  const { t, format } = useSpeech();
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  const markers = useMarkers(one);
  const { latitude, longitude } = one;
  useEffect(() => {
    fleetMap?.setMarkers(markers);
  }, [fleetMap, markers]);
  useEffect(() => {
    if (latitude !== null && longitude !== null) fleetMap?.fit([[longitude, latitude]], NEAR_ZOOM);
  }, [fleetMap, latitude, longitude]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return (
    <>
      <p className="small-empty">
        {latitude === null || longitude === null ? "" : format.coordinates(latitude, longitude)}{" "}
        {t("cases.map.legend")}
      </p>
      <div className="case-map" ref={container} aria-label={t("cases.place")} />
    </>
  );
}

function useMarkers({ address, latitude, longitude }: AlarmCaseDetail): readonly Marker[] {
  const { t } = useSpeech();
  const profiles = useProfiles();
  const terminal = useQuery(terminalQuery(address)).data;
  return useMemo(() => {
    const glyph = profiles.glyph(terminal?.profile ?? "vehicle");
    const marker = (at: LngLat, of: Pick<Marker, "address" | "name" | "state">): Marker => ({
      ...of,
      ...{ glyph, heading: null, place: at },
    });
    const call: readonly Marker[] =
      latitude === null || longitude === null
        ? []
        : [
            marker([longitude, latitude], {
              address: CALL,
              name: t("cases.map.call"),
              state: "alert",
            }),
          ];
    if (!terminal || terminal.latitude === null || terminal.longitude === null) return call;
    if (terminal.latitude === latitude && terminal.longitude === longitude) return call;
    const now = { address, name: t("cases.map.now"), state: "fresh" } as const;
    return [marker([terminal.longitude, terminal.latitude], now), ...call];
  }, [terminal, address, latitude, longitude, profiles, t]);
}
