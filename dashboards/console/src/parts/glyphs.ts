/** Pictures of the device types in a grid of 24: drawn in the page and on the map's canvas. */
const GLYPHS = {
  vehicle:
    "M5 11l1.5-4.5A2 2 0 0 1 8.4 5h7.2a2 2 0 0 1 1.9 1.5L19 11a2 2 0 0 1 1 1.7V18a1 1 0 0 1-1 1h-1a1 1 0 0 1-1-1v-1H7v1a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-5.3A2 2 0 0 1 5 11zm2.1 0h9.8l-1.1-3.6a.6.6 0 0 0-.6-.4H8.8a.6.6 0 0 0-.6.4zM7.5 15.2a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5zm9 0a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5z",
  bus: "M7 3h10a3 3 0 0 1 3 3v11a2 2 0 0 1-1 1.7V20a1 1 0 0 1-1 1h-1a1 1 0 0 1-1-1v-1H8v1a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-1.3A2 2 0 0 1 4 17V6a3 3 0 0 1 3-3zM6.5 7v5h11V7zM8 17a1.25 1.25 0 1 0 0-2.5A1.25 1.25 0 0 0 8 17zm8 0a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5z",
  streetlight:
    "M5 21V8a5 5 0 0 1 5-5h4v2h3.5l2.5 5h-8.5L14 5h-4a3 3 0 0 0-3 3v13zM12.5 12h7l2 6h-11z",
  elevator:
    "M5 3h14a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm7 3L8 11h8zm0 12l4-5H8z",
  groundwater: "M12 2.5c3.5 4.2 6 7 6 10.2a6 6 0 0 1-12 0C6 9.5 8.5 6.7 12 2.5zM3 20h18v2H3z",
  billboard:
    "M2.5 4h19v11.5h-19zM5 6.5V13h14V6.5zM7 8h7v1.5H7zm0 2.5h10V12H7zM7 16h2.2v5H7zm7.8 0H17v5h-2.2z",
  siren:
    "M7 18v-6a5 5 0 0 1 10 0v6zM5 19h14v2.2H5zM11 2h2v3.5h-2zM3.8 5.6l1.5-1.5 2.4 2.4L6.2 8zM18.7 4.1l1.5 1.5L17.8 8l-1.5-1.5z",
  "home-alarm":
    "M12 2.8l9.5 8.7H18.8V21H5.2v-9.5H2.5zM12 9.8a2.7 2.7 0 0 0-1.2 5.1V18h2.4v-3.1A2.7 2.7 0 0 0 12 9.8z",
  payment:
    "M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM3.5 8.5v3h17v-3zM5.5 14.5v1.8h5v-1.8z",
  terminal: "M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12zm0 3.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  gateway:
    "M12 6.5a2.5 2.5 0 0 1 1.3 4.6L17 21.5h-2.3L13.8 19h-3.6l-.9 2.5H7l3.7-10.4A2.5 2.5 0 0 1 12 6.5zM12 14l-1 3h2zM6.1 3l1.5 1.5a6.2 6.2 0 0 0 0 9L6.1 15a8.4 8.4 0 0 1 0-12zm11.8 0a8.4 8.4 0 0 1 0 12l-1.5-1.5a6.2 6.2 0 0 0 0-9z",
} as const;

export type GlyphName = keyof typeof GLYPHS;
export const GLYPH_NAMES = Object.keys(GLYPHS) as readonly GlyphName[];

const isGlyph = (name: string): name is GlyphName => name in GLYPHS;

/** A profile may name a picture that this console does not have: then it gets the plain one. */
export const glyphNamed = (name: string): GlyphName => (isGlyph(name) ? name : "terminal");
export const glyphPath = (name: GlyphName): string => GLYPHS[name];
