import { useMemo } from "react";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { type RecoveryText, recoveryEn, recoveryZh } from "../i18n/recovery.ts";
import { fill } from "../i18n/speech.ts";

export interface RecoveryWords extends Speech {
  readonly w: (key: RecoveryText, values?: Readonly<Record<string, string | number>>) => string;
}

/** The texts of these pages beside those of the whole console. */
export function useWords(): RecoveryWords {
  const speech = useSpeech();
  return useMemo(() => {
    const texts = speech.language === "zh-CN" ? recoveryZh : recoveryEn;
    return { ...speech, w: (key, values) => fill(texts[key], values) };
  }, [speech]);
}
