import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "../theme/palette.ts";
import { MAP_FONT } from "./map-style.ts";

export const SOURCES = [
  "ellipse",
  "gaps",
  "located",
  "track",
  "hearing",
  "gateways",
  "fleet",
] as const;

const stateColour = (palette: Palette): ExpressionSpecification => [
  "match",
  ["get", "state"],
  "fresh",
  palette.fresh,
  "stale",
  palette.stale,
  "alert",
  palette.alert,
  "idle",
  palette.accent,
  palette.silent,
];

/** What one can press: a cluster by its badges too, which reach beyond its disc. */
export const HIT_LAYERS = [
  "fleet",
  "clusters",
  "cluster-alert",
  "cluster-silent",
  "gateways",
] as const;

const NOT_CLUSTER: FilterSpecification = ["!", ["has", "point_count"]];

const lines = (palette: Palette): LayerSpecification[] => [
  {
    id: "ellipse",
    type: "fill",
    source: "ellipse",
    paint: { "fill-color": palette.accent, "fill-opacity": 0.12 },
  },
  {
    id: "ellipse-edge",
    type: "line",
    source: "ellipse",
    paint: { "line-color": palette.accent, "line-width": 1.5, "line-dasharray": [3, 2] },
  },
  {
    id: "gaps",
    type: "line",
    source: "gaps",
    layout: { "line-cap": "butt" },
    paint: { "line-color": palette.silent, "line-width": 2.5, "line-dasharray": [2, 2.5] },
  },
  {
    id: "located",
    type: "circle",
    source: "located",
    paint: {
      "circle-radius": 4.5,
      "circle-color": palette.surface,
      "circle-stroke-color": palette.accent,
      "circle-stroke-width": 1.5,
    },
  },
  {
    id: "track",
    type: "line",
    source: "track",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": palette.accent, "line-width": 3.5, "line-opacity": 0.75 },
  },
  {
    id: "track-points",
    type: "circle",
    source: "track",
    minzoom: 13,
    paint: {
      "circle-radius": 3,
      "circle-color": palette.map.halo,
      "circle-stroke-color": palette.accent,
      "circle-stroke-width": 1.5,
    },
  },
  {
    id: "hearing",
    type: "line",
    source: "hearing",
    paint: {
      "line-color": palette.accent,
      "line-width": 1.6,
      "line-opacity": ["get", "strength"],
      "line-dasharray": [2, 2],
    },
  },
];

const gateways = (palette: Palette): LayerSpecification => ({
  id: "gateways",
  type: "symbol",
  source: "gateways",
  layout: {
    "icon-image": ["case", ["get", "online"], "gateway-online", "gateway-offline"],
    "icon-allow-overlap": true,
    "text-field": ["get", "name"],
    "text-font": MAP_FONT,
    "text-size": 12,
    "text-offset": [0, 1.5],
    "text-anchor": "top",
    "text-optional": true,
  },
  paint: {
    "text-color": palette.text,
    "text-halo-color": palette.map.halo,
    "text-halo-width": 1.5,
  },
});

const discs = (palette: Palette): LayerSpecification[] => [
  {
    id: "fleet-selected",
    type: "circle",
    source: "fleet",
    filter: ["==", ["get", "address"], -1],
    paint: {
      "circle-radius": 20,
      "circle-color": palette.accent,
      "circle-opacity": 0.22,
      "circle-stroke-color": palette.accent,
      "circle-stroke-width": 2,
    },
  },
  {
    id: "fleet",
    type: "circle",
    source: "fleet",
    filter: NOT_CLUSTER,
    layout: {
      // what somebody has to look at is never under what is well
      "circle-sort-key": ["match", ["get", "state"], "alert", 3, "silent", 2, "stale", 1, 0],
    },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 4, 11, 7.5, 13, 11.5],
      "circle-color": stateColour(palette),
      "circle-stroke-color": palette.map.halo,
      "circle-stroke-width": 1.5,
    },
  },
];

