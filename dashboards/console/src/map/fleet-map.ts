import "maplibre-gl/dist/maplibre-gl.css";
import {
  AttributionControl,
  type GeoJSONSource,
  LngLatBounds,
  Map as MapLibre,
  type MapMouseEvent,
  Popup,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Gateway } from "../api/types.ts";
import type { Palette } from "../theme/palette.ts";
import { every, nowMs } from "../time/clock.ts";
import { CLUSTER_COUNTS, fleetLayers, HIT_LAYERS, SOURCES } from "./fleet-layers.ts";
import { type Glide, isDone, type LngLat, placeAt, startGlide } from "./glide.ts";
import { addMarkerImages } from "./marker-images.ts";

setWorkerUrl(workerUrl);

const FRAME_MS = 50;
const HEARING_MS = 2200;
const HEARING_MAX = 60;
/** Above this many, markers are gathered and put, not slid. */
const CLUSTER_ABOVE = 2000;
const CLUSTERS = { clusterMaxZoom: 13, clusterRadius: 44 } as const;
const EMPTY = { type: "FeatureCollection" as const, features: [] };

export interface Marker {
  readonly address: number;
  readonly name: string;
  readonly glyph: string;
  /** `idle`: all is well, and it is switched off. */
  readonly state: "fresh" | "stale" | "silent" | "alert" | "idle";
  readonly heading: number | null;
  readonly place: LngLat;
}

export interface FleetMapEvents {
  readonly onTerminal: (address: number) => void;
  readonly onGateway: (id: string) => void;
  readonly onNothing: () => void;
  readonly onStreetsFailed: () => void;
  readonly onReady: () => void;
}

interface Hearing {
  readonly from: LngLat;
  readonly to: LngLat;
  readonly startMs: number;
}

type Bounds = readonly number[];

