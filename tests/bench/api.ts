import { importFigures } from "./api-import.ts";
import type { Figure } from "./figure.ts";

export const figures = async (): Promise<Figure[]> => [...(await importFigures())];
