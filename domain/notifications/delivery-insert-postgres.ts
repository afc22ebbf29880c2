import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { ChannelName } from "./backoff.ts";
import { openBundle, tierOf } from "./bundling.ts";
import type { Severity } from "./severity.ts";

/** One notification for one place; those with the same id are one message. */
export interface NewDelivery {
  readonly id: string;
  readonly place: string;
  readonly notificationId: string;
  readonly rank: number;
  readonly customerId: string | null;
  readonly recipientKind: "user" | "contact" | "webhook" | "topic";
  readonly recipientId: string;
  readonly channel: ChannelName;
  readonly target: string;
  readonly language: string;
  readonly template: string;
  readonly severity: Severity;
  readonly isLifeSafety: boolean;
  readonly isBundle: boolean;
  readonly notBeforeMs: number;
  readonly nowMs: number;
  readonly fallback: string | null;
  readonly suppressed: string | undefined;
}

/** A bundle that was just claimed takes nothing more; the next one does. */
const BUNDLES_TRIED_MAX = 5;

/** Two statements however many there are, and two more for each bundle that closed at this moment. */
export async function insertPlanned(tx: Db, planned: readonly NewDelivery[]): Promise<void> {
  let open = planned;
  for (let tried = 0; open.length > 0 && tried < BUNDLES_TRIED_MAX; tried++) {
    const taken = await upsert(tx, open);
    await insertItems(
      tx,
      open.filter(({ id }) => taken.has(id)),
    );
    open = open.filter(({ id }) => !taken.has(id)).map((each) => afterwards(each, tried + 1));
  }
  if (open.length > 0) throw new Error("bundles close faster than they are made"); // rolls back and is planned again
}

/** The same message in the bundle that comes after. */
function afterwards(each: NewDelivery, later: number): NewDelivery {
  const tier = tierOf(each.rank);
  const { notBeforeMs } = openBundle(each.place, tier, each.notBeforeMs);
  return { ...each, id: `${each.id.slice(0, 24)}-${later}`, isBundle: true, notBeforeMs };
}

/** Answers the ids that took it: all but those that are on their way already. */
async function upsert(tx: Db, planned: readonly NewDelivery[]): Promise<ReadonlySet<string>> {
  // in one order everywhere: two that plan at the same time may meet at a bundle
  const groups = [...Map.groupBy(planned, ({ id }) => id)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = groups.flatMap(([id, [first, ...more]]) => {
    if (first === undefined) return [];
    const all = [first, ...more];
    return {
      id,
      customer_id: first.customerId,
      recipient_kind: first.recipientKind,
      recipient_id: first.recipientId,
      channel: first.channel,
      target: first.target,
      language: first.language,
      template: first.template,
      severity: first.severity,
      rank: Math.min(...all.map(({ rank }) => rank)),
      life_safety: all.some(({ isLifeSafety }) => isLifeSafety),
      bundle: first.isBundle,
      items: all.length,
      state: first.suppressed === undefined ? "waiting" : "suppressed",
      reason: first.suppressed ?? null,
      fallback: first.fallback,
      created_at: new Date(first.nowMs).toISOString(),
      next_at: new Date(first.notBeforeMs).toISOString(),
    };
  });
  const { rows: taken } = await sql<{ id: string }>`
    insert into delivery as d (id, customer_id, recipient_kind, recipient_id, channel, target, language, template,
      severity, rank, life_safety, bundle, items, state, reason, fallback, created_at, next_at)
    select * from ${jsonRows(rows)} as r (id text, customer_id text, recipient_kind text, recipient_id text,
      channel text, target text, language text, template text, severity text, rank smallint, life_safety boolean,
      bundle boolean, items integer, state text, reason text, fallback text, created_at timestamptz, next_at timestamptz)
    on conflict (id) do update set items = d.items + excluded.items, rank = least(d.rank, excluded.rank),
      severity = case when excluded.rank < d.rank then excluded.severity else d.severity end,
      life_safety = d.life_safety or excluded.life_safety
      where d.state = 'waiting' and d.attempts = 0
    returning id`.execute(tx);
  return new Set(taken.map(({ id }) => id));
}

async function insertItems(tx: Db, planned: readonly NewDelivery[]): Promise<void> {
  const rows = planned.map(({ id, notificationId }) => ({ id, notification: notificationId }));
  await sql`
    insert into delivery_item (delivery_id, notification_id)
    select id, notification from ${jsonRows(rows)} as r (id text, notification text)
    on conflict do nothing`.execute(tx);
}
