import { InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import { cleanPhone } from "../customers/customer-rules.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { type DisplayAsked, displayOf } from "./display-postgres.ts";
import { cleanPreferences, OF_SUBSCRIBERS, type Preferences, SILENT } from "./preferences.ts";

export interface Person {
  readonly kind: "user" | "contact";
  readonly id: string;
  readonly customerId: string | null;
}

export interface StoredPreferences {
  readonly preferences: Preferences;
  /** Of users; contacts have theirs among their own data. */
  readonly phone: string | null;
  /** 0: nothing was said yet, these are what holds without. */
  readonly version: number;
}

export interface PreferencesInput {
  readonly preferences: Preferences;
  readonly phone?: string | null | undefined;
  readonly version: number | undefined;
}

export interface PreferenceStore {
  find(person: Person): Promise<StoredPreferences>;
  /** Throws an InvalidInputError for what cannot be, a StaleError when somebody else came first. */
  set(person: Person, input: PreferencesInput, act: Act): Promise<StoredPreferences>;
}

export const createPreferences = ({
  db,
  audit,
  profiles,
}: {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
}): PreferenceStore => ({
  find: (person) => find(db, person),
  set: (person, input, act) =>
    inTransaction(db, async (tx) => {
      const preferences = cleanPreferences(input.preferences);
      const phone = phoneOf(input.phone);
      await requirePerson(tx, person);
      await requireDisplay(tx, preferences, { profiles, personId: person.id, nowMs: act.atMs });
      const before = await find(tx, person);
      if (input.version !== undefined && input.version !== before.version)
        throw new StaleError("preferences", input.version, before.version);
      const version = before.version + 1;
      const row = {
        customer_id: person.customerId,
        phone,
        preferences: JSON.stringify(preferences),
        version,
      };
      await tx
        .insertInto("notification_preference")
        .values({ person_kind: person.kind, person_id: person.id, ...row })
        .onConflict((conflict) => conflict.columns(["person_kind", "person_id"]).doUpdateSet(row))
        .execute();
      await audit.record(tx, act, {
        action: "notification-preferences.changed",
        subject: { kind: person.kind, id: person.id },
        customerId: person.customerId,
        before: before.preferences,
        after: preferences,
      });
      return { preferences, phone, version };
    }),
});

const phoneOf = (phone: string | null | undefined): string | null =>
  phone === undefined || phone === null || phone.trim() === "" ? null : cleanPhone("phone", phone);

async function find(db: Db, { kind, id, customerId }: Person): Promise<StoredPreferences> {
  const row = await db
    .selectFrom("notification_preference")
    .select(["preferences", "phone", "version"])
    .where("person_kind", "=", kind)
    .where("person_id", "=", id)
    .executeTakeFirst();
  if (row !== undefined) return row;
  const isSubscriber = kind === "user" && customerId !== null;
  return { preferences: isSubscriber ? OF_SUBSCRIBERS : SILENT, phone: null, version: 0 };
}

async function requireDisplay(
  tx: Db,
  { display }: Preferences,
  of: Omit<DisplayAsked, "address">,
): Promise<void> {
  if (typeof display !== "number") return;
  if ((await displayOf(tx, { ...of, address: display })) === undefined)
    throw new InvalidInputError("preferences.display", "this terminal has no display for them");
}

async function requirePerson(tx: Db, { kind, id, customerId }: Person): Promise<void> {
  if (kind === "user") return; // whoever is signed in
  const contact = await tx
    .selectFrom("contact")
    .select("id")
    .where("id", "=", id)
    .where("customer_id", "=", customerId)
    .executeTakeFirst();
  if (contact === undefined) throw new NotFoundError("contact", id);
}
