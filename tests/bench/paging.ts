import type { Figure } from "./figure.ts";
import { fillFigures } from "./paging-fill.ts";
import { locationFigures, trackFigures } from "./paging-location.ts";
import { queueFigures } from "./paging-queue.ts";

export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const fill = ["paging.fill", "paging.pages_per_s"].some(isWanted);
  const queue = ["paging.queue_1m", "paging.queue_1m_memory"].some(isWanted);
  return [
    ...(isWanted("paging.location_in_ellipse") ? locationFigures() : []),
    ...(isWanted("paging.track_median_m") ? trackFigures() : []),
    ...(fill ? fillFigures() : []),
    ...(queue ? await queueFigures() : []),
  ];
}
