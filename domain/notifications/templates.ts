import type { InLanguages, Language, OccasionKind } from "./occasion.ts";
import type { Severity } from "./severity.ts";

/** One alarm as a message tells of it. */
export interface TemplateItem {
  readonly kind: OccasionKind;
  readonly title: InLanguages;
  readonly severity: Severity;
  readonly isDrill: boolean;
  /** The asset's name, else the terminal's; empty where there is neither. */
  readonly place: string;
  readonly atMs: number;
}

export interface TemplateFacts {
  readonly language: Language;
  readonly timeZone: string;
  /** The first of them, critical ones first; one for a message of its own. */
  readonly items: readonly [TemplateItem, ...TemplateItem[]];
  /** How many the message stands for, those not listed too. */
  readonly total: number;
  /** Where the alarm is acknowledged without signing in; undefined for bundles, and where PUBLIC_URL is not set. */
  readonly acknowledgeUrl: string | undefined;
  readonly consoleUrl: string | undefined;
}

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** For SMS and push: one or two parts. */
  readonly short: string;
  /** For a display of a few dozen characters: what matters comes first. */
  readonly display: string;
}

/** How many a bundle lists. */
export const LISTED_MAX = 20;
const SHORT_TITLE_CHARACTERS_MAX = 100;

const SEVERITY_WORDS: Readonly<Record<Severity, InLanguages>> = {
  critical: { en: "Critical", "zh-CN": "紧急" },
  major: { en: "Major", "zh-CN": "重要" },
  minor: { en: "Minor", "zh-CN": "次要" },
  warning: { en: "Warning", "zh-CN": "提示" },
};

const KIND_WORDS: Readonly<Record<OccasionKind, InLanguages>> = {
  raised: { en: "Alarm", "zh-CN": "告警" },
  worsened: { en: "Alarm is now worse", "zh-CN": "告警升级" },
  acknowledged: { en: "Acknowledged", "zh-CN": "已确认" },
  cleared: { en: "Over", "zh-CN": "已恢复" },
  shelved: { en: "Shelved", "zh-CN": "已搁置" },
  folded: { en: "Part of an incident", "zh-CN": "已并入事件" },
  overdue: { en: "Not answered in time", "zh-CN": "超时未响应" },
  reminder: { en: "Still nobody has answered", "zh-CN": "仍无人确认" },
  escalated: { en: "Nobody has answered; it is now yours", "zh-CN": "无人确认，现转给您" },
  test: { en: "Test message", "zh-CN": "测试消息" },
  billing: { en: "Your account", "zh-CN": "账务通知" },
};

const WORDS = {
  drill: { en: "DRILL", "zh-CN": "演练" },
  at: { en: "Time", "zh-CN": "时间" },
  where: { en: "Where", "zh-CN": "地点" },
  acknowledge: { en: "Acknowledge", "zh-CN": "确认告警" },
  open: { en: "Open in Hopline", "zh-CN": "在 Hopline 中打开" },
  why: {
    en: "You get this because of your notification preferences.",
    "zh-CN": "您收到此消息是因为您的通知设置。",
  },
} as const satisfies Record<string, InLanguages>;

const alarmsOf = (count: number, language: Language): string =>
  language === "en" ? `${count} alarms` : `${count} 条告警`;
const moreOf = (count: number, language: Language): string =>
  language === "en" ? `… and ${count} more` : `……另有 ${count} 条`;

const formats = new Map<string, Intl.DateTimeFormat>();

