import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { ChannelName } from "./backoff.ts";
import { deliveryId } from "./bundling.ts";
import type { Claimed, Outcome } from "./deliveries.ts";
import { PERSON_CHANNELS } from "./preferences.ts";

const DETAIL_CHARACTERS_MAX = 400;
/** From this attempt on an urgent message goes by the other channel as well, while this one is still being tried. */
const URGENT_FALLBACK_AFTER = 3;

const detailOf = (text: string): string => text.slice(0, DETAIL_CHARACTERS_MAX);

export async function finishDelivery(tx: Db, claimed: Claimed, outcome: Outcome): Promise<void> {
  const { result, nowMs } = outcome;
  await tx
    .insertInto("delivery_attempt")
    .values({
      delivery_id: claimed.id,
      number: claimed.attempt,
      at: new Date(nowMs),
      outcome: result.outcome,
      detail: detailOf("why" in result ? result.why : result.reference),
    })
    .execute();
  if ("why" in result) await failed(tx, claimed, outcome, result.why);
  else await succeeded(tx, claimed, outcome, result);
}

async function failed(tx: Db, claimed: Claimed, outcome: Outcome, why: string): Promise<void> {
  const { nextAtMs, nowMs } = outcome;
  const isDead = nextAtMs === undefined;
  await tx
    .updateTable("delivery")
    .set({
      state: isDead ? "dead" : "waiting",
      reason: detailOf(why),
      lease_until: null,
      next_at: new Date(nextAtMs ?? nowMs),
    })
    .where("id", "=", claimed.id)
    .where("state", "=", "sending") // else a slower attempt of a process that was given up has come through
    .execute();
  if (isDead || (claimed.isUrgent && claimed.attempt >= URGENT_FALLBACK_AFTER))
    await fallBack(tx, claimed, nowMs);
}

/** The same by the person's other channel, once. */
async function fallBack(
  tx: Db,
  claimed: Pick<Claimed, "id" | "fallback" | "recipientKind" | "recipientId">,
  nowMs: number,
): Promise<void> {
  const { fallback, recipientKind, recipientId } = claimed;
  if (fallback === null) return;
  const target = await addressOf(tx, recipientKind, recipientId, fallback);
  if (target === undefined) return;
  const id = deliveryId("fallback", claimed.id, fallback);
  await sql`
    insert into delivery (id, customer_id, recipient_kind, recipient_id, channel, target, language, template, severity,
      rank, life_safety, bundle, items, state, fallback_of, created_at, next_at)
    select ${id}, customer_id, recipient_kind, recipient_id, ${fallback}, ${target}, language, template, severity,
      rank, life_safety, bundle, items, 'waiting', id, ${new Date(nowMs)}::timestamptz, ${new Date(nowMs)}::timestamptz
    from delivery where id = ${claimed.id}
    on conflict (id) do nothing`.execute(tx);
  await sql`
    insert into delivery_item (delivery_id, notification_id)
    select ${id}, notification_id from delivery_item where delivery_id = ${claimed.id}
    on conflict do nothing`.execute(tx);
}

/** Where a channel reaches somebody now; undefined: nowhere. */
async function addressOf(
  tx: Db,
  kind: Claimed["recipientKind"],
  id: string,
  channel: ChannelName,
): Promise<string | undefined> {
  if (channel === "display") return displayOf(tx, kind, id);
  if (kind === "contact") {
    const contact = await tx
      .selectFrom("contact")
      .select(["email", "phone"])
      .where("id", "=", id)
      .executeTakeFirst();
    return (
      (channel === "email" ? contact?.email : channel === "sms" ? contact?.phone : null) ??
      undefined
    );
  }
  const { rows } = await sql<{ address: string | null }>`
    select case ${channel}::text
      when 'email' then u.email
      when 'sms' then (select p.phone from notification_preference p
        where p.person_kind = 'user' and p.person_id = u.id)
      when 'push' then (select s.user_id from push_subscription s where s.user_id = u.id limit 1) end as address
    from app_user u where u.id = ${id}`.execute(tx);
  return rows[0]?.address ?? undefined;
}

async function displayOf(
  tx: Db,
  kind: Claimed["recipientKind"],
  id: string,
): Promise<string | undefined> {
  const person = await tx
    .selectFrom("notification_preference")
    .select("preferences")
    .where("person_kind", "=", kind === "contact" ? "contact" : "user")
    .where("person_id", "=", id)
    .executeTakeFirst();
  const display = person?.preferences.display;
  return typeof display === "number" ? String(display) : undefined;
}

