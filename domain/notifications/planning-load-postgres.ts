import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { ladderFor } from "./escalation-postgres.ts";
import type { Ladder } from "./ladder.ts";
import type { MachineTarget } from "./machines.ts";
import type { Occasion } from "./occasion.ts";
import { type Recipient, recipientKey } from "./planner.ts";
import type { PersonChannel } from "./preferences.ts";
import {
  contactsNamed,
  recipientsNamed,
  recipientsOfCustomer,
  recipientsOfOperator,
} from "./recipients-postgres.ts";
import { SEVERITIES } from "./severity.ts";

export interface Told {
  readonly recipients: readonly Recipient[];
  readonly named: ReadonlySet<string>;
}

/** What a batch of planning reads, each thing once: within a batch nothing of it changes. */
export interface PlanningLoad {
  tellable(occasion: Occasion, targets: readonly string[] | null): Promise<Told>;
  /** What its alarms are escalated by. */
  readonly ladder: (customerId: string | null) => Promise<Ladder>;
  machines(): Promise<readonly MachineTarget[]>;
  /** Messages that the customer's plan still has this month; without a cap as many as there are. */
  left(customerId: string | null): Promise<(channel: PersonChannel) => number>;
}

/** A batch of alarms may be of as many customers; what it keeps goes with it. */
export function planningLoad(tx: Db, nowMs: number): PlanningLoad {
  const ofCustomer = remembered((id: string) => recipientsOfCustomer(tx, id));
  const ofOperator = once(() => recipientsOfOperator(tx));
  const machines = once(() => loadMachines(tx));
  const lefts = remembered((id: string) => loadLeft(tx, id, nowMs));
  return {
    machines,
    ladder: remembered((id: string | null) => ladderFor(tx, id)),
    async tellable({ customerId }, targets) {
      if (targets !== null) return named(tx, targets);
      const own = customerId === null ? [] : await ofCustomer(customerId);
      return { recipients: [...own, ...(await ofOperator())], named: new Set() };
    },
    left: (customerId) =>
      customerId === null ? Promise.resolve(() => Number.POSITIVE_INFINITY) : lefts(customerId),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => (known ??= load());
}

function remembered<K, T>(load: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const known = new Map<K, Promise<T>>();
  return (key) => {
    const found = known.get(key) ?? load(key);
    known.set(key, found);
    return found;
  };
}

/** Named as `user:id` or `contact:id`. */
async function named(tx: Db, targets: readonly string[]): Promise<Told> {
  const idsOf = (kind: string): readonly string[] =>
    targets.flatMap((target) =>
      target.startsWith(`${kind}:`) ? [target.slice(kind.length + 1)] : [],
    );
  const users = await recipientsNamed(tx, idsOf("user"));
  const contacts = await contactsNamed(tx, idsOf("contact"));
  const recipients = [...users, ...contacts];
  return { recipients, named: new Set(recipients.map(recipientKey)) };
}

async function loadMachines(tx: Db): Promise<readonly MachineTarget[]> {
  const rows = await tx
    .selectFrom("webhook")
    .select(["id", "customer_id", "url", "severities"])
    .where("disabled_at", "is", null)
    .execute();
  return rows.map((row) => ({
    channel: "webhook",
    recipientId: row.id,
    customerId: row.customer_id,
    target: row.url,
    severities: row.severities,
  }));
}

/** Each customer has its own branch of topics, whether anybody listens or not. */
export const topicOf = (customerId: string): MachineTarget => ({
  channel: "mqtt",
  recipientId: customerId,
  customerId,
  target: customerId,
  severities: SEVERITIES,
});

async function loadLeft(
  tx: Db,
  customerId: string,
  nowMs: number,
): Promise<(channel: PersonChannel) => number> {
  const now = new Date(nowMs);
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  // what waits counts as well: it is promised already
  const { rows } = await sql<{ channel: string; per_month: number; used: bigint }>`
    select c.channel, c.per_month,
      coalesce((select sum(u.units) from message_usage u where u.customer_id = c.customer_id
        and u.channel = c.channel and not u.life_safety and u.at >= ${month}), 0)
      + (select count(*) from delivery d where d.customer_id = c.customer_id and d.channel = c.channel
        and not d.life_safety and d.state in ('waiting', 'sending')) as used
    from message_cap c where c.customer_id = ${customerId}`.execute(tx);
  const lefts = new Map(rows.map((row) => [row.channel, row.per_month - Number(row.used)]));
  return (channel) => lefts.get(channel) ?? Number.POSITIVE_INFINITY;
}
