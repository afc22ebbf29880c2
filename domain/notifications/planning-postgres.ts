import { type Selectable, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { NotificationTable } from "../db/tables-notifications.ts";
import { bundle, deliveryId, MINUTE_MS, type Tier, tierOf } from "./bundling.ts";
import { insertPlanned, type NewDelivery } from "./delivery-insert-postgres.ts";
import { closeEscalation, type Opening, openEscalations } from "./escalation-postgres.ts";
import { isForMachine, MACHINE_ITEMS_MAX } from "./machines.ts";
import { notificationIdsOf, occasionOf } from "./notification-rows.ts";
import { closesChain, isTold, type Occasion, opensChain } from "./occasion.ts";
import { type PlannedDelivery, planDeliveries, recipientKey } from "./planner.ts";
import { type PlanningLoad, planningLoad, topicOf } from "./planning-load-postgres.ts";
import type { PersonChannel } from "./preferences.ts";
import { rankOf } from "./severity.ts";

export interface PlanningDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly isSetUp: (channel: PersonChannel | "mqtt") => boolean;
}

/** So much is planned in one transaction: it bounds memory in a storm, and what a crash makes be done again. */
export const PLANNED_AT_ONCE = 200;

/**
 * Plans the next notifications, what is critical first; answers how many there were. Several processes may plan at the
 * same time: each takes its own. Nothing is sent here.
 */
export const planNext = ({ db, clock, isSetUp }: PlanningDeps): Promise<number> =>
  inTransaction(db, async (tx) => {
    const nowMs = clock.now();
    const { rows } = await sql<Row>`
      select n.*, exists (select from notification l where l.alarm_id = n.alarm_id and l.seq > n.seq
        and l.kind in ('acknowledged', 'shelved', 'folded')) as is_answered
      from notification n where n.planned_at is null order by n.rank, n.seq
      limit ${PLANNED_AT_ONCE}::int for update skip locked`.execute(tx);
    if (rows.length === 0) return 0;
    const load = planningLoad(tx, nowMs);
    const planned: Planned[] = [];
    const openings: Opening[] = [];
    for (const row of rows) {
      const mine = await planOne(tx, load, row, { isSetUp, nowMs });
      planned.push(...mine);
      openings.push(...(await openingOf(load, row, mine)));
    }
    await openEscalations(tx, openings);
    await insertPlanned(tx, [
      ...(await bundled(tx, planned, nowMs)),
      ...(await forMachines(load, rows.map(occasionOf), isSetUp, nowMs)),
    ]);
    await sql`
      update notification set planned_at = ${new Date(nowMs)}
      where id in ${notificationIdsOf(rows)}`.execute(tx);
    return rows.length;
  });

/** Answered already, or told as part of an incident: nobody is called for it any more. */
type Row = Selectable<NotificationTable> & { readonly is_answered: boolean };

interface Planned {
  readonly occasion: Occasion;
  readonly delivery: PlannedDelivery;
  readonly place: string;
  readonly notificationId: string;
  readonly rank: number;
  readonly notBeforeMs: number;
}

async function planOne(
  tx: Db,
  load: PlanningLoad,
  row: Row,
  { isSetUp, nowMs }: Pick<PlanningDeps, "isSetUp"> & { readonly nowMs: number },
): Promise<readonly Planned[]> {
  const occasion = occasionOf(row);
  if (closesChain(occasion.kind)) await closeEscalation(tx, occasion, nowMs);
  if (!isTold(occasion.kind) || row.is_answered) return [];
  const { recipients, named } = await load.tellable(occasion, row.targets);
  const left = await load.left(occasion.customerId);
  const deliveries = planDeliveries(occasion, recipients, named, { nowMs, isSetUp, left });
  return deliveries.map((delivery) => ({
    occasion,
    delivery,
    place: [recipientKey(delivery.recipient), delivery.channel, delivery.language].join(" "),
    notificationId: occasion.id,
    rank: rankOf(occasion.severity),
    notBeforeMs: delivery.notBeforeMs,
  }));
}

/** The chain that begins with it, if one does. */
async function openingOf(
  load: PlanningLoad,
  row: Row,
  planned: readonly Planned[],
): Promise<readonly Opening[]> {
  const occasion = occasionOf(row);
  const { alarmId, kind, customerId, severity } = occasion;
  if (alarmId === null || !opensChain(kind) || row.is_answered) return [];
  const ladder = await load.ladder(customerId);
  if (!ladder.severities.includes(severity)) return [];
  const told = [...new Set(planned.map(({ delivery }) => recipientKey(delivery.recipient)))];
  return [{ alarmId, ladder, occasion: { ...occasion, told } }];
}

