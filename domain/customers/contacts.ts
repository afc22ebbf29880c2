import type { Act } from "../identity/audit.ts";
import {
  type CustomerLanguage,
  cleanEmail,
  cleanLine,
  cleanPhone,
  orNull,
} from "./customer-rules.ts";

/** Somebody one speaks to, and as what. */
export interface Contact {
  readonly id: string;
  readonly customerId: string;
  readonly name: string;
  readonly role: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: CustomerLanguage;
  readonly version: number;
}

export interface ContactInput {
  readonly name: string;
  readonly role: string;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly language: CustomerLanguage;
}

export const CONTACT_PERSONAL: ReadonlySet<string> = new Set(["name", "email", "phone"]);

/** Throws an InvalidInputError that names the first field at fault. */
export const cleanContact = (input: ContactInput) => ({
  name: cleanLine("name", input.name),
  role: cleanLine("role", input.role),
  email: orNull(cleanEmail, "email", input.email),
  phone: orNull(cleanPhone, "phone", input.phone),
  language: input.language,
});

/** A contact of another customer is none of this one's: each call names both. */
export interface Contacts {
  list(customerId: string): Promise<readonly Contact[]>;
  find(customerId: string, id: string): Promise<Contact | undefined>;
  add(customerId: string, input: ContactInput, act: Act): Promise<Contact>;
  change(
    at: { readonly customerId: string; readonly id: string; readonly version: number | undefined },
    change: Partial<ContactInput>,
    act: Act,
  ): Promise<Contact>;
  remove(
    at: { readonly customerId: string; readonly id: string; readonly version: number | undefined },
    act: Act,
  ): Promise<void>;
}