function timeText(atMs: number, language: Language, timeZone: string): string {
  const key = `${language} ${timeZone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" },
    });
    formats.set(key, format);
  }
  return format.format(atMs);
}

const headOf = ({ kind, severity, isDrill }: TemplateItem, language: Language): string => {
  const drill = isDrill ? `[${WORDS.drill[language]}] ` : "";
  const what = KIND_WORDS[kind][language];
  return kind === "test" || kind === "billing"
    ? `${drill}${what}`
    : `${drill}${SEVERITY_WORDS[severity][language]} · ${what}`;
};

/** Of an alarm its severity, of anything else what it is. */
const callOf = ({ kind, severity, isDrill }: TemplateItem, language: Language): string => {
  const words = kind === "raised" ? SEVERITY_WORDS[severity] : KIND_WORDS[kind];
  return `${isDrill ? `[${WORDS.drill[language]}] ` : ""}${words[language]}`;
};

const lineOf = (item: TemplateItem, language: Language): string => {
  const where = item.place === "" ? "" : `${item.place}: `;
  return `${where}${item.title[language]}`;
};

/** A message in words; the same facts give the same message. */
export function render(facts: TemplateFacts): Message {
  return facts.total > 1 ? renderBundle(facts) : renderOne(facts);
}

function renderOne(facts: TemplateFacts): Message {
  const { language, timeZone, items } = facts;
  const [item] = items;
  const head = headOf(item, language);
  const line = lineOf(item, language);
  const time = timeText(item.atMs, language, timeZone);
  const rows: readonly (readonly [string, string])[] = [
    ...(item.place === "" ? [] : [[WORDS.where[language], item.place] as const]),
    [WORDS.at[language], time],
  ];
  return {
    subject: oneLine(`${head} · ${line}`),
    text: [
      head,
      item.title[language],
      "",
      ...rows.map(([name, value]) => `${name}: ${value}`),
      ...linkLines(facts),
      "",
      WORDS.why[language],
    ].join("\n"),
    html: page(
      `<p class="head">${escape(head)}</p><h1>${escape(item.title[language])}</h1>` +
        `<p>${rows.map(([name, value]) => `${escape(name)}: ${escape(value)}`).join("<br>")}</p>`,
      facts,
    ),
    short: oneLine(`${head}: ${cut(line)} (${time})${shortLink(facts)}`),
    display: oneLine(`${callOf(item, language)}: ${line}`),
  };
}

function renderBundle(facts: TemplateFacts): Message {
  const { language, timeZone, items, total } = facts;
  const listed = items.slice(0, LISTED_MAX);
  const [first] = items;
  const isAllDrill = items.every(({ isDrill }) => isDrill);
  const drill = isAllDrill ? `[${WORDS.drill[language]}] ` : "";
  const head = `${drill}${SEVERITY_WORDS[first.severity][language]} · ${alarmsOf(total, language)}`;
  const lines = listed.map(
    (item) =>
      `${timeText(item.atMs, language, timeZone)}  ${headOf(item, language)}  ${lineOf(item, language)}`,
  );
  const more = total > listed.length ? [moreOf(total - listed.length, language)] : [];
  return {
    subject: oneLine(`${head} · ${lineOf(first, language)}`),
    text: [head, "", ...lines, ...more, ...linkLines(facts), "", WORDS.why[language]].join("\n"),
    html: page(
      `<h1>${escape(head)}</h1><ul>${[...lines, ...more].map((line) => `<li>${escape(line)}</li>`).join("")}</ul>`,
      facts,
    ),
    short: oneLine(`${head}: ${cut(lineOf(first, language))} ${moreOf(total - 1, language)}`),
    display: oneLine(`${drill}${alarmsOf(total, language)}: ${lineOf(first, language)}`),
  };
}

function linkLines({ acknowledgeUrl, consoleUrl, language }: TemplateFacts): readonly string[] {
  const links = [
    ...(acknowledgeUrl === undefined ? [] : [`${WORDS.acknowledge[language]}: ${acknowledgeUrl}`]),
    ...(consoleUrl === undefined ? [] : [`${WORDS.open[language]}: ${consoleUrl}`]),
  ];
  return links.length === 0 ? [] : ["", ...links];
}

const shortLink = ({ acknowledgeUrl }: TemplateFacts): string =>
  acknowledgeUrl === undefined ? "" : ` ${acknowledgeUrl}`;

function page(body: string, { acknowledgeUrl, consoleUrl, language }: TemplateFacts): string {
  const link = (url: string | undefined, words: string): string =>
    url === undefined ? "" : `<p><a href="${escape(url)}">${escape(words)}</a></p>`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>`,
    body,
    link(acknowledgeUrl, WORDS.acknowledge[language]),
    link(consoleUrl, WORDS.open[language]),
    `<p><small>${escape(WORDS.why[language])}</small></p></body></html>`,
  ].join("\n");
}

const cut = (text: string): string =>
  text.length > SHORT_TITLE_CHARACTERS_MAX
    ? `${text.slice(0, SHORT_TITLE_CHARACTERS_MAX - 1).replace(/[\ud800-\udbff]$/, "")}…`
    : text;

/** Names are people's own words: none of them begins a header or a line of ours. */
const oneLine = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, " ").trim();

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
