import "./map.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import type { Config, Terminal, Track } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { nowMs } from "../time/clock.ts";
import { outlineOf } from "./ellipse.ts";
import type { LngLat } from "./glide.ts";
import { useFleetMap } from "./use-fleet-map.ts";

interface TrackMapProps {
  readonly terminal: Pick<
    Terminal,
    "address" | "name" | "latitude" | "longitude" | "positionEllipse" | "profile" | "receivedAt"
  >;
  readonly points: Track["points"];
}

/** Where one terminal has been, on a small map of its own. */
export function TrackMap(props: TrackMapProps) {
  const config = useQuery(configQuery).data;
  return config ? <Drawn {...props} config={config} /> : undefined;
}

const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };

function Drawn({ terminal, points, config }: TrackMapProps & { readonly config: Config }) {
  const { t } = useSpeech();
  const glyph = useProfiles().glyph(terminal.profile);
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  const { address, name, latitude, longitude, positionEllipse, profile, receivedAt } = terminal;
  const fitted = useRef("");
  useEffect(() => {
    if (!fleetMap) return;
    const track = points.map((point): LngLat => [point.longitude, point.latitude]);
    const place: LngLat | undefined =
      latitude === null || longitude === null ? track.at(-1) : [longitude, latitude];
    const outline = place && positionEllipse ? outlineOf(place, positionEllipse) : [];
    fleetMap.setTrack(track);
    fleetMap.setEllipse(outline);
    if (place) {
      const age = freshnessOf(profile, receivedAt, nowMs());
      fleetMap.setMarkers([{ address, name, glyph, state: age, heading: null, place }]);
    }
    const first = points[0]?.time ?? "";
    if (fitted.current === first && first !== "") return; // what the user has moved stays
    fitted.current = first;
    fleetMap.fit([...track, ...(place ? [place] : []), ...outline], 14.5);
  }, [
    fleetMap,
    points,
    address,
    name,
    glyph,
    latitude,
    longitude,
    positionEllipse,
    profile,
    receivedAt,
  ]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return <div className="track-map" ref={container} aria-label={t("terminal.track")} />;
}
