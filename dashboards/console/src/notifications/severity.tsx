import { useSpeech } from "../i18n/language.tsx";
import type { Severity } from "./notification-queries.ts";

export function SeverityMark({ of }: { readonly of: Severity }) {
  const { t } = useSpeech();
  return <span className={`severity severity-${of}`}>{t(`severity.${of}`)}</span>;
}
