import type { TextKey } from "../i18n/en.ts";

const HOUR_MS = 3_600_000;

/** What may be shown at once, each with a step that gives a chart of some hundred points. */
export const WINDOWS = [
  { name: "1h", ms: HOUR_MS, step: "30s" },
  { name: "6h", ms: 6 * HOUR_MS, step: "2m" },
  { name: "24h", ms: 24 * HOUR_MS, step: "10m" },
  { name: "7d", ms: 7 * 24 * HOUR_MS, step: "1h" },
] as const;

export type Window = (typeof WINDOWS)[number];
export const windowText = ({ name }: Window): TextKey => `terminal.window.${name}`;
