import { sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { lockOpenCommands } from "../commands/command-rows-postgres.ts";
import type { Commands } from "../commands/commands.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction, inTransaction } from "../db/in-transaction.ts";
import type { Profile } from "../devices/profile.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import type {
  Recoveries,
  RecoveryAsked,
  RecoveryDeed,
  RecoveryDetail,
  RecoverySummary,
} from "./recoveries.ts";
import { type RecoveryInput, STOLEN_BEFORE_MAX_MS, shortened, stepRecovery } from "./recovery.ts";
import { findRecovery, recoveriesWhere, withinReach } from "./recovery-reads-postgres.ts";
import { lockRecovery, required, writeEntry } from "./recovery-rows-postgres.ts";
import { intervalNow, isLeftAsTold, tellInterval } from "./report-interval-postgres.ts";
import { withdrawStops } from "./stops-postgres.ts";
import type { RecoveryTrack } from "./track.ts";

export interface RecoveriesDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
  readonly profiles: ReadonlyMap<string, Pick<Profile, "commands" | "settings" | "positionFields">>;
  readonly commandsOn: (db: Db) => Commands;
  readonly trackOf: (one: RecoverySummary, nowMs: number) => Promise<RecoveryTrack>;
}

const NS_PER_MS = 1_000_000n;

export function createRecoveries(deps: RecoveriesDeps): Recoveries {
  const { db, audit, commandsOn } = deps;
  const detail = async (on: Db, id: string, reach: Reach, nowMs: number): Promise<RecoveryDetail> =>
    required(await findRecovery(on, id, { reach, nowMs }), id);
  return {
    list: ({ reach, state, isOpen, address, limit }) =>
      recoveriesWhere(
        db,
        sql`${withinReach(reach)} and ${state === undefined ? sql`true` : sql`r.state = ${state}`}
          and ${isOpen === undefined ? sql`true` : sql`(r.state <> 'closed') = ${isOpen}::bool`}
          and ${address === undefined ? sql`true` : sql`r.address = ${address}::int8`}`,
        limit,
      ),
    find: (id, reach, nowMs) => findRecovery(db, id, { reach, nowMs }),

    open: (asked, act, reach) =>
      inTransaction(db, async (tx) => {
        const one = await insert(deps, tx, { asked, act, reach });
        await tellInterval({ ...deps, commands: commandsOn(tx) }, tx, one, act);
        await audit.record(tx, act, {
          ...{ action: "recovery.opened", subject: { kind: "recovery", id: one.id } },
          customerId: one.customerId,
          after: { terminal: one.address, stolenAtMs: one.stolenAtMs },
        });
        return detail(tx, one.id, reach, act.atMs);
      }),

    does: (id, deed, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const one = await lockRecovery(tx, id, reach);
        const after = await step(deps, tx, { one, deed, act });
        await audit.record(tx, act, {
          ...{ action: `recovery.${deed.kind}`, subject: { kind: "recovery", id } },
          customerId: one.customerId,
          before: { state: one.state },
          after: { state: after.state, characters: deed.text.length }, // the text can be erased, this cannot
        });
        return detail(tx, id, reach, act.atMs);
      }),

    askInterval: (id, act, reach) =>
      inTransaction(db, async (tx) => {
        const one = await lockRecovery(tx, id, reach);
        if (one.interval === null)
          throw new ConflictError(`the interval of recovery ${id} was not shortened`, { id });
        if (!one.isHeld)
          throw new ConflictError(`terminal ${one.address} is somebody else's by now`, { id });
        await tellInterval({ ...deps, commands: commandsOn(tx) }, tx, one, act);
        await audit.record(tx, act, {
          ...{ action: "recovery.interval-asked", subject: { kind: "recovery", id } },
          customerId: one.customerId,
        });
        return detail(tx, id, reach, act.atMs);
      }),

    async track(id, reach, nowMs) {
      const [found] = await recoveriesWhere(db, sql`r.id = ${id} and ${withinReach(reach)}`, 1);
      const one = required(found, id);
      return { address: one.address, track: await deps.trackOf(one, nowMs) };
    },
  };
}

interface Asked {
  readonly asked: RecoveryAsked;
  readonly act: Act;
  readonly reach: Reach;
}

async function insert(deps: RecoveriesDeps, tx: Db, given: Asked): Promise<RecoverySummary> {
  const { asked, act, reach } = given;
  const { address, note, shortIntervalS } = asked;
  const holder = await holderOf(tx, address, act.atMs, reach);
  const profile = deps.profiles.get(holder.profile);
  if (profile?.positionFields === undefined)
    throw new InvalidInputError("terminal", `terminal ${address} does not say where it is`);
  const stolenAtMs = stolenAt(asked, act.atMs);
  await requireFree(tx, address, holder);
  const beforeS = await intervalNow(tx, address, profile);
  const interval = beforeS === undefined ? undefined : shortened(beforeS, shortIntervalS);
  const id = deps.makeId();
  await tx
    .insertInto("recoveries")
    .values({
      ...{ id, address, state: "open", version: 1 },
      ...{ asset_id: holder.assetId, customer_id: holder.customerId },
      ...{ vehicle_name: holder.name, plate: holder.plate, vin: holder.vin },
      ...{ stolen_at: new Date(stolenAtMs), opened_at: new Date(act.atMs) },
      ...{ interval_before_s: interval?.beforeS ?? null },
      ...{ interval_short_s: interval?.shortS ?? null },
    })
    .execute();
  await writeEntry(tx, id, { kind: "opened", text: note }, act);
  return lockRecovery(tx, id, "all");
}

