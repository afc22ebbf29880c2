import { useMemo } from "react";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { type RuleText, rulesEn } from "../i18n/rules-en.ts";
import { rulesZh } from "../i18n/rules-zh-cn.ts";
import { fill } from "../i18n/speech.ts";
import type { RuleProblem } from "./rule-queries.ts";

export type Words = (key: RuleText, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of these pages beside those of the whole console. */
export function useWords(): Speech & { readonly w: Words } {
  const speech = useSpeech();
  return useMemo(() => {
    const texts: Readonly<Record<RuleText, string>> =
      speech.language === "zh-CN" ? rulesZh : rulesEn;
    return { ...speech, w: (key, values) => fill(texts[key], values) };
  }, [speech]);
}

const COUNTED = [
  ...(["maxAstNodes", "maxDepth", "maxListElements"] as const),
  ...(["maxMapEntries", "maxCallArguments", "macroDepth", "steps"] as const),
];

/** What is wrong, in the words of the language, with the character where it begins. */
export function problemText(w: Words, { code, about, start }: RuleProblem): string {
  const counted = COUNTED.find((name) => name === about[0]);
  const named =
    code === "too-costly" && counted ? [w(`counted.${counted}`), ...about.slice(1)] : about;
  const text = w(`problem.${code}`, Object.fromEntries(named.entries()));
  return start === undefined ? text : w("problem.at", { at: start + 1, text });
}
