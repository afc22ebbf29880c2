import { importFigures } from "./api-import.ts";
import { listFigure } from "./api-lists.ts";
import { liveFigure } from "./api-live.ts";
import { startBenchApi } from "./api-stand.ts";
import type { Figure } from "./figure.ts";

const IMPORT = "api.import_100k_s";
const LISTS = "api.list_p99_ms";
const LIVE = "api.live_clients";

export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const found: Figure[] = [];
  if (isWanted(LISTS) || isWanted(LIVE)) {
    const api = await startBenchApi();
    try {
      if (isWanted(LISTS)) found.push(await listFigure(api));
      if (isWanted(LIVE)) found.push(await liveFigure(api));
    } finally {
      await api.stop();
    }
  }
  if (isWanted(IMPORT)) found.push(...(await importFigures()));
  return found;
}
