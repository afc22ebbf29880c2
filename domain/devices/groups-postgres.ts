import { type Kysely, sql } from "kysely";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { int8List } from "../db/json-rows.ts";
import type { Act, Audit } from "../identity/audit.ts";
import {
  type Chosen,
  type DeviceGroup,
  GROUP_MEMBERS_MAX,
  type GroupQuery,
  type Groups,
  type LastTold,
  type NewGroup,
} from "./groups.ts";
import { matchingStock } from "./stock-rows-postgres.ts";

export interface GroupsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
}

export function createGroups({ db, audit }: GroupsDeps): Groups {
  const changed = changedIn(audit);
  return {
    list: (query) => list(db, query),
    find: (id) => find(db, id),

    create: (group, act) =>
      inTransaction(db, async (tx) => {
        const id = await insert(tx, group, act.atMs);
        await audit.record(tx, act, {
          ...{ action: "group.created", subject: subjectOf(id), after: group },
        });
        return required(await find(tx, id), id);
      }),

    edit: (id, edit, act, version) =>
      inTransaction(db, async (tx) => {
        const before = await lock(tx, id, version);
        const had = {
          ...{ name: before.name, note: before.note },
          dangerousAcceptance: before.dangerousAcceptance,
        };
        const after = { ...had, ...edit };
        await tx
          .updateTable("device_group")
          .set({
            ...{ name: after.name, note: after.note, version: before.version + 1 },
            dangerous_acceptance: after.dangerousAcceptance,
          })
          .where("id", "=", BigInt(id))
          .execute();
        await audit.record(tx, act, {
          ...{ action: "group.changed", subject: subjectOf(id), before: had, after },
        });
        return required(await find(tx, id), id);
      }),

    delete: (id, act, version) =>
      inTransaction(db, async (tx) => {
        const before = await lock(tx, id, version);
        await tx.deleteFrom("device_group").where("id", "=", BigInt(id)).execute();
        await audit.record(tx, act, {
          ...{ action: "group.deleted", subject: subjectOf(id) },
          before: { name: before.name, note: before.note, members: before.members },
        });
      }),

    add: (id, chosen, act) =>
      inTransaction(db, async (tx) => {
        await lock(tx, id, undefined);
        const { numAffectedRows } = await sql`
          insert into device_group_member (group_id, address, added_at)
          select ${id}::int8, t.address, ${new Date(act.atMs)}::timestamptz
          from terminal t ${where(chosen)} and t.life_cycle <> 'retired'
          on conflict do nothing`.execute(tx);
        return changed(tx, id, Number(numAffectedRows ?? 0n), {
          act,
          action: "group.members-added",
        });
      }),

    remove: (id, chosen, act) =>
      inTransaction(db, async (tx) => {
        await lock(tx, id, undefined);
        const { numAffectedRows } = await sql`
          delete from device_group_member m where m.group_id = ${id}::int8
            and m.address in (select t.address from terminal t ${where(chosen)})`.execute(tx);
        return changed(tx, id, Number(numAffectedRows ?? 0n), {
          act,
          action: "group.members-removed",
        });
      }),
  };
}

/** The members are what others see of a group, so its version goes up with them. */
const changedIn =
  (audit: Audit) =>
  async (
    tx: Db,
    id: number,
    count: number,
    told: { readonly act: Act; readonly action: string },
  ) => {
    if (count === 0) return 0;
    await tx
      .updateTable("device_group")
      .set((eb) => ({ version: eb("version", "+", 1), keys_due_at: new Date(told.act.atMs) }))
      .where("id", "=", BigInt(id))
      .execute();
    const { members } = required(await find(tx, id), id);
    if (members > GROUP_MEMBERS_MAX)
      throw new ConflictError(
        `a group has at most ${GROUP_MEMBERS_MAX} members, and this would make ${members}`,
      );
    const { act, action } = told;
    await audit.record(tx, act, { action, subject: subjectOf(id), after: { count, members } });
    return count;
  };

/** Two at once meet at the primary key, and the second is told to try again. */
async function insert(tx: Db, group: NewGroup, atMs: number): Promise<number> {
  const { rows } = await sql<{ id: bigint }>`
    insert into device_group (id, name, customer_id, note, created_at, version)
    select coalesce(max(id), 0) + 1, ${group.name}, ${group.customerId}, ${group.note},
      ${new Date(atMs)}::timestamptz, 1 from device_group
    on conflict do nothing returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined)
    throw new ConflictError("another group was made at the same time: try again");
  return Number(id);
}

async function list(db: Db, { search, after, limit }: GroupQuery): Promise<readonly DeviceGroup[]> {
  const literal = (search ?? "").replaceAll(/[\\%_]/g, "\\$&");
  const { rows } = await sql<Row>`
    ${SELECT} where g.name ilike ${`%${literal}%`}
      ${after ? sql`and (g.name, g.id) > (${after.name}, ${after.id}::int8)` : sql``}
    order by g.name, g.id limit ${limit}::int`.execute(db);
  return rows.map(toGroup);
}

interface Row {
  readonly id: bigint;
  readonly name: string;
  readonly customer_id: string | null;
  readonly note: string;
  readonly members: bigint;
  readonly created_at: Date;
  readonly dangerous_acceptance: string | null;
  readonly profile: string | null;
  readonly next_switch_at: Date | null;
  readonly last: (Omit<LastTold, "createdAt"> & { readonly createdMs: number }) | null;
  readonly version: number;
}

const SELECT = sql`
  select g.*, (select count(*) from device_group_member m where m.group_id = g.id) as members,
    (select t.profile from device_group_member m join terminal t on t.address = m.address
      where m.group_id = g.id order by m.address limit 1) as profile,
    (select due_at from group_calendar c where c.group_id = g.id) as next_switch_at,
    (select json_build_object('id', c.id, 'name', c.name, 'arguments', c.arguments, 'state', c.state,
        'createdMs', floor(extract(epoch from c.created_at) * 1000))
      from group_commands c where c.group_id = g.id order by c.created_at desc, c.id desc limit 1) as last
  from device_group g`;

async function find(db: Db, id: number): Promise<DeviceGroup | undefined> {
  const { rows } = await sql<Row>`${SELECT} where g.id = ${id}::int8`.execute(db);
  return rows[0] && toGroup(rows[0]);
}

async function lock(tx: Db, id: number, version: number | undefined): Promise<DeviceGroup> {
  await sql`select from device_group where id = ${id}::int8 for update`.execute(tx);
  const group = required(await find(tx, id), id);
  if (version !== undefined && version !== group.version)
    throw new StaleError(`group ${id}`, version, group.version);
  return group;
}

function required(group: DeviceGroup | undefined, id: number): DeviceGroup {
  if (group === undefined) throw new NotFoundError("group", String(id));
  return group;
}

const where = (chosen: Chosen) =>
  "filter" in chosen
    ? matchingStock(chosen.filter, "all")
    : sql`where t.address in ${int8List(chosen.addresses)}`;

const subjectOf = (id: number) => ({ kind: "group", id: String(id) });

const toGroup = (row: Row): DeviceGroup => ({
  id: Number(row.id),
  name: row.name,
  customerId: row.customer_id,
  note: row.note,
  members: Number(row.members),
  createdAt: row.created_at,
  ...{ dangerousAcceptance: row.dangerous_acceptance, profile: row.profile },
  last: row.last && toLast(row.last),
  nextSwitchAt: row.next_switch_at,
  version: row.version,
});

const toLast = ({ createdMs, ...last }: NonNullable<Row["last"]>): LastTold => ({
  ...last,
  createdAt: new Date(createdMs),
});
