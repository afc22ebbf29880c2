import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { LANGUAGES, type Language, type Speech, speechOf } from "./speech.ts";

export { LANGUAGES, type Language, type Speech } from "./speech.ts";

const STORED_AS = "hopline.language";

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
    () => ({ ...speechOf(language, timeZone), choose, chooseTimeZone }),
    [language, timeZone],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (!speech) throw new Error("useSpeech is called outside of LanguageProvider");
  return speech;
}