function stolenAt({ stolenAtMs: asked }: RecoveryAsked, nowMs: number): number {
  if (asked === undefined) return nowMs;
  if (asked > nowMs || asked < nowMs - STOLEN_BEFORE_MAX_MS)
    throw new InvalidInputError("stolenAt", "stolenAt must be within the last seven days");
  return asked;
}

interface Holder {
  readonly profile: string;
  readonly customerId: string;
  readonly assetId: string;
  readonly name: string;
  readonly plate: string | null;
  readonly vin: string | null;
}

/** The terminal's row is held, so that a vehicle is marked once. */
async function holderOf(tx: Db, address: number, nowMs: number, reach: Reach): Promise<Holder> {
  const nowNs = BigInt(nowMs) * NS_PER_MS;
  const { rows } = await sql<{
    profile: string;
    customer_id: string | null;
    asset_id: string | null;
    name: string | null;
    plate: string | null;
    vin: string | null;
  }>`select t.profile, a.customer_id, a.asset_id, s.name, s.plate, s.vin
    from terminal t left join assignment a on a.address = t.address
        and a.from_ns <= ${nowNs}::int8 and (a.to_ns is null or a.to_ns > ${nowNs}::int8)
      left join asset s on s.id = a.asset_id
    where t.address = ${address}::int8 for update of t`.execute(tx);
  const [row] = rows;
  if (row === undefined || !isWithin(reach, row.customer_id))
    throw new NotFoundError("terminal", String(address));
  const { profile, customer_id: customerId, asset_id: assetId, name, plate, vin } = row;
  if (customerId === null || assetId === null || name === null)
    throw new ConflictError(`terminal ${address} is in no vehicle of a customer`, { address });
  return { profile, customerId, assetId, name, plate, vin };
}

async function requireFree(tx: Db, address: number, holder: Holder): Promise<void> {
  const before = await tx
    .selectFrom("recoveries")
    .select("id")
    .where("address", "=", BigInt(address))
    .where("customer_id", "=", holder.customerId) // a former owner's case is not this one's to know of
    .where("asset_id", "=", holder.assetId)
    .where("state", "<>", "closed")
    .executeTakeFirst();
  if (before !== undefined)
    throw new ConflictError(`terminal ${address} is looked for already`, { id: before.id });
}

interface Done {
  readonly one: RecoverySummary;
  readonly deed: RecoveryDeed;
  readonly act: Act;
}

async function step(
  deps: RecoveriesDeps,
  tx: Db,
  { one, deed, act }: Done,
): Promise<RecoverySummary> {
  const { id, version } = one;
  const { kind, text } = deed;
  if (deed.version !== undefined && deed.version !== version)
    throw new StaleError("recovery", deed.version, version);
  const input: RecoveryInput = kind === "note" ? { type: kind } : { type: kind, result: text };
  const next = stepRecovery(one, input, act.atMs);
  if (!next.ok)
    throw new ConflictError(
      next.denial === "is-closed" ? `recovery ${id} is closed` : `recovery ${id} is recovered`,
      { id, denial: next.denial, state: one.state },
    );
  const { state, recoveredAtMs, closedAtMs, result } = next.recovery;
  await tx
    .updateTable("recoveries")
    .set({
      ...{ state, result, version: version + 1 },
      recovered_at: recoveredAtMs === null ? null : new Date(recoveredAtMs),
      closed_at: closedAtMs === null ? null : new Date(closedAtMs),
    })
    .where("id", "=", id)
    .execute();
  await writeEntry(tx, id, { kind, text }, act);
  const after = { ...one, ...next.recovery };
  if (next.isEnd) await end(deps, tx, { one: after, act });
  return after;
}

interface Ended {
  readonly one: RecoverySummary;
  readonly act: Act;
}

async function end(deps: RecoveriesDeps, tx: Db, { one, act }: Ended): Promise<void> {
  await lockOpenCommands(tx, one.address); // stops and intervals: what is answered meanwhile waits, what was is seen
  await tx
    .updateTable("recovery_links")
    .set({ revoked_at: new Date(act.atMs) })
    .where("recovery_id", "=", one.id)
    .where("revoked_at", "is", null)
    .execute();
  await withdrawStops(deps.commandsOn(tx), tx, one, act);
  const profile = deps.profiles.get(one.profile);
  if (one.interval !== null && (one.isHeld || (await isLeftAsTold(tx, one, profile))))
    await tellInterval({ ...deps, commands: deps.commandsOn(tx) }, tx, one, act);
}
