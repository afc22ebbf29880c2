import { useMemo } from "react";
import { type BoardText, boardsEn, boardsZh } from "../i18n/boards.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { fill } from "../i18n/speech.ts";

type Words = (key: BoardText, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of these pages beside those of the whole console. */
export function useBoardWords(): Speech & { readonly w: Words } {
  const speech = useSpeech();
  return useMemo(() => {
    const texts = speech.language === "zh-CN" ? boardsZh : boardsEn;
    return { ...speech, w: (key, values) => fill(texts[key], values) };
  }, [speech]);
}
