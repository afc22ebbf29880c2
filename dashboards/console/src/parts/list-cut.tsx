import { useSpeech } from "../i18n/language.tsx";

/** Under a list that is as long as the API gives at once: what comes after is not shown. */
export function ListCut({ count, max }: { readonly count: number; readonly max: number }) {
  const { t, format } = useSpeech();
  if (count < max) return undefined;
  return <p className="small-empty">{t("app.cut", { count: format.number(max) })}</p>;
}
