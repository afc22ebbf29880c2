import type { Figure } from "./figure.ts";
import { locationFigures } from "./paging-location.ts";

export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  return isWanted("paging.location_in_ellipse") ? locationFigures() : [];
}