async function bundled(
  tx: Db,
  planned: readonly Planned[],
  nowMs: number,
): Promise<readonly NewDelivery[]> {
  const goOut = planned.filter(({ delivery }) => delivery.suppressed === undefined);
  const alone = await aloneThisMinute(tx, goOut, nowMs);
  const held = planned.filter(({ delivery }) => delivery.suppressed !== undefined);
  return [
    ...bundle(goOut, alone, nowMs).map(({ id, isBundle, notBeforeMs, of }) =>
      newDelivery(of, { id, isBundle, notBeforeMs, nowMs }),
    ),
    // kept in the log, where somebody asks why nothing came
    ...held.map((of) =>
      newDelivery(of, {
        id: deliveryId("held", of.place, of.notificationId),
        ...{ isBundle: false, notBeforeMs: nowMs, nowMs },
      }),
    ),
  ];
}

const newDelivery = (
  { occasion, delivery, place, notificationId, rank }: Planned,
  as: Pick<NewDelivery, "id" | "isBundle" | "notBeforeMs" | "nowMs">,
): NewDelivery => ({
  ...as,
  place,
  notificationId,
  rank,
  customerId: occasion.customerId,
  recipientKind: delivery.recipient.kind,
  recipientId: delivery.recipient.id,
  channel: delivery.channel,
  target: delivery.target,
  language: delivery.language,
  template: as.isBundle ? "bundle" : delivery.template,
  severity: occasion.severity,
  isLifeSafety: occasion.isLifeSafety,
  fallback: delivery.fallback,
  suppressed: delivery.suppressed,
});

/** How many messages of their own each person got in the minute that runs. */
async function aloneThisMinute(
  tx: Db,
  planned: readonly Planned[],
  nowMs: number,
): Promise<(place: string, tier: Tier) => number> {
  const ids = [...new Set(planned.map(({ delivery }) => delivery.recipient.id))];
  if (ids.length === 0) return () => 0;
  const since = new Date(nowMs - MINUTE_MS);
  const rows = await tx
    .selectFrom("delivery")
    .select(["recipient_kind", "recipient_id", "channel", "language", "rank"])
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("recipient_id", "in", ids)
    .where("created_at", ">", since)
    .where("bundle", "=", false)
    .where("state", "<>", "suppressed")
    .groupBy(["recipient_kind", "recipient_id", "channel", "language", "rank"])
    .execute();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const place = `${row.recipient_kind}:${row.recipient_id} ${row.channel} ${row.language}`;
    const key = `${place} ${tierOf(row.rank)}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(row.count));
  }
  return (place, tier) => counts.get(`${place} ${tier}`) ?? 0;
}

/** Each machine gets what this batch has for it, in messages of at most so many alarms. */
async function forMachines(
  load: PlanningLoad,
  occasions: readonly Occasion[],
  isSetUp: PlanningDeps["isSetUp"],
  nowMs: number,
): Promise<readonly NewDelivery[]> {
  const customers = new Set(occasions.map(({ customerId }) => customerId));
  const topics = isSetUp("mqtt")
    ? [...customers].flatMap((id) => (id === null ? [] : [topicOf(id)]))
    : [];
  const machines = [...(await load.machines()), ...topics];
  return machines.flatMap((machine) => {
    const mine = occasions.filter((occasion) => isForMachine(machine, occasion));
    return mine.map((occasion, at): NewDelivery => {
      const first = mine[at - (at % MACHINE_ITEMS_MAX)] ?? occasion;
      return {
        id: deliveryId("machine", machine.channel, machine.recipientId, first.id),
        place: `${machine.channel} ${machine.recipientId}`,
        notificationId: occasion.id,
        rank: rankOf(first.severity),
        customerId: machine.customerId,
        recipientKind: machine.channel === "mqtt" ? "topic" : "webhook",
        recipientId: machine.recipientId,
        channel: machine.channel,
        target: machine.target,
        language: "en",
        template: "event",
        severity: first.severity,
        isLifeSafety: first.isLifeSafety,
        isBundle: mine.length > 1,
        notBeforeMs: nowMs,
        nowMs,
        fallback: null,
        suppressed: undefined,
      };
    });
  });
}
