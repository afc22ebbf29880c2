import {
  type CustomerKind,
  type CustomerLanguage,
  cleanEmail,
  cleanLine,
  cleanPhone,
  cleanTags,
  cleanText,
  cleanTimeZone,
  orNull,
} from "./customer-rules.ts";
import type { CustomerChange, CustomerInput } from "./customers.ts";

/** A customer's own fields as they are stored. */
export interface CustomerFields {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly parentId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly taxId: string | null;
  readonly language: CustomerLanguage;
  readonly timeZone: string;
  readonly tags: readonly string[];
}

/** Of these the audit log keeps that they changed and never what they are: it is for ever, and they may be erased. */
export const PERSONAL_FIELDS = ["name", "email", "phone", "address", "taxId"] as const;
const PERSONAL: ReadonlySet<string> = new Set(PERSONAL_FIELDS);

const DEFAULTS = { language: "en", timeZone: "UTC" } as const;

/** Throws an InvalidInputError that names the first field at fault. */
export function cleanCustomer(input: CustomerInput): CustomerFields {
  return {
    kind: input.kind,
    name: cleanLine("name", input.name),
    parentId: input.parentId ?? null,
    email: orNull(cleanEmail, "email", input.email),
    phone: orNull(cleanPhone, "phone", input.phone),
    address: orNull(cleanText, "address", input.address),
    taxId: orNull(cleanLine, "taxId", input.taxId),
    language: input.language ?? DEFAULTS.language,
    timeZone: cleanTimeZone("timeZone", input.timeZone ?? DEFAULTS.timeZone),
    tags: cleanTags("tags", input.tags ?? []),
  };
}

/** What it will be; what is not given stays. */
export function changed(before: CustomerFields, change: CustomerChange): CustomerFields {
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as CustomerChange; // the entries are the change's own, less the undefined
  return cleanCustomer({ ...before, ...given });
}

/** What the audit log is told of a thing: values, and of personal fields the names alone. */
export function toldOf(
  fields: Readonly<Record<string, unknown>>,
  personal: ReadonlySet<string> = PERSONAL,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).filter(([, value]) => value !== null);
  const names = entries.filter(([name]) => personal.has(name)).map(([name]) => name);
  return {
    ...Object.fromEntries(entries.filter(([name]) => !personal.has(name))),
    ...(names.length === 0 ? {} : { personal: names }),
  };
}

/** The two sides of a change, each with what differs alone. */
export function differenceOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  personal: ReadonlySet<string> = PERSONAL,
): { readonly before: unknown; readonly after: unknown } | undefined {
  const names = Object.keys(after).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const open = names.filter((name) => !personal.has(name));
  const hidden = names.filter((name) => personal.has(name));
  const side = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(open.map((name) => [name, values[name] ?? null]));
  return {
    before: side(before),
    after: { ...side(after), ...(hidden.length === 0 ? {} : { personal: hidden }) },
  };
}
