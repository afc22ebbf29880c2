import { browsersTimeZone } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";

/** The time zone that whoever is signed in reads times in. */
export const useMyZone = (): string => useMe().user?.timeZone ?? browsersTimeZone();
