import { type RawBuilder, sql } from "kysely";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import type { Reach } from "../identity/policy.ts";
import { addDays, type Day, daysOfMonth, type Month, startOfDayNs } from "./calendar.ts";
import type { Looked } from "./looked.ts";
import { answersOf } from "./service-answers-postgres.ts";
import { type Facts, factsWithin, lastHeardBefore } from "./service-facts-postgres.ts";
import { proveService, type Stretch } from "./service-proof.ts";
import type { HeldProof, ServiceProofs } from "./service-proofs.ts";

const MS_NS = 1_000_000n;
/** So far ahead of UTC, or behind it, a month can begin. */
const ZONE_MS = 14 * 3_600_000;
/** Its rhythm is looked for so far back from its last report before the month, while it was the customer's. */
const LOOK_BACK_MS = 14 * 86_400_000;

export function createServiceProofs(db: Db): ServiceProofs {
  const unanswered: ServiceProofs["unanswered"] = async (query) => {
    const { reach, month, customerId, address, after, limit, nowMs } = query;
    const conditions = [
      ...(customerId === undefined ? [] : [sql`a.customer_id = ${customerId}`]),
      ...(address === undefined ? [] : [sql`a.address = ${address}::int8`]),
      ...(after === undefined
        ? []
        : [sql`(a.address, a.from_ns) > (${after.address}::int8, ${after.fromNs}::int8)`]),
    ];
    const rows = await holdings(db, { reach, month, conditions, limit });
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      items: await proofsOf(db, rows, month, Math.floor(nowMs)),
      next: last === undefined ? null : { address: Number(last.address), fromNs: last.from_ns },
    };
  };
  return {
    unanswered,
    async list(query) {
      const { items, next } = await unanswered(query);
      const answers = await answersOf(db, items);
      return {
        items: items.flatMap((proof, at) => {
          const own = answers[at];
          return own === undefined ? [] : [{ ...proof, ...own }];
        }),
        next,
      };
    },
  };
}

interface Holding {
  readonly address: bigint;
  readonly customer_id: string;
  readonly from_ns: bigint;
  readonly to_ns: bigint | null;
  readonly time_zone: string;
  readonly terminal_name: string | null;
  readonly asset_name: string;
  readonly target: number | null;
}

interface HoldingQuery {
  readonly reach: Reach;
  readonly month: Month;
  readonly conditions: readonly RawBuilder<unknown>[];
  /** null: all of them. */
  readonly limit: number | null;
}

/** Who held what in the month, wherever it begins first and ends last. */
export async function holdings(
  db: Db,
  { reach, month, conditions, limit }: HoldingQuery,
): Promise<readonly Holding[]> {
  const { from, to } = daysOfMonth(month);
  const beforeNs = BigInt(Date.parse(to) + ZONE_MS) * MS_NS;
  const afterNs = BigInt(Date.parse(from) - ZONE_MS) * MS_NS;
  const own = [sql`true`, ...conditions];
  const { rows } = await sql<Holding>`
    select a.address, a.customer_id, a.from_ns, a.to_ns, c.time_zone, s.name as asset_name,
      case when a.to_ns is null or ${reach === "all"}::boolean then t.name end as terminal_name,
      (select (p.spec -> 'serviceLevel' ->> 'targetBasisPoints')::int4
        from subscription b join plan_version p on p.id = b.plan_id
        where b.address = a.address and b.customer_id = a.customer_id and b.starts_on is not null
        order by b.starts_on desc, b.id limit 1) as target
    from assignment a join terminal t on t.address = a.address
      join customer c on c.id = a.customer_id join asset s on s.id = a.asset_id
    where ${withinReach(reach, sql`a.customer_id`)} and a.from_ns < ${beforeNs}::int8
      and (a.to_ns is null or a.to_ns > ${afterNs}::int8) and ${sql.join(own, sql` and `)}
    order by a.address, a.from_ns limit ${limit}::int`.execute(db);
  return rows;
}

/** Each may have outages without number: what is known of more at once would not fit into one statement. */
const WINDOWS_AT_ONCE = 200;

/** A few statements for many of them. */
export async function proofsOf(
  db: Db,
  rows: readonly Holding[],
  month: Month,
  nowMs: number,
): Promise<readonly HeldProof[]> {
  const whole = rows.flatMap((row, key) => windowOf(row, { key, month, nowMs }));
  if (whole.length === 0) return [];
  const windows = await lookingBack(db, whole);
  const proofs: HeldProof[] = [];
  for (let at = 0; at < windows.length; at += WINDOWS_AT_ONCE) {
    const part = windows.slice(at, at + WINDOWS_AT_ONCE);
    const facts = await factsWithin(db, part);
    proofs.push(...part.map((window) => proofOf(window, facts.get(window.key))));
  }
  return proofs;
}

const NOTHING_HEARD: Facts = { rhythmMs: null, pauses: [], counts: new Map(), away: [] };

function proofOf({ row, held, days }: Window, facts: Facts = NOTHING_HEARD): HeldProof {
  return {
    address: Number(row.address),
    customerId: row.customer_id,
    terminalName: row.terminal_name,
    assetName: row.asset_name,
    timeZone: row.time_zone,
    target: row.target,
    held,
    ...proveService({ ...facts, held, days }),
  };
}

interface Window extends Looked {
  readonly row: Holding;
  readonly days: readonly (Stretch & { readonly day: Day })[];
}

/** None where the month at the customer's was over before it began, or has not begun yet. */
function windowOf(
  row: Holding,
  { key, month, nowMs }: { readonly key: number; readonly month: Month; readonly nowMs: number },
): readonly Window[] {
  const zone = row.time_zone;
  const { from, to } = daysOfMonth(month);
  const ownFromMs = Math.ceil(Number(row.from_ns) / 1e6);
  const ownToMs = row.to_ns === null ? nowMs : Math.min(nowMs, Number(row.to_ns / MS_NS));
  const held = {
    fromMs: Math.max(ownFromMs, startMs(from, zone)),
    toMs: Math.min(ownToMs, startMs(to, zone)),
  };
  if (held.fromMs >= held.toMs) return [];
  const days: (Stretch & { readonly day: Day })[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) {
    const fromMs = Math.max(held.fromMs, startMs(day, zone));
    const toMs = Math.min(held.toMs, startMs(addDays(day, 1), zone));
    if (fromMs < toMs) days.push({ day, fromMs, toMs });
  }
  return [
    {
      ...{ row, key, held, days, lookMs: ownFromMs, untilMs: ownToMs, zone },
      ...{ address: Number(row.address), customerId: row.customer_id },
    },
  ];
}

/** What fell silent long before the month has the rhythm that it had until then. */
async function lookingBack(db: Db, windows: readonly Window[]): Promise<readonly Window[]> {
  const last = await lastHeardBefore(db, windows);
  return windows.map((window) => {
    const heardMs = last.get(window.key) ?? window.held.fromMs;
    return { ...window, lookMs: Math.max(window.lookMs, Math.floor(heardMs) - LOOK_BACK_MS) };
  });
}

const startMs = (day: Day, zone: string): number => Number(startOfDayNs(day, zone) / MS_NS);
