import { type Static, type TSchema, Type } from "typebox";
import type { CustomerAsset, CustomerUser } from "../domain/customers/belongings.ts";
import { CHANNELS, type Consent } from "../domain/customers/consents.ts";
import type { Contact } from "../domain/customers/contacts.ts";
import { CUSTOMER_KINDS, CUSTOMER_LANGUAGES } from "../domain/customers/customer-rules.ts";
import type { Customer, CustomerDetail, CustomerSummary } from "../domain/customers/customers.ts";
import type { Note } from "../domain/customers/notes.ts";
import type { Site } from "../domain/customers/sites.ts";
import { isoTime, isoTimeOrNull } from "./http/query.ts";

const Time = Type.String({ format: "date-time" });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** Two types and no union: a union would take null for "" or 0, and 0 for null. */
const textOrNull = (options: { maxLength: number; description?: string }) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], ...options });
const numberOrNull = (options: { minimum: number; maximum: number }) =>
  Type.Unsafe<number | null>({ type: ["number", "null"], ...options });

export const Id = Type.String({ pattern: "^[\\w-]{1,64}$" });
export const Kind = Type.Enum([...CUSTOMER_KINDS]);
export const LanguageName = Type.Enum([...CUSTOMER_LANGUAGES]);
const ParentId = textOrNull({ maxLength: 64, description: "null: at the root of the tree" });
const Email = textOrNull({ maxLength: 254 });
const Phone = textOrNull({ maxLength: 40 });

export const CustomerBody = {
  kind: Kind,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  parentId: Type.Optional(ParentId),
  email: Type.Optional(Email),
  phone: Type.Optional(Phone),
  address: Type.Optional(textOrNull({ maxLength: 500 })),
  taxId: Type.Optional(textOrNull({ maxLength: 64 })),
  language: Type.Optional(LanguageName),
  timeZone: Type.Optional(Type.String({ maxLength: 64, description: "such as Asia/Shanghai" })),
  tags: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 40 })),
};

export const ContactBody = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  role: Type.String({ minLength: 1, maxLength: 100, description: "such as fleet manager" }),
  email: Type.Optional(Email),
  phone: Type.Optional(Phone),
  language: LanguageName,
};

export const SiteBody = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  address: Type.String({ maxLength: 500 }),
  latitude: Type.Optional(numberOrNull({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(numberOrNull({ minimum: -180, maximum: 180 })),
};

const customer = {
  id: Type.String(),
  number: Type.String(),
  kind: Kind,
  name: Type.String(),
  parentId: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  address: nullable(Type.String()),
  taxId: nullable(Type.String()),
  language: LanguageName,
  timeZone: Type.String(),
  tags: Type.Array(Type.String()),
  erasedAt: nullable(Time),
  createdAt: Time,
  version: Type.Integer(),
};
export const CustomerView = Type.Object(customer);

const summary = {
  ...customer,
  parentName: nullable(Type.String()),
  children: Type.Integer({ description: "customers directly below it" }),
  terminals: Type.Integer({ description: "terminals that serve it now" }),
};
export const CustomerSummaryView = Type.Object(summary);
export const CustomerDetailView = Type.Object({
  ...summary,
  path: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
    description: "from the root of the tree down to its parent, as far as the caller may see",
  }),
});

export const ContactView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.String(),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  language: LanguageName,
  version: Type.Integer(),
});

export const SiteView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  address: Type.String(),
  latitude: nullable(Type.Number()),
  longitude: nullable(Type.Number()),
  version: Type.Integer(),
});

export const NoteView = Type.Object({
  id: Type.String(),
  text: Type.String(),
  byName: Type.String(),
  at: Time,
});

export const ConsentView = Type.Object({
  id: Type.String(),
  channel: Type.Enum([...CHANNELS]),
  granted: Type.Boolean(),
  contactId: nullable(Type.String({ description: "null: for the customer itself" })),
  source: Type.String(),
  byName: Type.String(),
  at: Time,
});

export const AssetView = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  plate: nullable(Type.String()),
  terminals: Type.Array(
    Type.Object({
      address: Type.Integer(),
      serial: Type.String(),
      name: Type.String(),
      profile: Type.String(),
      lifeCycle: Type.String(),
      from: Time,
      receivedAt: nullable(Time),
      batteryPercent: nullable(Type.Integer()),
    }),
  ),
});

export const CustomerUserView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Type.String(),
  isDisabled: Type.Boolean(),
  lastSeenAt: nullable(Time),
});

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const customerView = (one: Customer): Static<typeof CustomerView> => ({
  id: one.id,
  number: one.number,
  kind: one.kind,
  name: one.name,
  parentId: one.parentId,
  email: one.email,
  phone: one.phone,
  address: one.address,
  taxId: one.taxId,
  language: one.language,
  timeZone: one.timeZone,
  tags: [...one.tags],
  erasedAt: isoOrNull(one.erasedAtMs),
  createdAt: iso(one.createdAtMs),
  version: one.version,
});

export const customerSummaryView = (one: CustomerSummary): Static<typeof CustomerSummaryView> => ({
  ...customerView(one),
  parentName: one.parentName,
  children: one.children,
  terminals: one.terminals,
});

export const customerDetailView = (one: CustomerDetail): Static<typeof CustomerDetailView> => ({
  ...customerSummaryView(one),
  path: one.path.map(({ id, name }) => ({ id, name })),
});

export const contactView = (of: Contact) => ({
  ...{ id: of.id, name: of.name, role: of.role, email: of.email, phone: of.phone },
  ...{ language: of.language, version: of.version },
});
export const siteView = (of: Site) => ({
  ...{ id: of.id, name: of.name, address: of.address, version: of.version },
  ...{ latitude: of.latitude, longitude: of.longitude },
});
export const noteView = ({ id, text, byName, atMs }: Note) => ({ id, text, byName, at: iso(atMs) });
export const consentView = ({ atMs, ...consent }: Consent) => ({ ...consent, at: iso(atMs) });

const MAINS = 255; // what an attach says in place of a percentage (air-interface.md section 2)

export const assetView = ({ terminals, ...asset }: CustomerAsset) => ({
  ...asset,
  terminals: terminals.map(({ fromNs, receivedAtNs, batteryPercent, ...terminal }) => ({
    ...terminal,
    from: isoTime(fromNs),
    receivedAt: isoTimeOrNull(receivedAtNs),
    batteryPercent: batteryPercent === MAINS ? null : batteryPercent,
  })),
});

export const userOfCustomerView = ({ lastSeenAtMs, ...user }: CustomerUser) => ({
  ...user,
  lastSeenAt: isoOrNull(lastSeenAtMs),
});
