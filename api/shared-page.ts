import type { Language } from "../domain/notifications/occasion.ts";
import { escape } from "../domain/notifications/templates.ts";
import type { SharedRecovery } from "../domain/recovery/recoveries.ts";
import { lastOf, placeOf, type TrackPoint } from "../domain/recovery/track.ts";
import { pictureOf, type Spot, type Streets } from "../domain/recovery/track-picture.ts";

export interface SharedPage {
  readonly shared: SharedRecovery;
  readonly streets: Streets;
  readonly language: Language;
  readonly nowMs: number;
}

const RENEWED_EVERY_S = 10;
const SIZE = { width: 360, height: 360 };
/** The newest positions that are listed. */
const LISTED = 10;

const WORDS = {
  en: {
    title: "Stolen vehicle",
    open: "Looked for",
    recovered: "Recovered",
    vin: "VIN",
    case: "Case",
    last: "Last position",
    none: "No position is known yet.",
    ago: " ago",
    by: { terminal: "own fix", network: "found by the network", signal: "by signal strength" },
    within: "within",
    unknown: "accuracy not known",
    open_map: "Open in a map",
    picture: "The track since the theft, north above",
    list: "Newest positions (UTC)",
    renewed: "This page renews itself every 10 seconds.",
    until: "The link is valid until",
    gone: "This link is not valid, or not any more.",
    ask: "Ask whoever gave it to you for another one.",
  },
  "zh-CN": {
    title: "被盗车辆",
    open: "追寻中",
    recovered: "已找回",
    vin: "车架号",
    case: "案件",
    last: "最新位置",
    none: "尚无位置。",
    ago: "前",
    by: { terminal: "自身定位", network: "网络定位", signal: "信号强度估计" },
    within: "误差约",
    unknown: "精度未知",
    open_map: "在地图中打开",
    picture: "被盗后的轨迹，上方为北",
    list: "最新位置（UTC）",
    renewed: "本页每 10 秒自动刷新。",
    until: "链接有效期至",
    gone: "此链接无效或已过期。",
    ask: "请向提供链接的人索取新链接。",
  },
} as const;
type Words = (typeof WORDS)[Language];

