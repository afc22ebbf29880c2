import type { Figure } from "./figure.ts";
import { fillFigures } from "./paging-fill.ts";
import { locationFigures } from "./paging-location.ts";

export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const fill = ["paging.fill", "paging.pages_per_s"].some(isWanted);
  return [
    ...(isWanted("paging.location_in_ellipse") ? locationFigures() : []),
    ...(fill ? fillFigures() : []),
  ];
}
