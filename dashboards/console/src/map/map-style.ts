import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Language } from "../i18n/language.tsx";
import type { Palette } from "../theme/palette.ts";

/** Fonts of the machine: MapLibre draws them itself, so no glyphs come over the network. */
export const MAP_FONT = ["system-ui", "sans-serif"];

const CLASSES = {
  expressway: { width: [0.9, 2.2, 12], labelZoom: 12, major: true },
  arterial: { width: [0.6, 1.6, 10], labelZoom: 12.5, major: false },
  secondary: { width: [0.25, 0.9, 7.5], labelZoom: 14, major: false },
  local: { width: [0, 0.5, 5.5], labelZoom: 15, major: false },
} as const;
type RoadClass = keyof typeof CLASSES;
const ROADS = Object.keys(CLASSES).toReversed() as readonly RoadClass[];

function widthOf(road: RoadClass, extra: number): ExpressionSpecification {
  const [far, middle, near] = CLASSES[road].width;
  return [
    "interpolate",
    ["exponential", 1.4],
    ["zoom"],
    9,
    far,
    13,
    middle + extra,
    17,
    near + extra * 2,
  ];
}

const areas = (palette: Palette): LayerSpecification[] => [
  { id: "land", type: "background", paint: { "background-color": palette.map.land } },
  {
    id: "park",
    type: "fill",
    source: "streets",
    filter: ["==", ["get", "class"], "park"],
    paint: { "fill-color": palette.map.park },
  },
  {
    id: "water",
    type: "fill",
    source: "streets",
    filter: ["==", ["get", "class"], "water"],
    paint: { "fill-color": palette.map.water },
  },
];

function road(palette: Palette, name: RoadClass, part: "casing" | "fill"): LayerSpecification {
  const { map } = palette;
  const fill = {
    expressway: map.major,
    arterial: map.medium,
    secondary: map.minor,
    local: map.minor,
  };
  return {
    id: `${name}-${part}`,
    type: "line",
    source: "streets",
    filter: ["==", ["get", "class"], name],
    minzoom: name === "local" ? 12 : 9,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": part === "casing" ? map.casing : fill[name],
      "line-width": widthOf(name, part === "casing" ? 1.1 : 0),
    },
  };
}

function labels(palette: Palette, language: Language): LayerSpecification[] {
  const name: ExpressionSpecification =
    language === "zh-CN" ? ["coalesce", ["get", "nameZh"], ["get", "name"]] : ["get", "name"];
  const paint = {
    "text-color": palette.map.label,
    "text-halo-color": palette.map.halo,
    "text-halo-width": 1.4,
  };
  const places: LayerSpecification = {
    id: "place-names",
    type: "symbol",
    source: "streets",
    filter: ["in", ["get", "class"], ["literal", ["water", "park"]]],
    minzoom: 11,
    layout: { "text-field": name, "text-font": MAP_FONT, "text-size": 12, "text-max-width": 7 },
    paint,
  };
  return [
    ...ROADS.map(
      (each): LayerSpecification => ({
        id: `${each}-names`,
        type: "symbol",
        source: "streets",
        filter: ["==", ["get", "class"], each],
        minzoom: CLASSES[each].labelZoom,
        layout: {
          "symbol-placement": "line",
          "symbol-spacing": 380,
          "text-field": name,
          "text-font": MAP_FONT,
          "text-size": CLASSES[each].major ? 12 : 11,
        },
        paint,
      }),
    ),
    places,
  ];
}

const NO_STREETS = { type: "FeatureCollection", features: [] } as const;

/** Our own look of the street network: quiet, so that the fleet stands out. */
export function streetStyle(
  streetsUrl: string | null,
  palette: Palette,
  language: Language,
): StyleSpecification {
  return {
    version: 8,
    sources: {
      streets: {
        type: "geojson",
        // a copy: MapLibre's type wants an array that it may change
        data:
          streetsUrl === null
            ? { ...NO_STREETS, features: [] }
            : new URL(streetsUrl, window.location.href).href,
        tolerance: 0.3,
      },
    },
    layers: [
      ...areas(palette),
      ...ROADS.map((each) => road(palette, each, "casing")),
      ...ROADS.map((each) => road(palette, each, "fill")),
      ...labels(palette, language),
    ],
  };
}