async function succeeded(
  tx: Db,
  claimed: Claimed,
  { nowMs, costMicros }: Outcome,
  result: {
    readonly outcome: "sent" | "delivered";
    readonly reference: string;
    readonly units: number;
  },
): Promise<void> {
  const { reference, units, outcome } = result;
  const now = new Date(nowMs);
  await tx
    .updateTable("delivery")
    .set({
      state: outcome,
      reason: null,
      lease_until: null,
      sent_at: now,
      reference: detailOf(reference),
      units,
      cost_micros: BigInt(costMicros),
      ...(outcome === "delivered" ? { delivered_at: now } : {}),
    })
    .where("id", "=", claimed.id)
    .where("state", "in", ["sending", "waiting"])
    .execute();
  await tx
    .insertInto("message_usage")
    .values({
      delivery_id: claimed.id,
      customer_id: claimed.customerId,
      channel: claimed.channel,
      units,
      life_safety: claimed.isLifeSafety,
      at: now,
    })
    .onConflict((conflict) => conflict.column("delivery_id").doNothing()) // sent again it is billed once
    .execute();
  if (claimed.channel === "sms") {
    await nameParts(tx, claimed.id, reference.split(" "), now);
    await settleParts(tx, claimed.id, now);
  }
}

async function nameParts(
  tx: Db,
  id: string,
  references: readonly string[],
  at: Date,
): Promise<void> {
  for (const reference of references)
    await tx
      .insertInto("sms_part")
      .values({ reference, delivery_id: id, state: null, at })
      .onConflict((conflict) => conflict.column("reference").doUpdateSet({ delivery_id: id }))
      .execute();
}

interface Receipt {
  readonly reference: string;
  readonly state: "delivered" | "failed";
  readonly detail: string;
  readonly nowMs: number;
}

export async function takeReceipt(
  tx: Db,
  { reference, state, detail, nowMs }: Receipt,
): Promise<void> {
  const at = new Date(nowMs);
  const text = state === "delivered" ? "delivered" : `failed: ${detailOf(detail)}`;
  const part = await tx
    .insertInto("sms_part")
    .values({ reference, delivery_id: null, state: text, at })
    .onConflict((conflict) => conflict.column("reference").doUpdateSet({ state: text, at }))
    .returning("delivery_id")
    .executeTakeFirstOrThrow();
  if (part.delivery_id !== null) await settleParts(tx, part.delivery_id, at);
}

/** Delivered when every part is; one that failed makes it a dead letter. */
async function settleParts(tx: Db, id: string, at: Date): Promise<void> {
  const parts = await tx
    .selectFrom("sms_part")
    .select("state")
    .where("delivery_id", "=", id)
    .execute();
  const failure = parts.find(({ state }) => state?.startsWith("failed") === true)?.state ?? null;
  if (failure !== null) await isNotDelivered(tx, id, failure, at);
  else if (parts.length > 0 && parts.every(({ state }) => state === "delivered"))
    await isDelivered(tx, id, at);
}

async function isDelivered(tx: Db, id: string, at: Date): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ state: "delivered", delivered_at: at })
    .where("id", "=", id)
    .where("state", "=", "sent")
    .execute();
}

/** A dead letter, and its fallback goes out. */
async function isNotDelivered(tx: Db, id: string, reason: string, at: Date): Promise<void> {
  const row = await tx
    .updateTable("delivery")
    .set({ state: "dead", reason: detailOf(reason) })
    .where("id", "=", id)
    .where("state", "=", "sent")
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return;
  const { recipient_kind: recipientKind, recipient_id: recipientId } = row;
  const fallback = PERSON_CHANNELS.find((channel) => channel === row.fallback) ?? null;
  await fallBack(tx, { id, fallback, recipientKind, recipientId }, at.getTime());
}

const SETTLED_AT_ONCE = 200;

/** The terminal's own word is the receipt of a page to its display. Answers how many have come to an end. */
export async function settleDisplays(tx: Db, nowMs: number): Promise<number> {
  const { rows } = await sql<{ id: string; state: string; reason: string | null }>`
    select d.id, c.state, c.reason from delivery d join commands c on c.id = d.reference
    where d.channel = 'display' and d.state = 'sent' and c.ended_at is not null
    order by d.id limit ${SETTLED_AT_ONCE}::int for update of d skip locked`.execute(tx);
  const at = new Date(nowMs);
  for (const { id, state, reason } of rows)
    if (state === "done") await isDelivered(tx, id, at);
    else await isNotDelivered(tx, id, reason === null ? state : `${state}: ${reason}`, at);
  return rows.length;
}
