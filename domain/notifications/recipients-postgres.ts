import { holding } from "../customers/consents.ts";
import type { Db } from "../db/database.ts";
import type { Language } from "./occasion.ts";
import type { Recipient } from "./planner.ts";
import { OF_SUBSCRIBERS, type PersonChannel, type Preferences, SILENT } from "./preferences.ts";

/** Of a customer, or of the operator: more than this nobody gets told at once. */
const RECIPIENTS_MAX = 500;

/** A subscriber's users and those contacts who asked for it; the operator's people where there is no customer. */
export async function recipientsOfCustomer(
  db: Db,
  customerId: string,
): Promise<readonly Recipient[]> {
  const refused = await refusedOf(db, customerId);
  const users = await usersWhere(db, { customerId });
  const contacts = await contactsWhere(db, { customerId });
  return [...users, ...contacts.map((row) => recipientOf(row, refused(row.id)))];
}

/** Contacts by name: whoever names them has a reason, and they need not have asked for anything. */
export async function contactsNamed(
  db: Db,
  contactIds: readonly string[],
): Promise<readonly Recipient[]> {
  if (contactIds.length === 0) return [];
  const found: Recipient[] = [];
  const ofCustomer = Map.groupBy(
    await contactsWhere(db, { ids: contactIds }),
    (row) => row.customer_id,
  );
  for (const [customerId, rows] of ofCustomer) {
    const refused = await refusedOf(db, customerId);
    found.push(...rows.map((row) => recipientOf(row, refused(row.id))));
  }
  return found;
}

/** Of a customer those alone who asked to be told. */
async function contactsWhere(
  db: Db,
  of: { readonly customerId: string } | { readonly ids: readonly string[] },
): Promise<readonly ContactRow[]> {
  const query = db
    .selectFrom("contact as c")
    .leftJoin("notification_preference as p", (join) =>
      join.onRef("p.person_id", "=", "c.id").on("p.person_kind", "=", "contact"),
    )
    .innerJoin("customer as u", "u.id", "c.customer_id")
    .select(["c.id", "c.customer_id", "c.email", "c.phone", "c.language", "u.time_zone"])
    .select("p.preferences")
    .orderBy("c.id")
    .limit(RECIPIENTS_MAX);
  return "ids" in of
    ? query.where("c.id", "in", of.ids).execute()
    : query
        .where("c.customer_id", "=", of.customerId)
        .where("p.preferences", "is not", null)
        .execute();
}

interface ContactRow {
  readonly id: string;
  readonly customer_id: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: string;
  readonly time_zone: string;
  readonly preferences: Preferences | null;
}

const recipientOf = (row: ContactRow, refused: Recipient["refused"]): Recipient => ({
  ...{ kind: "contact", id: row.id, refused },
  language: languageOf(row.language),
  timeZone: row.time_zone,
  addresses: {
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.phone === null ? {} : { sms: row.phone }),
    ...displayOf(row.preferences),
  },
  preferences: row.preferences ?? SILENT,
});

const displayOf = (preferences: Preferences | null) =>
  typeof preferences?.display === "number" ? { display: String(preferences.display) } : {};

/** The operator's own people who asked to be told. */
export const recipientsOfOperator = (db: Db): Promise<readonly Recipient[]> =>
  usersWhere(db, { customerId: null });

/** Users by name, wherever they belong. */
export const recipientsNamed = (
  db: Db,
  userIds: readonly string[],
): Promise<readonly Recipient[]> =>
  userIds.length === 0 ? Promise.resolve([]) : usersWhere(db, { ids: userIds });

async function usersWhere(
  db: Db,
  of: { readonly customerId?: string | null; readonly ids?: readonly string[] },
): Promise<readonly Recipient[]> {
  let query = db
    .selectFrom("app_user as u")
    .leftJoin("notification_preference as p", (join) =>
      join.onRef("p.person_id", "=", "u.id").on("p.person_kind", "=", "user"),
    )
    .select(["u.id", "u.email", "p.phone", "u.language", "u.time_zone", "u.customer_id"])
    .select("p.preferences")
    .select((eb) =>
      eb
        .exists(
          eb.selectFrom("push_subscription as s").select("s.id").whereRef("s.user_id", "=", "u.id"),
        )
        .as("has_push"),
    )
    .where("u.disabled_at", "is", null)
    .orderBy("u.id")
    .limit(RECIPIENTS_MAX);
  if (of.ids !== undefined) query = query.where("u.id", "in", of.ids);
  else if (of.customerId === null) query = query.where("u.customer_id", "is", null);
  else if (of.customerId !== undefined) query = query.where("u.customer_id", "=", of.customerId);
  const rows = await query.execute();
  return rows.map((row) => ({
    kind: "user",
    id: row.id,
    language: languageOf(row.language),
    timeZone: row.time_zone,
    addresses: {
      email: row.email,
      ...(row.phone === null ? {} : { sms: row.phone }),
      ...(row.has_push === true ? { push: row.id } : {}),
      ...displayOf(row.preferences),
    },
    preferences: row.preferences ?? (row.customer_id === null ? SILENT : OF_SUBSCRIBERS),
    refused: new Set(), // a person who signs in says in the preferences what is wanted
  }));
}

/** For each contact the channels for which consent was taken back, by the contact or else by the customer. */
async function refusedOf(
  db: Db,
  customerId: string,
): Promise<(contactId: string) => ReadonlySet<PersonChannel>> {
  const rows = await db
    .selectFrom("consent")
    .select(["contact_id", "channel", "granted", "at"])
    .where("customer_id", "=", customerId)
    .orderBy("at")
    .orderBy("id")
    .execute();
  const said = holding(
    rows.map((row) => ({
      contactId: row.contact_id,
      channel: channelOf(row.channel),
      granted: row.granted,
      atMs: row.at.getTime(),
    })),
  );
  return (contactId) => {
    const isRefused = (channel: (typeof CONSENTED)[number]): boolean => {
      const own = said.find((each) => each.contactId === contactId && each.channel === channel);
      const whole = said.find((each) => each.contactId === null && each.channel === channel);
      return (own ?? whole)?.granted === false;
    };
    return new Set(CONSENTED.filter(isRefused));
  };
}

/** A display is asked for together with its terminal: nobody's consent is kept for it. */
const CONSENTED = ["email", "sms", "push"] as const;
const channelOf = (text: string): (typeof CONSENTED)[number] | "post" =>
  CONSENTED.find((channel) => channel === text) ?? "post";

export const languageOf = (text: string): Language => (text === "zh-CN" ? "zh-CN" : "en");
