import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import type { Config, Terminal, Trips } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { outlineOf } from "../map/ellipse.ts";
import type { LngLat } from "../map/glide.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { linesOf, locatedUnknown, type Moment } from "./replay.ts";

const NEAR_ZOOM = 15;
const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };

interface ReplayMapProps {
  readonly terminal: Terminal;
  readonly trips: Trips;
  readonly moment: Moment;
}

/**
 * The day's ways; what nobody knows is a broken line, and there the vehicle stays grey where it was lost, or where the
 * network found it: hollow dots, and the ellipse of the one that holds.
 */
export function ReplayMap(props: ReplayMapProps) {
  const config = useQuery(configQuery).data;
  return config ? <Drawn {...props} config={config} /> : <div className="replay-map" />;
}

function Drawn({ terminal, trips, moment, config }: ReplayMapProps & { readonly config: Config }) {
  const { t } = useSpeech();
  const glyph = useProfiles().glyph(terminal.profile);
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  const fitted = useRef("");
  const { address, name } = terminal;
  const { place, stretch, fix, located } = moment;
  const heading = stretch?.state === "moving" ? (fix?.heading ?? null) : null;
  const look = stretch?.state === "unknown" ? "silent" : "fresh";
  useEffect(() => {
    if (!fleetMap) return;
    const { tracks, gaps } = linesOf(trips);
    const found = locatedUnknown(trips).map((each): LngLat => [each.longitude, each.latitude]);
    fleetMap.setTracks(tracks, gaps);
    fleetMap.setLocated(found);
    if (fitted.current === trips.from) return; // what the user has moved stays
    fitted.current = trips.from;
    fleetMap.fit([...tracks, ...gaps, found].flat(), NEAR_ZOOM);
  }, [fleetMap, trips]);
  useEffect(() => {
    fleetMap?.setMarkers(
      place === undefined ? [] : [{ address, name, glyph, state: look, heading, place }],
      false,
    );
  }, [fleetMap, address, name, glyph, look, heading, place]);
  useEffect(() => {
    fleetMap?.setEllipse(
      located === undefined ? [] : outlineOf([located.longitude, located.latitude], located),
    );
  }, [fleetMap, located]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return <div className="replay-map" ref={container} aria-label={t("terminal.track")} />;
}
