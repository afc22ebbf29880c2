import { useMemo } from "react";
import type { Command } from "../api/types.ts";
import { type CommandText, commandsEn } from "../i18n/commands-en.ts";
import { commandsZh } from "../i18n/commands-zh-cn.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { fill } from "../i18n/speech.ts";

type Filled = Readonly<Record<string, string | number>>;

export interface CommandWords extends Speech {
  readonly w: (key: CommandText, values?: Filled) => string;
  /** The text of a key made from a value of the API, or the value itself when it is a new one. */
  readonly worded: (prefix: string, value: string) => string;
}

/** The texts of these pages beside those of the whole console. */
export function useCommandWords(): CommandWords {
  const speech = useSpeech();
  return useMemo(() => {
    const texts: Readonly<Record<CommandText, string>> =
      speech.language === "zh-CN" ? commandsZh : commandsEn;
    return {
      ...speech,
      w: (key, values) => fill(texts[key], values),
      worded: (prefix, value) => {
        const key = `${prefix}.${value}`;
        return isText(key) ? texts[key] : value.replaceAll("-", " ");
      },
    };
  }, [speech]);
}

const isText = (key: string): key is CommandText => key in commandsEn;

export const isOver = ({ endedAt }: Pick<Command, "endedAt">): boolean => endedAt !== null;

/** On the good way. */
export const STATE_ORDER: readonly Command["state"][] = [
  ...(["drafted", "approved", "queued", "scheduled"] as const),
  ...(["on-air", "sent", "acknowledged", "done"] as const),
];
