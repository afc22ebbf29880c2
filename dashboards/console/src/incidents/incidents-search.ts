export interface IncidentsSearch {
  /** Without it: all, also those that are over. */
  readonly show?: "open";
}

export const validIncidentsSearch = (raw: Readonly<Record<string, unknown>>): IncidentsSearch =>
  raw["show"] === "open" ? { show: "open" } : {};
