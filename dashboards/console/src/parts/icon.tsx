import { type GlyphName, glyphPath } from "./glyphs.ts";

const LINES = {
  map: "M9 4L3 6.5v13.5l6-2.5 6 2.5 6-2.5V4l-6 2.5zM9 4v13.5M15 6.5V20",
  terminals: "M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h11",
  packets: "M3 17h4v-4h5V7h5V3h4M3 21h18",
  gateways:
    "M12 10v11M8 21h8M8.5 13.5a5 5 0 0 1 0-7M15.5 6.5a5 5 0 0 1 0 7M5.5 16.5a9 9 0 0 1 0-13M18.5 3.5a9 9 0 0 1 0 13",
  command: "M3 11.5L21 3l-6 18-3.5-7.5zM11.5 13.5L21 3",
  customers: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
  assets: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  close: "M5 5l14 14M19 5L5 19",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M19 5l-1.7 1.7M6.7 17.3L5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5l12 7.5-12 7.5z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  target: "M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM12 2v4M12 18v4M2 12h4M18 12h4",
  right: "M9 5l7 7-7 7",
  left: "M15 5l-7 7 7 7",
  more: "M4 7h16M4 12h16M4 17h16",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20.5c.8-4 4-6 8-6s7.2 2 8 6",
  stock: "M3 8l9-5 9 5v9l-9 5-9-5zM3 8l9 5 9-5M12 13v9",
  groups: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  lamp: "M7 21V7a4 4 0 0 1 8 0M11.5 7h7l-1.5 4h-4zM4 21h6M15 14v2",
  import: "M12 3v11M7.5 9.5L12 14l4.5-4.5M4 16v4h16v-4",
  users:
    "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .7 3.2 2.3 3.6 4.6",
  key: "M8 11a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM11.2 12.3L20 3.5M16 7.5l3 3",
  audit: "M6 3h9l4 4v14H6zM9 10h7M9 14h7M9 18h4",
  alarm: "M12 4l9 16H3zM12 10v4.5M12 17h.01",
  incident:
    "M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM5 7.5l4.5 3M19 7.5l-4.5 3M5 16.5l4.5-3M19 16.5l-4.5-3M3 5.5h3v3H3zM18 5.5h3v3h-3zM3 15.5h3v3H3zM18 15.5h3v3h-3z",
  help: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM6 6l3.5 3.5M18 6l-3.5 3.5M6 18l3.5-3.5M18 18l-3.5-3.5",
  drill:
    "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM12 12h.01",
  rule: "M4 6h9M4 12h5M4 18h9M13 12l2.5 2.5L21 9",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  messages: "M4 5h16v11H9l-5 4z",
  invoice: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  payment: "M3 6h18v12H3zM3 10h18M6 14.5h4",
  "close-month": "M4 5h16v15H4zM4 9h16M8 3v4M16 3v4M9 14.5l2.2 2.2 4-4",
  dunning:
    "M6 3h12M6 21h12M7.5 3c0 5 4.5 5.5 4.5 9s-4.5 4-4.5 9M16.5 3c0 5-4.5 5.5-4.5 9s4.5 4 4.5 9",
  plan: "M4 4h8l8 8-8 8-8-8zM8 8h.01",
  shift: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 2",
  hook: "M9 4v9a4 4 0 1 0 8 0M9 4a2 2 0 1 0 .01 0M17 13l-2.5 2M17 13l2.5 2",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  field:
    "M8 2h8a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM11 18.5h2M9.5 10l2 2 3.5-4",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1",
} as const;

export type IconName = keyof typeof LINES;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={LINES[name]} />
    </svg>
  );
}

export function Glyph({ name, size = 18 }: { readonly name: GlyphName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={glyphPath(name)} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}

/** The mark: a burst that hops over its channels. */
export function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        fill="var(--amber)"
        d="M3 14h4v3.2H3zM7.7 6.5h4v3.2h-4zM12.4 11h4v3.2h-4zM17.1 4h4v3.2h-4z"
      />
      <path fill="#ffffff38" d="M3 19.5h18v1.5H3z" />
    </svg>
  );
}
