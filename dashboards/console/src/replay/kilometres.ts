import type { Format } from "../i18n/format.ts";

const METRES = 1_000;

/** A way as drivers read it: metres below one kilometre, tenths of a kilometre above. */
export const kilometres = (format: Format, metres: number): string =>
  metres < METRES ? `${format.number(metres, 0)} m` : `${format.number(metres / METRES, 1)} km`;
