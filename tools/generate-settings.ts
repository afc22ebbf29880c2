import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { settingsTable } from "../base/config.ts";

export const RUNNING_FILE = path.join(import.meta.dirname, "../docs/running.md");
const BEGIN = "<!-- settings: written by `npm run generate` -->\n";
const END = "<!-- /settings -->";

/** docs/running.md with the table of settings as the code has them. */
export function withSettings(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/running.md has lost its settings marks`);
  return text.slice(0, begin + BEGIN.length) + settingsTable() + text.slice(end);
}

if (import.meta.main) writeFileSync(RUNNING_FILE, withSettings(readFileSync(RUNNING_FILE, "utf8")));
