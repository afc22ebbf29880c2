import type { LinkedAlarm } from "../domain/notifications/alarm-acknowledgement-postgres.ts";
import type { Language } from "../domain/notifications/occasion.ts";
import { escape } from "../domain/notifications/templates.ts";
import { plainPage } from "./plain-page.ts";

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

export function acknowledgePage({ alarm, step, language }: AcknowledgePage): string {
  const words = WORDS[language];
  const parts = alarm === undefined ? [] : about(alarm, language);
  const end = {
    ask: `<form method="post"><button autofocus>${words.ask}</button></form><p><small>${words.explained}</small></p>`,
    done: `<p role="status"><strong>${words.done}</strong></p>`,
    gone: `<p role="alert">${words.gone}</p>`,
  }[step];
  const heading = parts.length > 0 ? parts : [`<h1>${words.title}</h1>`];
  return plainPage({ language, title: words.title, parts: [...heading, end] });
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
