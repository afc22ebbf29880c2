import type { GroupOutlook } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

/** How far the group's key has come. */
export function KeysLine({ outlook }: { readonly outlook: GroupOutlook }) {
  const { t, format } = useSpeech();
  const { withKey, inService, keyOnItsWay } = outlook;
  const held = t("tell.keys", { held: format.number(withKey), count: format.number(inService) });
  const isShort = withKey < inService;
  return (
    <span className={isShort ? "group-keys-short" : "soft"} title={t("tell.keys.explained")}>
      {held}
      {isShort && keyOnItsWay > 0
        ? `, ${t("tell.keys.way", { count: format.number(keyOnItsWay) })}`
        : ""}
    </span>
  );
}
