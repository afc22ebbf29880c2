import type { LinkedAlarm } from "../domain/notifications/alarm-acknowledgement-postgres.ts";
import type { Language } from "../domain/notifications/occasion.ts";
import { escape } from "../domain/notifications/templates.ts";

export interface AcknowledgePage {
  readonly alarm: LinkedAlarm | undefined;
  readonly step: "ask" | "done" | "gone";
  readonly language: Language;
}

const WORDS = {
  en: {
    title: "Acknowledge an alarm",
    since: "Since",
    over: "It is over by now.",
    drill: "This is a drill.",
    ask: "I am taking care of it",
    explained: "Nobody else is called for this alarm then.",
    done: "Acknowledged. Thank you.",
    gone: "This link is not valid, or not any more.",
  },
  "zh-CN": {
    title: "确认告警",
    since: "开始时间",
    over: "告警已恢复。",
    drill: "这是演练。",
    ask: "由我处理",
    explained: "确认后不再就此告警通知其他人。",
    done: "已确认，谢谢。",
    gone: "此链接无效或已过期。",
  },
} as const;

const STYLE = `
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: #f3f5f7; color: #16202a }
main { max-width: 28rem; margin: 10vh auto; padding: 1.5rem; background: #fff; border-radius: .75rem }
h1 { font-size: 1.25rem; margin: 0 0 .5rem } p { margin: .5rem 0 }
button { width: 100%; min-height: 3rem; margin-top: 1rem; font: inherit; font-weight: 600; color: #fff; background: #0b5cad; border: 0; border-radius: .5rem }
button:focus-visible { outline: 3px solid #7fb8f0; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { background: #10161c; color: #e6edf3 } main { background: #1a232c } }`;

/** Without script, so that it works in whatever a mail programme opens. */
export function acknowledgePage({ alarm, step, language }: AcknowledgePage): string {
  const words = WORDS[language];
  const parts = alarm === undefined ? [] : about(alarm, language);
  const end = {
    ask: `<form method="post"><button autofocus>${words.ask}</button></form><p><small>${words.explained}</small></p>`,
    done: `<p role="status"><strong>${words.done}</strong></p>`,
    gone: `<p role="alert">${words.gone}</p>`,
  }[step];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${words.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<style>${STYLE}</style></head>
<body><main>${parts.join("\n") || `<h1>${words.title}</h1>`}${end}</main></body></html>`;
}

function about(alarm: LinkedAlarm, language: Language): readonly string[] {
  const words = WORDS[language];
  const since = new Date(alarm.openedAtMs).toISOString().slice(0, 16).replace("T", " ");
  return [
    `<h1>${escape(alarm.title[language])}</h1>`,
    `<p>${words.since} ${since} UTC</p>`,
    ...(alarm.isDrill ? [`<p>${words.drill}</p>`] : []),
    ...(alarm.isCleared ? [`<p>${words.over}</p>`] : []),
  ];
}
