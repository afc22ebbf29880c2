import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import {
  type GeoJSONStoreFeatures,
  type HexColor,
  TerraDraw,
  TerraDrawCircleMode,
  TerraDrawLineStringMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { configQuery } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import type { FleetMap } from "../map/fleet-map.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import type { Palette } from "../theme/palette.ts";
import { useTheme } from "../theme/theme.tsx";
import { circleOfRing, fromLngLat, ringOf, toLngLat } from "./coordinates.ts";
import type { Draft } from "./draft.ts";
import { useWords } from "./rule-words.ts";

type Shape = Pick<Draft, "shape" | "centre" | "radiusM" | "points" | "widthM">;

interface AreaMapProps {
  readonly area: Shape;
  readonly set: (next: Partial<Draft>) => void;
}

const MODES = { circle: "circle", polygon: "polygon", corridor: "linestring" } as const;
const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };
const NEAR_ZOOM = 15;

/** The area on a map, to be drawn and changed. Theme and language make another one: a new style drops what was drawn. */
export function AreaMap(props: AreaMapProps) {
  const config = useQuery(configQuery).data;
  const { palette } = useTheme();
  const { language } = useWords();
  if (config === undefined) return undefined;
  return <Drawn key={palette.ground + language} {...props} config={config} palette={palette} />;
}

interface DrawnProps extends AreaMapProps {
  readonly config: Config;
  readonly palette: Palette;
}

function Drawn({ area, set, config, palette }: DrawnProps) {
  const { w } = useWords();
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  const isReady = state === "ready" || state === "no-streets";
  useDrawing(isReady ? fleetMap : undefined, { area, set, palette });
  const places = placesOf(area);
  const isDrawn = places.length > 0;
  const fitted = useRef(false);
  useEffect(() => {
    if (!isReady || !fleetMap || !isDrawn || fitted.current) return;
    fitted.current = true;
    fleetMap.fit(places, NEAR_ZOOM);
  }, [fleetMap, isReady, isDrawn, places]);
  if (state === "failed") return <p className="soft">{w("area.map.failed")}</p>;
  return (
    <div className="area-map-box">
      <small className="soft">{w(`area.map.${area.shape}`)}</small>
      <div
        className="area-map"
        ref={container}
        role="group"
        aria-label={w("area.map")}
        data-ready={isReady}
      />
      <span className="form-buttons">
        <Button
          size="small"
          disabled={!isDrawn}
          onClick={() => {
            set({ points: [], centre: null });
          }}
        >
          {w("area.redraw")}
        </Button>
        <Button
          size="small"
          disabled={!isDrawn}
          onClick={() => {
            fleetMap?.fit(places, NEAR_ZOOM);
          }}
        >
          {w("area.fit")}
        </Button>
      </span>
    </div>
  );
}

const placesOf = ({ shape, centre, radiusM, points }: Shape): [number, number][] =>
  shape === "circle"
    ? centre && radiusM !== null
      ? ringOf(centre, radiusM)
      : []
    : points.map(toLngLat);

interface Drawing extends AreaMapProps {
  readonly palette: Palette;
}

/** Keeps what is drawn and what is written the same, whichever of them was changed. */
function useDrawing(fleetMap: FleetMap | undefined, { area, set, palette }: Drawing): void {
  const [draw, setDraw] = useState<TerraDraw>();
  const latest = useRef(set);
  const known = useRef("");
  useEffect(() => {
    latest.current = set;
  });
  // of the layout, for its end must come before the map's own
  useLayoutEffect(() => {
    if (!fleetMap) return undefined;
    const made = openDrawing(fleetMap.map, palette);
    made.on("finish", (id) => {
      const feature = made.getSnapshotFeature(id);
      const drawn = feature && shapeOf(feature);
      if (drawn === undefined) return;
      latest.current(drawn);
    });
    setDraw(made);
    known.current = "";
    return () => {
      setDraw(undefined);
      made.stop();
    };
  }, [fleetMap, palette]);
  const { shape } = area;
  const written = JSON.stringify([shape, placesOf(area)]);
  useEffect(() => {
    if (!draw || known.current === written) return;
    known.current = written;
    const isShown = show(draw, area);
    if (!isShown) draw.setMode(MODES[shape]);
  }, [draw, shape, written, area]);
  useCorridorWidth(fleetMap, area, palette);
}

/** Draws an area and takes hold of it; false where there is none. */
function show(draw: TerraDraw, area: Shape): boolean {
  draw.clear();
  const feature = featureOf(area);
  if (feature === undefined) return false;
  const [{ id, valid } = { id: undefined, valid: false }] = draw.addFeatures([feature]);
  draw.setMode("select");
  if (valid && id !== undefined) draw.selectFeature(id);
  return true;
}