/** The map as an object: what React knows is told to it, and it draws that smoothly. */
export class FleetMap {
  readonly #map: MapLibre;
  readonly #popup = new Popup({
    closeButton: false,
    closeOnClick: false,
    offset: 16,
    maxWidth: "260px",
  });
  readonly #glides = new Map<number, Glide>();
  readonly #stopFrames: () => void;
  readonly #calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  #palette: Palette;
  #markers: readonly Marker[] = [];
  #gateways: readonly Gateway[] = [];
  #track: readonly (readonly LngLat[])[] = [];
  #gaps: readonly (readonly LngLat[])[] = [];
  #outline: readonly LngLat[] = [];
  #located: readonly LngLat[] = [];
  #hearings: readonly Hearing[] = [];
  #hearingsDrawn = 0;
  #selected: number | undefined;
  #ready = false;

  constructor(
    container: HTMLElement,
    style: StyleSpecification | string,
    bounds: Bounds,
    look: { readonly palette: Palette; readonly events: FleetMapEvents; readonly still?: boolean },
  ) {
    this.#palette = look.palette;
    const [west = 0, south = 0, east = 0, north = 0] = bounds;
    this.#map = new MapLibre({
      container,
      style,
      bounds: [west, south, east, north],
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    if (typeof style === "string")
      this.#map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    this.#map.on("style.load", () => {
      this.#dress();
    });
    this.#map.once("load", () => {
      look.events.onReady();
    });
    // "load" waits for a moment without any new data, which a busy fleet may not leave for long.
    this.#map.on("sourcedata", (event) => {
      if (event.sourceId === "streets" && event.isSourceLoaded) look.events.onReady();
    });
    this.#map.on("error", (event) => {
      if ("sourceId" in event && event.sourceId === "streets") look.events.onStreetsFailed();
    });
    this.#listen(look.events);
    this.#stopFrames = every(FRAME_MS, () => {
      this.#frame();
    });
  }

  /** For tests and for the zoom buttons: the library's own object. */
  get map(): MapLibre {
    return this.#map;
  }

  close(): void {
    this.#stopFrames();
    this.#map.remove();
  }

  /** What a screen reader calls the map. */
  setTitle(title: string): void {
    this.#map.getCanvas().setAttribute("aria-label", title);
  }

  setStyle(style: StyleSpecification | string, palette: Palette): void {
    this.#palette = palette;
    this.#ready = false;
    this.#map.setStyle(style, { diff: false });
  }

  /** They glide to their new places, unless something else moves them already. */
  setMarkers(markers: readonly Marker[], mayGlide = true): void {
    const now = nowMs();
    const before = new Map(this.#markers.map((marker) => [marker.address, marker.place]));
    const glides = mayGlide && !this.#calm && markers.length <= CLUSTER_ABOVE;
    if (!glides) this.#glides.clear();
    for (const { address, place } of markers) {
      const old = before.get(address);
      if (!glides || !old || (old[0] === place[0] && old[1] === place[1])) continue;
      this.#glides.set(address, startGlide(this.#drawnAt(address, old, now), place, now));
    }
    this.#markers = markers;
    this.#drawMarkers();
  }

  setGateways(gateways: readonly Gateway[]): void {
    this.#gateways = gateways;
    if (!this.#ready) return;
    void this.#source("gateways")?.setData({
      type: "FeatureCollection",
      features: gateways.flatMap(({ id, name, online, latitude, longitude }) =>
        latitude === null || longitude === null
          ? []
          : [feature({ id, name, online }, { type: "Point", coordinates: [longitude, latitude] })],
      ),
    });
  }

  setTrack(track: readonly LngLat[]): void {
    this.setTracks([track], []);
  }

  /** Ways that are known, and gaps between them of which only the ends are. */
  setTracks(tracks: readonly (readonly LngLat[])[], gaps: readonly (readonly LngLat[])[]): void {
    this.#track = tracks;
    this.#gaps = gaps;
    if (!this.#ready) return;
    void this.#source("track")?.setData(linesOf(tracks));
    void this.#source("gaps")?.setData(linesOf(gaps));
  }

  /** Where it may be, as a closed outline; empty when its place is exact. */
  setEllipse(outline: readonly LngLat[]): void {
    this.#outline = outline;
    if (!this.#ready) return;
    const ring = outline.map(([longitude, latitude]) => [longitude, latitude]);
    void this.#source("ellipse")?.setData(
      ring.length === 0 ? EMPTY : feature({}, { type: "Polygon", coordinates: [ring] }),
    );
  }

  /** Where the network found it, which is less exact than a fix of its own. */
  setLocated(places: readonly LngLat[]): void {
    this.#located = places;
    if (!this.#ready) return;
    const coordinates = places.map(([longitude, latitude]) => [longitude, latitude]);
    void this.#source("located")?.setData(
      places.length === 0 ? EMPTY : feature({}, { type: "MultiPoint", coordinates }),
    );
  }

  select(address: number | undefined): void {
    this.#selected = address;
    if (!this.#ready) return;
    this.#map.setFilter("fleet-selected", ["==", ["get", "address"], address ?? -1]);
  }

  flyTo(place: LngLat, zoom: number): void {
    this.#map.easeTo({
      center: [place[0], place[1]],
      zoom: Math.max(this.#map.getZoom(), zoom),
      duration: this.#calm ? 0 : 900,
    });
  }

  fit(places: readonly LngLat[], maxZoom = 15): void {
    const bounds = new LngLatBounds();
    for (const [longitude, latitude] of places) bounds.extend([longitude, latitude]);
    if (bounds.isEmpty()) return;
    this.#map.fitBounds(bounds, { padding: 60, maxZoom, duration: this.#calm ? 0 : 700 });
  }

  setPadding(right: number, bottom: number): void {
    this.#map.easeTo({ padding: { left: 0, top: 0, right, bottom }, duration: 0 });
  }

  /** Shows for a moment which gateways heard a terminal. */
  heard(address: number, gatewayIds: readonly string[]): void {
    const marker = this.#markers.find((each) => each.address === address);
    if (!marker || this.#calm) return;
    const startMs = nowMs();
    const added = this.#gateways.flatMap(({ id, latitude, longitude }): Hearing[] =>
      latitude === null || longitude === null || !gatewayIds.includes(id)
        ? []
        : [{ from: marker.place, to: [longitude, latitude], startMs }],
    );
    this.#hearings = [...this.#hearings, ...added].slice(-HEARING_MAX);
  }

  #source(id: (typeof SOURCES)[number]): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(id);
  }

  #drawnAt(address: number, place: LngLat, now: number): LngLat {
    const glide = this.#glides.get(address);
    return glide ? placeAt(glide, now) : place;
  }

  #dress(): void {
    addMarkerImages(this.#map, this.#palette);
    for (const id of SOURCES)
      this.#map.addSource(id, {
        type: "geojson",
        data: EMPTY,
        ...(id === "fleet"
          ? { ...CLUSTERS, cluster: false, clusterProperties: CLUSTER_COUNTS }
          : {}),
      });
    for (const layer of fleetLayers(this.#palette)) this.#map.addLayer(layer);
    this.#ready = true;
    this.#drawMarkers();
    this.setGateways(this.#gateways);
    this.setTracks(this.#track, this.#gaps);
    this.setEllipse(this.#outline);
    this.setLocated(this.#located);
    this.select(this.#selected);
  }

  #drawMarkers(): void {
    if (!this.#ready) return;
    const now = nowMs();
    const source = this.#source("fleet");
    const cluster = this.#markers.length > CLUSTER_ABOVE;
    if (source && source.getClusterOptions().cluster !== cluster)
      void source.setClusterOptions({ cluster });
    void source?.setData({
      type: "FeatureCollection",
      features: this.#markers.map(({ address, name, glyph, state, heading, place }) => {
        const [longitude, latitude] = this.#drawnAt(address, place, now);
        return {
          ...feature(
            { address, name, glyph, state, heading: heading ?? -1 },
            { type: "Point" as const, coordinates: [longitude, latitude] },
          ),
          id: address,
        };
      }),
    });
  }

  #frame(): void {
    if (!this.#ready) return;
    const now = nowMs();
    if (this.#glides.size > 0) {
      const update = [...this.#glides].map(([id, glide]) => {
        const [longitude, latitude] = placeAt(glide, now);
        if (isDone(glide, now)) this.#glides.delete(id);
        return { id, newGeometry: { type: "Point" as const, coordinates: [longitude, latitude] } };
      });
      void this.#source("fleet")?.updateData({ update });
    }
    this.#hearings = this.#hearings.filter(({ startMs }) => now < startMs + HEARING_MS);
    if (this.#hearings.length === 0 && this.#hearingsDrawn === 0) return;
    this.#hearingsDrawn = this.#hearings.length;
    void this.#source("hearing")?.setData({
      type: "FeatureCollection",
      features: this.#hearings.map(({ from, to, startMs }) =>
        feature(
          { strength: 0.85 * (1 - (now - startMs) / HEARING_MS) },
          { type: "LineString", coordinates: [[...from], [...to]] },
        ),
      ),
    });
  }

  #listen(events: FleetMapEvents): void {
    const map = this.#map;
    map.on("click", (event) => {
      const [hit] = this.#hits(event);
      const address: unknown = hit?.properties["address"];
      const gateway: unknown = hit?.properties["id"];
      if (hit?.properties["cluster"] === true)
        this.flyTo([event.lngLat.lng, event.lngLat.lat], map.getZoom() + 2);
      else if (typeof address === "number") events.onTerminal(address);
      else if (typeof gateway === "string") events.onGateway(gateway);
      else events.onNothing();
    });
    map.on("mousemove", (event) => {
      const [hit] = this.#hits(event);
      const name: unknown = hit?.properties["name"];
      map.getCanvas().style.cursor = hit ? "pointer" : "";
      if (typeof name !== "string") this.#popup.remove();
      else this.#popup.setLngLat(event.lngLat).setText(name).addTo(map);
    });
    map.on("mouseout", () => {
      this.#popup.remove();
    });
  }

  #hits({ point }: MapMouseEvent) {
    if (!this.#ready) return [];
    const near: [[number, number], [number, number]] = [
      [point.x - 5, point.y - 5],
      [point.x + 5, point.y + 5],
    ];
    return this.#map.queryRenderedFeatures(near, { layers: [...HIT_LAYERS] });
  }
}

function feature<P extends object, G extends object>(properties: P, geometry: G) {
  return { type: "Feature" as const, properties, geometry };
}

const linesOf = (lines: readonly (readonly LngLat[])[]) => ({
  type: "FeatureCollection" as const,
  features: lines
    .filter((line) => line.length > 1)
    .map((line) =>
      feature({}, { type: "LineString" as const, coordinates: line.map((place) => [...place]) }),
    ),
});
