import type { ThemeName } from "./palette.ts";

export const STORED_AS = "hopline.theme";

/** What was chosen before, else what the machine wishes. */
export function firstTheme(): ThemeName {
  const stored = window.localStorage.getItem(STORED_AS);
  if (stored === "light" || stored === "dark") return stored;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
