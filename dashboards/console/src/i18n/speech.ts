import type { Label } from "../api/types.ts";
import { type Dictionary, en, type TextKey } from "./en.ts";
import { createFormat, type Format } from "./format.ts";
import { zhCn } from "./zh-cn.ts";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, "zh-CN": zhCn };
type Filled = Readonly<Record<string, string | number>>;

/** What can be said. */
export interface Words {
  readonly language: Language;
  /** An IANA name: the zone in which times are said. */
  readonly timeZone: string;
  readonly t: (key: TextKey, values?: Filled) => string;
  /** The text of a key made from a value of the API, or the value itself when it is a new one. */
  readonly named: (prefix: string, value: string) => string;
  readonly label: (label: Label) => string;
  readonly format: Format;
}

/** What can be said, and what changes it. */
export interface Speech extends Words {
  readonly choose: (language: Language) => void;
  /** Of whoever is signed in; before, the browser's. */
  readonly chooseTimeZone: (timeZone: string) => void;
}

/** Holes are `{name}`; `{count|terminal|terminals}` says the first word of one, the second of any other number. */
export function fill(text: string, values: Filled = {}): string {
  const worded = text.replace(
    /\{(\w+)\|([^|}]*)\|([^}]*)\}/g,
    (_all, name: string, one: string, many: string) => (String(values[name]) === "1" ? one : many),
  );
  return worded.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The words of a language; times are those of the zone. */
export function speechOf(language: Language, timeZone: string): Words {
  const dictionary: Dictionary = DICTIONARIES[language];
  const t = (key: TextKey, values?: Filled): string => fill(dictionary[key], values);
  return {
    language,
    timeZone,
    t,
    named(prefix, value) {
      const key = `${prefix}.${value}`;
      return key in dictionary ? dictionary[key as TextKey] : value.replaceAll(/[-_]/g, " ");
    },
    label: (label) => label[language],
    format: createFormat(language, t, timeZone),
  };
}
