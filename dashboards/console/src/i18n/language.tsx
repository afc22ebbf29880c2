import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Label } from "../api/types.ts";
import { type Dictionary, en, type TextKey } from "./en.ts";
import { createFormat, type Format } from "./format.ts";
import { zhCn } from "./zh-cn.ts";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, "zh-CN": zhCn };
const STORED_AS = "hopline.language";

type Filled = Readonly<Record<string, string | number>>;

export interface Speech {
  readonly language: Language;
  readonly t: (key: TextKey, values?: Filled) => string;
  /** The text of a key made from a value of the API, or the value itself when it is a new one. */
  readonly named: (prefix: string, value: string) => string;
  readonly label: (label: Label) => string;
  readonly format: Format;
  readonly choose: (language: Language) => void;
  /** Of whoever is signed in; before, the browser's. */
  readonly chooseTimeZone: (timeZone: string) => void;
}

const isLanguage = (text: string | null): text is Language =>
  LANGUAGES.some((language) => language === text);

/** `?lang=` in the address wins, then what was chosen before, then the browser's wish. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(window.location.search).get("lang");
  if (isLanguage(asked)) return asked;
  const stored = window.localStorage.getItem(STORED_AS);
  if (isLanguage(stored)) return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function fill(text: string, values: Filled = {}): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

function speechOf(
  language: Language,
  timeZone: string,
  chosen: Pick<Speech, "choose" | "chooseTimeZone">,
): Speech {
  const dictionary: Dictionary = DICTIONARIES[language];
  const t = (key: TextKey, values?: Filled): string => fill(dictionary[key], values);
  return {
    language,
    t,
    named(prefix, value) {
      const key = `${prefix}.${value}`;
      return key in dictionary ? dictionary[key as TextKey] : value.replaceAll(/[-_]/g, " ");
    },
    label: (label) => label[language],
    format: createFormat(language, t, timeZone),
    ...chosen,
  };
}

export const browsersTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const SpeechContext = createContext<Speech | undefined>(undefined);

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  useEffect(() => {
    window.localStorage.setItem(STORED_AS, language);
    document.documentElement.lang = language;
  }, [language]);
  const [timeZone, chooseTimeZone] = useState(browsersTimeZone);
  const speech = useMemo(
    () => speechOf(language, timeZone, { choose, chooseTimeZone }),
    [language, timeZone],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("useSpeech is called outside of LanguageProvider");
  return speech;
}
