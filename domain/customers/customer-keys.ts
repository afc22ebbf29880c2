import { digitsOf } from "./customer-rules.ts";

/** Legal forms say nothing about who it is. The longer first: one may contain another. */
const LEGAL_FORMS_ZH = ["股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "公司"];
const LEGAL_FORMS = new Set(
  "ag bv co corp corporation company gmbh inc incorporated kg limited llc llp ltd oy plc pty sa sarl sas spa srl".split(
    " ",
  ),
);

/** A name without case, accents, punctuation and legal form: those of one customer, written twice, are the same. */
export function nameKey(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").normalize("NFKC").toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const told = words.filter((word) => !LEGAL_FORMS.has(word));
  let key = (told.length === 0 ? words : told).join("");
  for (const form of LEGAL_FORMS_ZH)
    if (key.endsWith(form) && key.length > form.length) {
      key = key.slice(0, -form.length);
      break;
    }
  return key === "" ? plain.trim() : key;
}

const PHONE_KEY_DIGITS = 9;

/** The last digits: with the country's code or without it is the same line. A short number is nobody's own. */
export function phoneKey(phone: string | null): string | null {
  const digits = digitsOf(phone ?? "");
  return digits.length < 7 ? null : digits.slice(-PHONE_KEY_DIGITS);
}

export const emailKey = (email: string | null): string | null => email?.toLowerCase() ?? null;

interface Findable {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Columns that follow from the others. */
export const keysOf = ({ name, email, phone }: Findable) => ({
  name_key: nameKey(name),
  phone_key: phoneKey(phone),
  email_key: emailKey(email),
});

/** What the list is searched by: a number typed with spaces or dashes finds the same line without. */
export function searchTerms(search: string): readonly string[] {
  const text = search.normalize("NFC").trim().toLowerCase();
  const digits = digitsOf(text);
  const isPhone = /^\+?[0-9 ()./-]+$/.test(text) && digits !== "" && digits !== text;
  return isPhone ? [text, digits] : [text];
}
