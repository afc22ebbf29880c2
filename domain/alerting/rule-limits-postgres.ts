import { sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import type { RuleSpec } from "./rule.ts";
import { RULES_MAX } from "./rules.ts";

/** A rule about to be saved. */
interface RoomAsked {
  /** Whose own rule it is; null: the operator's. */
  readonly customerId: string | null;
  readonly spec: RuleSpec;
  /** What it said so far, which is counted already; undefined: it is a new one. */
  readonly before: RuleSpec | undefined;
  /** Of whoever saves it: owners out of it are not told to them. */
  readonly reach: Reach;
}

/**
 * In the transaction that saves it: whoever saves another waits, so that both are counted. One that is more than may be
 * already, as after a merge of customers, can still be changed. Throws a ConflictError when there is no room.
 */
export async function requireRoom(tx: Db, asked: RoomAsked): Promise<void> {
  const { customerId, spec, before, reach } = asked;
  if (customerId === null && before) return;
  await sql`select pg_advisory_xact_lock(hashtext('alert rules'))`.execute(tx);
  if (!before) await requireRoomOfOwner(tx, customerId);
  if (customerId === null) return;
  const counted = new Set(before?.scope.customers).add(customerId);
  const others = (spec.scope.customers ?? []).filter((id) => !counted.has(id));
  if (others.length > 0) await requireRoomToName(tx, others, reach);
  const more = spec.scope.profiles.length - (before?.scope.profiles.length ?? 0);
  if (more > 0) await requireRoomOfAll(tx, more);
}

async function requireRoomOfOwner(tx: Db, customerId: string | null): Promise<void> {
  const max = customerId === null ? RULES_MAX.operator : RULES_MAX.customer;
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from alert_rules
    where retired_at is null and origin = 'operator'
      and customer_id is not distinct from ${customerId}`.execute(tx);
  if (Number(rows[0]?.count ?? 0n) < max) return;
  const who = customerId === null ? "the operator" : `customer ${customerId}`;
  throw new ConflictError(
    `${who} has ${max} rules of its own, which is the most: retire one first`,
    { max },
  );
}

/** For customers who are not its owner: what it says of that one is bounded by how many rules that one may have. */
async function requireRoomToName(tx: Db, others: readonly string[], reach: Reach): Promise<void> {
  const { rows } = await sql<{ customer: string; owner: string; count: bigint }>`
    select one as customer, r.customer_id as owner, count(distinct r.id) as count from alert_rules r,
      jsonb_array_elements_text(r.spec #> '{scope,customers}') one
    where r.retired_at is null and r.customer_id <> one and one in ${textList(others)}
    group by 1, 2 order by 1, 2`.execute(tx);
  const counted = rows.map((row) => ({ ...row, count: Number(row.count) }));
  for (const [customer, owners] of Map.groupBy(counted, (row) => row.customer))
    requireRoomOfOthers(customer, owners, reach);
}

/** Of all customers together: whoever judges keeps each of their rules compiled, once a device type. */
async function requireRoomOfAll(tx: Db, more: number): Promise<void> {
  const max = RULES_MAX.allCustomers;
  const { rows } = await sql<{ count: bigint | null }>`
    select sum(jsonb_array_length(spec #> '{scope,profiles}')) as count from alert_rules
    where retired_at is null and customer_id is not null`.execute(tx);
  if (Number(rows[0]?.count ?? 0n) + more <= max) return;
  throw new ConflictError(
    `the rules of all customers may have ${max} device types together, which is the most that is judged: name fewer of them, or retire a rule first`,
    { max },
  );
}

interface Owner {
  readonly owner: string;
  readonly count: number;
}

function requireRoomOfOthers(customer: string, owners: readonly Owner[], reach: Reach): void {
  const max = RULES_MAX.others;
  if (sum(owners) < max) return;
  const whose = owners
    .filter(({ owner }) => isWithin(reach, owner))
    .map(({ owner, count }) => `${count} of customer ${owner}`);
  const unseen = sum(owners.filter(({ owner }) => !isWithin(reach, owner)));
  if (unseen > 0) whose.push(`${unseen} of customers out of reach`);
  throw new ConflictError(
    `others have ${sum(owners)} rules for customer ${customer}, which is the most: ${whose.join(", ")}`,
    { customerId: customer, max },
  );
}

const sum = (owners: readonly Owner[]): number =>
  owners.reduce((total, { count }) => total + count, 0);
