import type { Map as MapLibre } from "maplibre-gl";
import { GLYPH_NAMES, glyphPath } from "../parts/glyphs.ts";
import type { Palette } from "../theme/palette.ts";

const SCALE = 2;

function draw(size: number, paint: (context: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = size * SCALE;
  canvas.height = size * SCALE;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no 2D canvas");
  context.scale(SCALE, SCALE);
  paint(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

const glyphImage = (path: string, colour: string, size: number) =>
  draw(size, (context) => {
    context.scale(size / 24, size / 24);
    context.fillStyle = colour;
    context.fill(new Path2D(path), "evenodd");
  });

/** A wedge over the marker that turns with the heading. */
const wedge = (colour: string, edge: string) =>
  draw(16, (context) => {
    const path = new Path2D("M8 2L13.5 12.5Q8 9.5 2.5 12.5Z");
    context.lineJoin = "round";
    context.lineWidth = 2.5;
    context.strokeStyle = edge;
    context.stroke(path);
    context.fillStyle = colour;
    context.fill(path);
  });

const tower = (palette: Palette, isOnline: boolean) =>
  draw(34, (context) => {
    context.beginPath();
    context.roundRect(2, 2, 30, 30, 8);
    context.fillStyle = isOnline ? palette.text : palette.silent;
    context.strokeStyle = palette.map.halo;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
    context.translate(6, 5);
    context.scale(22 / 24, 22 / 24);
    context.fillStyle = palette.surface;
    context.fill(new Path2D(glyphPath("gateway")), "evenodd");
  });

/** Draws all pictures of the map in the colours of the theme. */
export function addMarkerImages(map: MapLibre, palette: Palette): void {
  const add = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: SCALE });
  };
  for (const name of GLYPH_NAMES)
    add(`glyph-${name}`, glyphImage(glyphPath(name), palette.map.halo, 15));
  for (const state of ["fresh", "stale", "silent", "alert"] as const)
    add(`wedge-${state}`, wedge(palette[state], palette.map.halo));
  add("gateway-online", tower(palette, true));
  add("gateway-offline", tower(palette, false));
}
