import { InvalidInputError } from "../../base/errors.ts";

/** A tree of organisations deeper than this is a mistake; each look at it stays bounded. */
export const TREE_DEPTH_MAX = 8;
export const TAGS_MAX = 20;
export const TAG_CHARACTERS_MAX = 40;
const EMAIL_CHARACTERS_MAX = 254; // RFC 5321 4.5.3.1.3
const PHONE_DIGITS_MIN = 3; // a short number is one, too
const PHONE_DIGITS_MAX = 15; // E.164

export const CUSTOMER_KINDS = ["person", "organisation"] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];
export const CUSTOMER_LANGUAGES = ["en", "zh-CN"] as const;
export type CustomerLanguage = (typeof CUSTOMER_LANGUAGES)[number];

/** What people say on the telephone: C-000123. */
export const formatNumber = (count: bigint): string => `C-${String(count).padStart(6, "0")}`;

export type PlaceFault = "ring" | "too-deep" | "person-above";

interface Place {
  /** Undefined: a customer that is only being made. */
  readonly id: string | undefined;
  /** The new parent, its parent and so on up to the root. */
  readonly above: readonly { readonly id: string; readonly kind: CustomerKind }[];
  /** Levels of the customer and all below it: 1 when nothing is below. */
  readonly levels: number;
}

/** Why a customer cannot stand there in the tree, if so. */
export function placeFault({ id, above, levels }: Place): PlaceFault | undefined {
  if (above[0]?.kind === "person") return "person-above";
  if (id !== undefined && above.some((each) => each.id === id)) return "ring";
  return above.length + levels > TREE_DEPTH_MAX ? "too-deep" : undefined;
}

export const PLACE_FAULTS: Readonly<Record<PlaceFault, string>> = {
  ring: "a customer cannot stand below itself",
  "too-deep": `the tree would be deeper than ${TREE_DEPTH_MAX} levels`,
  "person-above": "only an organisation can have customers below it",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** One line of text as it is stored; throws an InvalidInputError when it is none. */
export function cleanLine(field: string, text: string): string {
  const line = text.normalize("NFC").replaceAll(/\s+/g, " ").trim();
  if (line === "") throw new InvalidInputError(field, `${field} must not be empty`);
  refuseControls(field, line);
  return line;
}

/** Text of several lines as it is stored; empty is nothing. */
export function cleanText(field: string, text: string): string {
  const clean = text.normalize("NFC").replaceAll("\r\n", "\n").trim();
  refuseControls(field, clean);
  return clean;
}

function refuseControls(field: string, text: string): void {
  if (CONTROL.test(text) || !text.isWellFormed())
    throw new InvalidInputError(field, `${field} must be text without control characters`);
}

/** Nothing and empty text are the same: null. */
export const orNull = (
  clean: (field: string, text: string) => string,
  field: string,
  text: string | null | undefined,
): string | null => (text == null || text.trim() === "" ? null : clean(field, text));

const EMAIL =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

export function cleanEmail(field: string, text: string): string {
  const email = text.normalize("NFC").trim();
  if (email.length > EMAIL_CHARACTERS_MAX || !EMAIL.test(email))
    throw new InvalidInputError(field, `${field} must be an e-mail address such as a@example.com`);
  return email;
}

export function cleanPhone(field: string, text: string): string {
  const phone = text.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
  const digits = digitsOf(phone).length;
  const isPhone = /^\+?[0-9 ()./-]{1,40}$/.test(phone);
  if (!isPhone || digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX)
    throw new InvalidInputError(
      field,
      `${field} must be a telephone number of ${PHONE_DIGITS_MIN} to ${PHONE_DIGITS_MAX} digits such as +86 21 5555 0100`,
    );
  return phone;
}

export const digitsOf = (text: string): string => text.replaceAll(/[^0-9]/g, "");

/** A zone of the tz database; an offset is none, because it knows no summer time. */
export function cleanTimeZone(field: string, text: string): string {
  const zone = text.trim();
  if (!isTimeZone(zone))
    throw new InvalidInputError(field, `${field} must be a time zone such as Asia/Shanghai`);
  return zone;
}

function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]{2,}(?:[/_+-][A-Za-z0-9]+)*$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // that is how Intl says that there is no such zone
  }
}

/** Lower case, each once, in order: two people who mean the same write the same. */
export function cleanTags(field: string, tags: readonly string[]): readonly string[] {
  const clean = new Set(tags.map((tag) => cleanLine(field, tag).toLowerCase()));
  if (clean.size > TAGS_MAX)
    throw new InvalidInputError(field, `${field} must be at most ${TAGS_MAX}`);
  for (const tag of clean)
    if (tag.length > TAG_CHARACTERS_MAX || tag.includes(","))
      throw new InvalidInputError(
        field,
        `a tag has at most ${TAG_CHARACTERS_MAX} characters and no comma`,
      );
  return [...clean].sort();
}

/** A number that was given by another system: kept as it is, if people can say it. */
export function cleanNumber(field: string, text: string): string {
  const number = text.trim().toUpperCase();
  if (!/^[A-Z0-9][A-Z0-9./-]{0,31}$/.test(number))
    throw new InvalidInputError(
      field,
      `${field} must be up to 32 letters, digits, dots, strokes or dashes`,
    );
  return number;
}
