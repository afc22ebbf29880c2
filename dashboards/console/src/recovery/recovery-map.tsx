import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useMemo, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import { outlineOf } from "../map/ellipse.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import type { RecoveryDetail, RecoveryTrack } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";
import { linesOfTrack, placeOf } from "./track-lines.ts";

const NEAR_ZOOM = 15;
const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };

interface RecoveryMapProps {
  readonly one: RecoveryDetail;
  readonly track: RecoveryTrack;
}

/** The track since the theft, live: its own fixes as a line, what the network found as dots with the ellipse of the last. */
export function RecoveryMap(props: RecoveryMapProps) {
  const config = useQuery(configQuery).data;
  return config ? <Drawn {...props} config={config} /> : <div className="recovery-map" />;
}

function Drawn({ one, track, config }: RecoveryMapProps & { readonly config: Config }) {
  const { w, t } = useWords();
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  const glyph = useProfiles().glyph(one.profile);
  const { points } = track;
  const lines = useMemo(() => linesOfTrack(points), [points]);
  const isFitted = useRef(false);
  const { address } = one;
  const { name } = one.vehicle;
  const look = one.state === "open" ? "alert" : "fresh";
  const fit = (): void => {
    fleetMap?.fit([...lines.ways.flat(), ...lines.found], NEAR_ZOOM);
  };
  useEffect(() => {
    if (!fleetMap) return;
    const last = points.at(-1);
    const known = last && (last.filtered ?? last.ellipse);
    const outline = last && known ? outlineOf(placeOf(last), known) : [];
    fleetMap.setTracks(lines.ways, lines.gaps);
    fleetMap.setLocated(lines.found);
    fleetMap.setEllipse(outline);
    const heading = last?.heading ?? null;
    fleetMap.setMarkers(
      last ? [{ address, name, glyph, state: look, heading, place: placeOf(last) }] : [],
    );
    if (isFitted.current || last === undefined) return; // what the user has moved stays
    isFitted.current = true;
    fleetMap.fit([...lines.ways.flat(), ...lines.found, ...outline], NEAR_ZOOM);
  }, [fleetMap, points, lines, address, name, glyph, look]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return (
    <>
      <div className="recovery-map" ref={container} aria-label={w("where")} />
      <p className="recovery-legend soft">
        {w("legend")} <Button onClick={fit}>{w("fit")}</Button>
      </p>
    </>
  );
}