const STYLE = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: #f3f5f7; color: #16202a }
main { box-sizing: border-box; max-width: 34rem; margin: 0 auto; padding: 1rem; background: #fff; min-height: 100vh }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1rem; margin: 1.25rem 0 .25rem } p { margin: .25rem 0 }
.state { font-weight: 600; color: #b3261e } .state.recovered { color: #146c2e } .soft { color: #56616d }
.big { font-size: 1.25rem; font-weight: 600 }
a.map { display: block; min-height: 3rem; line-height: 3rem; margin: .75rem 0; text-align: center; font-weight: 600; color: #fff; background: #0b5cad; border-radius: .5rem; text-decoration: none }
a.map:focus-visible { outline: 3px solid #7fb8f0; outline-offset: 2px }
svg { display: block; width: 100%; height: auto; border: 1px solid #c8d0d8; border-radius: .5rem; background: #f6f7f8 }
table { width: 100%; border-collapse: collapse; font-size: .875rem } td { padding: .25rem .5rem .25rem 0; border-top: 1px solid #e2e6ea; vertical-align: top }
td:first-child { white-space: nowrap }`;

const htmlOf = (language: Language, head: string, body: string): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${WORDS[language].title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">${head}
<style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`;

/** For a link that leads nowhere: it does not say whether it ever did. */
export const goneSharedPage = (language: Language): string =>
  htmlOf(
    language,
    "",
    `<h1>${WORDS[language].title}</h1><p role="alert">${WORDS[language].gone}</p><p class="soft">${WORDS[language].ask}</p>`,
  );

/** The vehicle and where it is, and nothing of whose it is. Without script, so that it works on whatever phone. */
export function sharedPage(page: SharedPage): string {
  const { shared, language } = page;
  const words = WORDS[language];
  const { vehicle, isRecovered, id, expiresAtMs } = shared;
  const state = isRecovered ? "recovered" : "open";
  return htmlOf(
    language,
    `<meta http-equiv="refresh" content="${RENEWED_EVERY_S}">`,
    [
      `<h1>${escape(vehicle.plate ?? vehicle.name)}</h1>`,
      `<p class="state ${state}">${words.title}: ${words[state]}</p>`,
      vehicle.vin === null ? "" : `<p>${words.vin} ${escape(vehicle.vin)}</p>`,
      last(page, words),
      picture(page, words),
      list(shared, words),
      `<p class="soft">${words.renewed} ${words.until} ${minuteOf(expiresAtMs)} UTC. ${words.case} ${escape(id.slice(0, 8))}.</p>`,
    ].join("\n"),
  );
}

function last({ shared, nowMs, language }: SharedPage, words: Words): string {
  const point = lastOf(shared.track);
  if (point === undefined) return `<h2>${words.last}</h2><p>${words.none}</p>`;
  const { latitude, longitude } = placeOf(point);
  const place = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const speed = point.speedKmh === null ? "" : ` · ${Math.round(point.speedKmh)} km/h`;
  return `<h2>${words.last}</h2>
<p class="big">${agoOf(nowMs - point.atMs, language)}${speed}</p>
<p>${place}<br>${words.by[point.source]}, ${accuracyOf(point, words)}</p>
<a class="map" href="geo:${latitude.toFixed(6)},${longitude.toFixed(6)}?q=${latitude.toFixed(6)},${longitude.toFixed(6)}">${words.open_map}</a>`;
}

const agoOf = (ms: number, language: Language): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [count, unit] =
    seconds < 120
      ? ([seconds, { en: "s", "zh-CN": "秒" }] as const)
      : seconds < 7_200
        ? ([Math.round(seconds / 60), { en: "min", "zh-CN": "分钟" }] as const)
        : ([Math.round(seconds / 3_600), { en: "h", "zh-CN": "小时" }] as const);
  return `${count} ${unit[language]}${WORDS[language].ago}`;
};

const accuracyOf = ({ accuracyM, filtered }: TrackPoint, words: Words): string => {
  const metres = filtered?.majorM ?? accuracyM;
  return metres === null ? words.unknown : `${words.within} ${Math.round(metres)} m`;
};

const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace("T", " ");

function list({ track: { points } }: SharedRecovery, words: Words): string {
  if (points.length === 0) return "";
  const rows = points.slice(-LISTED).toReversed();
  return `<h2>${words.list}</h2><table>${rows
    .map((point) => {
      const { latitude, longitude } = placeOf(point);
      const time = new Date(point.atMs).toISOString().slice(5, 19).replace("T", " ");
      return `<tr><td>${time}</td><td>${latitude.toFixed(5)}, ${longitude.toFixed(5)}<br><span class="soft">${words.by[point.source]}, ${accuracyOf(point, words)}</span></td></tr>`;
    })
    .join("")}</table>`;
}

function picture({ shared, streets }: SharedPage, words: Words): string {
  const drawn = pictureOf(shared.track, SIZE, streets);
  if (drawn === undefined) return "";
  const dots = drawn.found.map(
    ({ x, y }) => `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="3" fill="none" stroke="#0b5cad"/>`,
  );
  const { metres, length } = drawn.bar;
  const label = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
  const baseline = SIZE.height - 10;
  return `<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${words.picture}">
<path d="${drawn.streets.map(pathOf).join("")}" fill="none" stroke="#cfd6dc"/>
<path d="${drawn.ways.map(pathOf).join("")}" fill="none" stroke="#0b5cad" stroke-width="2.5" stroke-linejoin="round"/>
${dots.join("")}
${drawn.outline.length === 0 ? "" : `<path d="${pathOf(drawn.outline)}Z" fill="#0b5cad22" stroke="#0b5cad" stroke-dasharray="4 3"/>`}
${spotOf(drawn.begin, 5, "#fff")}${spotOf(drawn.end, 7, "#b3261e")}
<path d="M10 ${baseline}h${fixed(length)}" stroke="#16202a" stroke-width="2"/><text x="10" y="${baseline - 5}" font-size="11">${label}</text></svg>`;
}

const fixed = (value: number): string => value.toFixed(1);
const pathOf = (spots: readonly Spot[]): string =>
  spots.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${fixed(x)} ${fixed(y)}`).join("");
const spotOf = (spot: Spot | undefined, r: number, fill: string): string =>
  spot === undefined
    ? ""
    : `<circle cx="${fixed(spot.x)}" cy="${fixed(spot.y)}" r="${r}" fill="${fill}" stroke="#0b5cad" stroke-width="2"/>`;
