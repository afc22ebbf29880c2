import { useMemo } from "react";
import { type DrillText, drillsEn, drillsZh } from "../i18n/drills.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { fill } from "../i18n/speech.ts";

type Words = (key: DrillText, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of these pages beside those of the whole console. */
export function useWords(): Speech & { readonly w: Words } {
  const speech = useSpeech();
  return useMemo(() => {
    const texts = speech.language === "zh-CN" ? drillsZh : drillsEn;
    return { ...speech, w: (key, values) => fill(texts[key], values) };
  }, [speech]);
}
