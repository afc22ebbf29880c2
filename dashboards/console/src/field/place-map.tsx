import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, Map as MapLibre, Marker, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { useEffect, useRef, useState } from "react";
import { type Language, useSpeech } from "../i18n/language.tsx";
import { streetStyle } from "../map/map-style.ts";
import { firstTheme } from "../theme/first-theme.ts";
import { PALETTES } from "../theme/palette.ts";
import { type MapSource, mapSource } from "./server.ts";

setWorkerUrl(workerUrl);

const NEAR_ZOOM = 15;

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

interface PlaceMapProps {
  readonly place: Place | undefined;
  readonly onPick: (place: Place) => void;
}

/** The map to tap on. Without a network, or where there is none, it says so: the place can still be typed. */
export function PlaceMap(props: PlaceMapProps) {
  const { t } = useSpeech();
  const source = useSource();
  const [hasFailed, setFailed] = useState(false);
  if (source === "away" || hasFailed) return <p className="soft">{t("field.map.away")}</p>;
  if (source === undefined) return <p className="soft">{t("app.loading")}</p>;
  if (source.styleUrl === null && source.streetsUrl === null)
    return <p className="soft">{t("field.map.none")}</p>;
  return (
    <Drawn
      {...props}
      source={source}
      onFailed={() => {
        setFailed(true);
      }}
    />
  );
}

function useSource(): MapSource | "away" | undefined {
  const [source, setSource] = useState<MapSource | "away">();
  useEffect(() => {
    let current = true;
    const set = (next: MapSource | "away"): void => {
      if (current) setSource(next);
    };
    mapSource().then(set, () => {
      set("away");
    });
    return () => {
      current = false;
    };
  }, []);
  return source;
}

interface DrawnProps extends PlaceMapProps {
  readonly source: MapSource;
  readonly onFailed: () => void;
}

function Drawn({ place, onPick, source, onFailed }: DrawnProps) {
  const { t, language } = useSpeech();
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre>();
  const latest = useRef({ onPick, onFailed });
  useEffect(() => {
    latest.current = { onPick, onFailed };
  });
  useEffect(() => {
    if (!container.current) return undefined;
    let made: MapLibre;
    try {
      made = openMap(container.current, source, language);
    } catch {
      latest.current.onFailed(); // MapLibre throws when the browser gives no WebGL
      return undefined;
    }
    made.on("click", ({ lngLat }) => {
      const { lng, lat } = lngLat.wrap();
      latest.current.onPick({ latitude: lat, longitude: lng });
    });
    made.on("error", () => {
      latest.current.onFailed();
    });
    setMap(made);
    return () => {
      setMap(undefined);
      made.remove();
    };
  }, [source, language]);
  usePin(map, place);
  return (
    <>
      <p className="soft">{t("field.map.tap")}</p>
      <div className="field-map" ref={container} aria-label={t("field.place.map")} />
    </>
  );
}

/** The pin at the place; the map goes there when it is out of sight. */
function usePin(map: MapLibre | undefined, place: Place | undefined): void {
  const latitude = place?.latitude;
  const longitude = place?.longitude;
  useEffect(() => {
    if (map === undefined || latitude === undefined || longitude === undefined) return undefined;
    const at = { lat: latitude, lng: longitude };
    const pin = new Marker({ color: PALETTES[firstTheme()].accent }).setLngLat(at).addTo(map);
    if (!map.getBounds().contains(at) || map.getZoom() < NEAR_ZOOM - 3)
      map.jumpTo({ center: at, zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
    return () => {
      pin.remove();
    };
  }, [map, latitude, longitude]);
}

function openMap(container: HTMLElement, source: MapSource, language: Language): MapLibre {
  const { styleUrl, streetsUrl, bounds } = source;
  const [west = 0, south = 0, east = 0, north = 0] = bounds;
  const map = new MapLibre({
    container,
    style: styleUrl ?? streetStyle(streetsUrl, PALETTES[firstTheme()], language),
    bounds: [west, south, east, north],
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 18,
  });
  map.touchZoomRotate.disableRotation();
  if (styleUrl !== null) map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  return map;
}