const signs = (palette: Palette): LayerSpecification[] => [
  {
    id: "fleet-heading",
    type: "symbol",
    source: "fleet",
    filter: ["all", NOT_CLUSTER, ["!=", ["get", "heading"], -1]],
    minzoom: 11,
    layout: {
      "icon-image": ["concat", "wedge-", ["get", "state"]],
      "icon-rotate": ["get", "heading"],
      "icon-rotation-alignment": "map",
      "icon-offset": [
        "interpolate",
        ["linear"],
        ["zoom"],
        11,
        ["literal", [0, -13]],
        13,
        ["literal", [0, -17]],
      ],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  },
  {
    id: "fleet-glyph",
    type: "symbol",
    source: "fleet",
    filter: NOT_CLUSTER,
    minzoom: 10.5,
    layout: {
      "icon-image": ["concat", "glyph-", ["get", "glyph"]],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 10.5, 0.55, 13, 1],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  },
  {
    id: "fleet-name",
    type: "symbol",
    source: "fleet",
    filter: NOT_CLUSTER,
    minzoom: 13.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": MAP_FONT,
      "text-size": 11.5,
      "text-offset": [0, 1.3],
      "text-anchor": "top",
      "text-optional": true,
    },
    paint: {
      "text-color": palette.text,
      "text-halo-color": palette.map.halo,
      "text-halo-width": 1.6,
    },
  },
];

const countOf = (state: string): [string, ExpressionSpecification] => [
  "+",
  ["case", ["==", ["get", "state"], state], 1, 0],
];

/** Of each cluster, so that one at fault or silent among hundreds is seen from afar. */
export const CLUSTER_COUNTS = { alert: countOf("alert"), silent: countOf("silent") };

const BADGE_OFFSET_PX = 17;

/** How many of a cluster are so, at its upper right or lower right. */
const badge = (
  state: keyof typeof CLUSTER_COUNTS,
  below: number,
  palette: Palette,
): LayerSpecification[] => {
  const filter: FilterSpecification = [">", ["coalesce", ["get", state], 0], 0];
  const translate: [number, number] = [BADGE_OFFSET_PX, below * BADGE_OFFSET_PX];
  return [
    {
      ...{ id: `cluster-${state}`, type: "circle", source: "fleet", filter },
      paint: {
        "circle-radius": ["step", ["get", state], 8, 10, 10, 100, 13],
        "circle-color": palette[state],
        "circle-stroke-color": palette.map.halo,
        "circle-stroke-width": 1.5,
        "circle-translate": translate,
      },
    },
    {
      ...{ id: `cluster-${state}-count`, type: "symbol", source: "fleet", filter },
      layout: {
        "text-field": ["to-string", ["get", state]],
        ...{ "text-font": MAP_FONT, "text-size": 10, "text-allow-overlap": true },
        "text-ignore-placement": true,
      },
      paint: { "text-color": palette.map.halo, "text-translate": translate },
    },
  ];
};

const clusters = (palette: Palette): LayerSpecification[] => [
  {
    id: "clusters",
    type: "circle",
    source: "fleet",
    filter: ["has", "point_count"],
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 13, 500, 26],
      "circle-color": palette.accent,
      "circle-stroke-color": palette.map.halo,
      "circle-stroke-width": 2,
    },
  },
  {
    id: "cluster-counts",
    type: "symbol",
    source: "fleet",
    filter: ["has", "point_count"],
    layout: {
      "text-field": ["get", "point_count_abbreviated"],
      "text-font": MAP_FONT,
      "text-size": 12,
      "text-allow-overlap": true,
    },
    paint: { "text-color": palette.map.halo },
  },
  ...badge("silent", 1, palette),
  ...badge("alert", -1, palette),
];

/** What is drawn over the streets, lowest first. */
export const fleetLayers = (palette: Palette): LayerSpecification[] => [
  ...lines(palette),
  gateways(palette),
  ...discs(palette),
  ...signs(palette),
  ...clusters(palette),
];
