import type { Format } from "../i18n/format.ts";

/** How many match, as people read it: `1,000+` where nobody has counted on. */
export const matchCount = (
  { number }: Pick<Format, "number">,
  { total, moreMatch }: { readonly total: number; readonly moreMatch: boolean },
): string => `${number(total)}${moreMatch ? "+" : ""}`;