function featureOf(area: Shape): GeoJSONStoreFeatures | undefined {
  const places = placesOf(area);
  const mode = MODES[area.shape];
  const [first] = places;
  if (first === undefined) return undefined;
  if (area.shape === "corridor") {
    if (places.length < 2) return undefined;
    const geometry = { type: "LineString" as const, coordinates: places };
    return { type: "Feature", properties: { mode }, geometry };
  }
  if (places.length < 3) return undefined;
  const ring = area.shape === "circle" ? places : [...places, first];
  const more = area.shape === "circle" ? { radiusKilometers: (area.radiusM ?? 0) / 1_000 } : {};
  const geometry = { type: "Polygon" as const, coordinates: [ring] };
  return { type: "Feature", properties: { mode, ...more }, geometry };
}

/** What was drawn, as the rule says it. */
function shapeOf({ geometry, properties }: GeoJSONStoreFeatures): Partial<Draft> | undefined {
  if (geometry.type === "LineString") return { points: geometry.coordinates.map(fromLngLat) };
  if (geometry.type !== "Polygon") return undefined;
  const [ring = []] = geometry.coordinates;
  if (properties["mode"] !== MODES.circle) return { points: ring.slice(0, -1).map(fromLngLat) };
  return circleOfRing(ring);
}

type Handle = GeoJSONStoreFeatures["properties"];

const RADIUS_START_KM = 0.05;

function openDrawing(map: MapLibre, palette: Palette): TerraDraw {
  const colour = hexOf(palette.accent);
  const area = { fillColor: colour, fillOpacity: 0.18, outlineColor: colour, outlineWidth: 2 };
  const line = { lineStringColor: colour, lineStringWidth: 3 };
  const corners = { midpoints: true, draggable: true, deletable: true };
  const onHandle = (px: number) => (point: GeoJSONStoreFeatures) =>
    isHidden(draw, point.properties) ? 0 : px;
  const draw: TerraDraw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode({ styles: area }),
      new TerraDrawCircleMode({ styles: area, startingRadiusKilometers: RADIUS_START_KM }),
      new TerraDrawLineStringMode({ styles: line }),
      new TerraDrawSelectMode({
        flags: {
          polygon: { feature: { draggable: true, coordinates: corners } },
          linestring: { feature: { draggable: true, coordinates: corners } },
          circle: { feature: { draggable: true, coordinates: { resizable: "center" } } },
        },
        styles: {
          selectedPolygonColor: colour,
          selectedPolygonFillOpacity: 0.18,
          selectedPolygonOutlineColor: colour,
          selectedLineStringColor: colour,
          selectionPointColor: hexOf(palette.surface),
          selectionPointOutlineColor: colour,
          selectionPointWidth: onHandle(6),
          selectionPointOutlineWidth: onHandle(2),
          midPointColor: colour,
        },
      }),
    ],
  });
  draw.start();
  return draw;
}

const HANDLE_EVERY = 16;

/** Whether a handle is left out: a circle is a ring of many corners, and four of them are enough to hold it by. */
function isHidden(draw: TerraDraw, { index, selectionPointFeatureId: id }: Handle): boolean {
  if (typeof id !== "string" || !draw.hasFeature(id)) return false;
  const isCircle = draw.getSnapshotFeature(id)?.properties["mode"] === MODES.circle;
  return isCircle && typeof index === "number" && index % HANDLE_EVERY !== 0;
}

const hexOf = (colour: string): HexColor => `#${colour.replace("#", "").slice(0, 6)}`;

const WIDTH = "corridor-width";
const EARTH_M = 40_075_016.7;
const TILE_PX = 512;
const ZOOM_MAX = 24;

/** A corridor is as wide as it is on the ground: a line whose width doubles with each step of the zoom. */
function useCorridorWidth(fleetMap: FleetMap | undefined, area: Shape, palette: Palette): void {
  const { shape, widthM, points } = area;
  useLayoutEffect(() => {
    if (!fleetMap || shape !== "corridor" || widthM === null || points.length < 2) return undefined;
    const { map } = fleetMap;
    const shrink = Math.cos(((points[0]?.latitude ?? 0) * Math.PI) / 180);
    const px = (widthM * TILE_PX) / (EARTH_M * shrink);
    map.addSource(WIDTH, {
      type: "geojson",
      data: {
        type: "Feature",
        properties: {},
        geometry: { type: "LineString", coordinates: points.map(toLngLat) },
      },
    });
    map.addLayer({
      id: WIDTH,
      type: "line",
      source: WIDTH,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.accent,
        "line-opacity": 0.2,
        "line-width": [
          "interpolate",
          ["exponential", 2],
          ["zoom"],
          ...[0, px, ZOOM_MAX, px * 2 ** ZOOM_MAX],
        ],
      },
    });
    return () => {
      map.removeLayer(WIDTH);
      map.removeSource(WIDTH);
    };
  }, [fleetMap, shape, widthM, points, palette]);
}
