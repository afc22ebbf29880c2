export type ThemeName = "light" | "dark";

/** The colours that antd, the map and the charts share with `theme.css`. */
export interface Palette {
  readonly accent: string;
  readonly text: string;
  readonly textSoft: string;
  readonly line: string;
  readonly surface: string;
  readonly ground: string;
  readonly fresh: string;
  readonly stale: string;
  readonly silent: string;
  readonly alert: string;
  readonly map: {
    readonly land: string;
    readonly water: string;
    readonly park: string;
    readonly minor: string;
    readonly medium: string;
    readonly major: string;
    readonly casing: string;
    readonly label: string;
    readonly halo: string;
  };
  readonly series: readonly string[];
}

export const PALETTES: Readonly<Record<ThemeName, Palette>> = {
  light: {
    accent: "#1f5fae",
    text: "#16202a",
    textSoft: "#5a6876",
    line: "#d9e0e6",
    surface: "#ffffff",
    ground: "#eef2f5",
    fresh: "#0f8a55",
    stale: "#c27803",
    silent: "#75818d",
    alert: "#d3302f",
    map: {
      land: "#eef1ee",
      water: "#b9d5e8",
      park: "#d5e6cd",
      minor: "#ffffff",
      medium: "#ffffff",
      major: "#fbe3ae",
      casing: "#cdd5d9",
      label: "#4d5a66",
      halo: "#ffffff",
    },
    series: ["#1f5fae", "#c2571a", "#0f8a55", "#8a4fbf", "#b3215c", "#5d6b12"],
  },
  dark: {
    accent: "#6fb1ff",
    text: "#e4ebf1",
    textSoft: "#94a3b1",
    line: "#28333d",
    surface: "#161e26",
    ground: "#0d1217",
    fresh: "#39c98a",
    stale: "#f0b13c",
    silent: "#7f8d9a",
    alert: "#ff6a5e",
    map: {
      land: "#131a21",
      water: "#0e2636",
      park: "#15261f",
      minor: "#232d37",
      medium: "#2b3742",
      major: "#4a4633",
      casing: "#0d1217",
      label: "#8d9cab",
      halo: "#10161c",
    },
    series: ["#6fb1ff", "#ff9d5c", "#39c98a", "#c79bff", "#ff7fae", "#c5d15a"],
  },
};
