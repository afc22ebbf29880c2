import type { ImportProblem } from "../api/types.ts";
import { en, type TextKey } from "../i18n/en.ts";
import type { Words } from "../i18n/speech.ts";

/** Where the API's sentence says what would be right, or which line: what the other language must say, too. */
const FACTS: Readonly<Record<string, RegExp>> = {
  profile: /^must be one of (.+)$/,
  degrees: /^must be degrees from (-?\d+) to (\d+), such as (\S+)$/,
  repeated: /^line (\d+) has the same$/,
  cells: /^the line has (\d+) cells and the first line names (\d+) columns$/,
  "missing-column": /; it names columns from: (.+)$/,
  "unknown-column": /^there is no such column; there are: (.+)$/,
};

const isKnown = (key: string): key is TextKey => key in en;

/** Why a line is bad, in the user's language where we have the words for it, else as the API says it. */
export function importReason(
  { t, language }: Words,
  { code, reason }: Pick<ImportProblem, "code" | "reason">,
): string {
  const key = `problem.${code}`;
  if (language === "en" || !isKnown(key)) return reason;
  const facts = FACTS[code];
  if (facts === undefined) return t(key);
  const found = facts.exec(reason)?.slice(1);
  return found === undefined ? reason : t(key, Object.fromEntries(found.entries()));
}
