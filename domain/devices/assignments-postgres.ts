import { type Kysely, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Database, Db, LifeCycle } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { int8List } from "../db/json-rows.ts";
import type { Act, Audit, Deed } from "../identity/audit.ts";
import { assignmentDetails, ofAsset, ofTerminals } from "./assignment-rows-postgres.ts";
import {
  type Assignment,
  type AssignmentFault,
  type Assignments,
  type Ending,
  type HeldIn,
  type NewAssignment,
  type Plan,
  planAssign,
  planEnd,
  planSwap,
  planTransfer,
  type Swap,
  type Transfer,
} from "./assignments.ts";

export interface AssignmentsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
  /** Moves a terminal out of stock and back along with it; left out by whoever moves it himself. */
  readonly lifeCycle?: LifeCycleMoves | undefined;
}

export interface LifeCycleMoves {
  move(db: Db, address: number, event: "assign" | "free", act: Act): Promise<void>;
}

const NS_PER_MS = 1_000_000n;
/** A phone's clock may be ahead so far; what it says counts as now then. */
const AHEAD_NS_MAX = 300_000_000_000n;
const EXCLUSION_VIOLATION = "23P01";

export function createAssignments(deps: AssignmentsDeps): Assignments {
  const { db } = deps;
  return {
    assign: (at, wanted, act) => inTransaction(at, (tx) => assign(deps, tx, wanted, act)),

    end: (at, ending, act) => inTransaction(at, (tx) => end(deps, tx, ending, act)),
    transfer: (at, wanted, act) => inTransaction(at, (tx) => transfer(deps, tx, wanted, act)),
    swap: (at, wanted, act) => inTransaction(at, (tx) => swap(deps, tx, wanted, act)),

    async held(addresses) {
      if (addresses.length === 0) return new Map();
      const rows = await db
        .selectFrom("assignment")
        .select(["address", "asset_id", "customer_id", "from_ns", "to_ns"])
        .where(sql<boolean>`address in ${int8List(addresses)}`)
        .orderBy("from_ns")
        .execute();
      const held = new Map<number, HeldIn[]>();
      for (const row of rows) {
        const { address, from_ns: fromNs, to_ns: toNs } = row;
        const one = { assetId: row.asset_id, customerId: row.customer_id, fromNs, toNs };
        const of = held.get(Number(address));
        if (of) of.push(one);
        else held.set(Number(address), [one]);
      }
      return held;
    },

    ofAsset: (assetId, reach) => assignmentDetails(db, sql`a.asset_id = ${assetId}`, reach),
    ofTerminal: (address, reach) => assignmentDetails(db, sql`a.address = ${address}::int8`, reach),
  };
}

const IN_PREPARATION: readonly LifeCycle[] = ["assigned", "installed", "accepted"];

async function end(
  deps: AssignmentsDeps,
  tx: Db,
  { address, toNs, reason }: Ending,
  act: Act,
): Promise<Assignment> {
  const [terminal] = await holdTerminals(tx, [address]);
  const plan = planEnd(await ofTerminals(tx, [address]), instant("at", toNs, act));
  const { closed } = await carryOut(deps, tx, plan, { reason, about: nameOf(terminal, address) });
  if (terminal !== undefined && IN_PREPARATION.includes(terminal.life_cycle))
    await deps.lifeCycle?.move(tx, address, "free", act);
  await deps.audit.record(tx, withReason(act, reason), ...closed.map(ended));
  return first(closed);
}

async function assign(
  deps: AssignmentsDeps,
  tx: Db,
  wanted: NewAssignment,
  act: Act,
): Promise<Assignment> {
  const { address, assetId, customerId, reason } = wanted;
  const asset = await holdAsset(tx, assetId);
  if (asset.customer_id !== customerId)
    throw new ConflictError(
      `${asset.name} belongs to another customer: transfer it before a terminal is assigned to it`,
      { assetId },
    );
  const [terminal] = await holdTerminals(tx, [address]);
  requireFree(terminal, address);
  const fromNs = instant("from", wanted.fromNs, act);
  const plan = planAssign(await ofTerminals(tx, [address]), {
    address,
    assetId,
    customerId,
    fromNs,
  });
  const { opened } = await carryOut(deps, tx, plan, {
    reason,
    about: nameOf(terminal, address),
  });
  if (terminal?.life_cycle === "stocked") await deps.lifeCycle?.move(tx, address, "assign", act);
  await deps.audit.record(tx, withReason(act, reason), ...opened.map(begun));
  return first(opened);
}

async function transfer(
  deps: AssignmentsDeps,
  tx: Db,
  { assetId, toCustomerId, atNs, reason }: Transfer,
  act: Act,
): Promise<readonly Assignment[]> {
  const asset = await holdAsset(tx, assetId);
  await requireCustomer(tx, toCustomerId);
  const before = await ofAsset(tx, assetId);
  await holdTerminals(
    tx,
    before.filter(({ toNs }) => toNs === null).map(({ address }) => address),
  );
  const at = instant("at", atNs, act);
  const plan = planTransfer(before, asset.customer_id, toCustomerId, at);
  const { closed, opened } = await carryOut(deps, tx, plan, { reason, about: asset.name });
  await tx
    .updateTable("asset")
    .set({ customer_id: toCustomerId, site_id: null, version: asset.version + 1 })
    .where("id", "=", assetId)
    .execute();
  await deps.audit.record(
    tx,
    withReason(act, reason),
    {
      action: "asset.transferred",
      subject: { kind: "asset", id: assetId },
      customerId: toCustomerId,
      before: { customerId: asset.customer_id },
      after: { customerId: toCustomerId, atNs: String(at) },
    },
    ...closed.map(ended),
    ...opened.map(begun),
  );
  return opened;
}

async function swap(deps: AssignmentsDeps, tx: Db, wanted: Swap, act: Act): Promise<Assignment> {
  const { assetId, oldAddress, newAddress, reason } = wanted;
  await holdAsset(tx, assetId);
  const terminals = await holdTerminals(tx, [oldAddress, newAddress]);
  const next = terminals.find(({ address }) => Number(address) === newAddress);
  requireFree(next, newAddress);
  const all = await ofTerminals(tx, [oldAddress, newAddress]);
  const plan = planSwap(
    all.filter(({ address }) => address === oldAddress),
    all.filter(({ address }) => address === newAddress),
    { ...wanted, atNs: instant("at", wanted.atNs, act) },
  );
  const isOldAtFault = !plan.ok && plan.fault !== "taken";
  const about = isOldAtFault ? `terminal ${oldAddress}` : nameOf(next, newAddress);
  const { closed, opened } = await carryOut(deps, tx, plan, { reason, about });
  if (next?.life_cycle === "stocked") await deps.lifeCycle?.move(tx, newAddress, "assign", act);
  await deps.audit.record(tx, withReason(act, reason), ...closed.map(ended), ...opened.map(begun));
  return first(opened);
}

const withReason = (act: Act, reason: string): Act =>
  reason === "" ? act : { ...act, reason: act.reason ?? reason };

/** Nothing begins or ends in the future, so that what is open is what is so now. */
function instant(field: string, ns: bigint, act: Act): bigint {
  const nowNs = BigInt(act.atMs) * NS_PER_MS;
  if (ns > nowNs + AHEAD_NS_MAX)
    throw new InvalidInputError(field, `${field} must not lie in the future`);
  return ns > nowNs ? nowNs : ns;
}

interface HeldTerminal {
  readonly address: bigint;
  readonly serial: string;
  readonly life_cycle: LifeCycle;
  readonly quarantine_reason: string | null;
}

/** Kept until the transaction ends, in one order for everybody: two changes of one terminal follow each other. */
async function holdTerminals(
  tx: Db,
  addresses: readonly number[],
): Promise<readonly HeldTerminal[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql<HeldTerminal>`
    select address, serial, life_cycle, quarantine_reason from terminal
    where address in ${int8List(addresses)} order by address for no key update`.execute(tx);
  return rows;
}

/** Before any terminal, always. */
async function holdAsset(tx: Db, id: string) {
  const asset = await tx
    .selectFrom("asset")
    .select(["id", "name", "customer_id", "retired_at", "version"])
    .where("id", "=", id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!asset) throw new NotFoundError("asset", id);
  if (asset.retired_at !== null)
    throw new ConflictError(`${asset.name} is retired`, { assetId: id });
  return asset;
}

export async function requireCustomer(tx: Db, id: string): Promise<void> {
  const customer = await tx
    .selectFrom("customer")
    .select("id")
    .where("id", "=", id)
    .where("merged_into", "is", null)
    .where("erased_at", "is", null)
    .forKeyShare()
    .executeTakeFirst();
  if (!customer) throw new NotFoundError("customer", id);
}

function requireFree(terminal: HeldTerminal | undefined, address: number): void {
  if (!terminal) throw new NotFoundError("terminal", String(address));
  const name = nameOf(terminal, address);
  if (terminal.life_cycle === "retired")
    throw new ConflictError(`${name} is retired and cannot be assigned`, { address });
  if (terminal.quarantine_reason !== null)
    throw new ConflictError(
      `${name} is in quarantine (${terminal.quarantine_reason}) and cannot be assigned`,
      { address },
    );
}

const nameOf = (terminal: HeldTerminal | undefined, address: number): string =>
  terminal ? `terminal ${terminal.serial}` : `terminal ${address}`;

interface CarriedOut {
  readonly closed: readonly Assignment[];
  readonly opened: readonly Assignment[];
}

/** First the ends, then the beginnings; what the plan cannot know, the database's own constraint refuses. */
async function carryOut(
  { makeId }: AssignmentsDeps,
  tx: Db,
  plan: Plan,
  { reason, about }: { readonly reason: string; readonly about: string },
): Promise<CarriedOut> {
  if (!plan.ok) throw await conflict(tx, plan.fault, plan.other, about);
  const closed: Assignment[] = [];
  for (const { assignment, toNs } of plan.close) {
    await tx
      .updateTable("assignment")
      .set({ to_ns: toNs })
      .where("id", "=", assignment.id)
      .execute();
    closed.push({ ...assignment, toNs });
  }
  const opened = plan.open.map((one) => ({ ...one, id: makeId(), toNs: null, reason }));
  if (opened.length === 0) return { closed, opened };
  try {
    await tx
      .insertInto("assignment")
      .values(
        opened.map((one) => ({
          id: one.id,
          address: one.address,
          asset_id: one.assetId,
          customer_id: one.customerId,
          from_ns: one.fromNs,
          to_ns: null,
          reason,
        })),
      )
      .execute();
  } catch (error) {
    if (codeOf(error) !== EXCLUSION_VIOLATION) throw error;
    throw new ConflictError(`${about} is assigned elsewhere at that time`, {}, { cause: error });
  }
  return { closed, opened };
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

async function conflict(
  tx: Db,
  fault: AssignmentFault,
  other: Assignment | undefined,
  about: string,
): Promise<ConflictError> {
  const asset =
    other &&
    (await tx
      .selectFrom("asset")
      .select("name")
      .where("id", "=", other.assetId)
      .executeTakeFirst());
  const where = other && `${asset?.name ?? other.assetId} ${stretch(other)}`;
  const details = { fault, address: other?.address, assignmentId: other?.id };
  return new ConflictError(SAYS[fault](about, where ?? "", other?.address ?? 0), details);
}

const SAYS: Readonly<
  Record<AssignmentFault, (about: string, where: string, address: number) => string>
> = {
  taken: (about, where) =>
    `${about} is assigned to ${where}: end that first, or choose a later time`,
  later: (about, where, address) =>
    `${about} has terminal ${address} on ${where}: choose a later instant`,
  "not-assigned": (about, where) =>
    where === ""
      ? `${about} is not assigned`
      : `${about} is assigned to ${where}, not to this asset`,
  "before-begin": (about, where) => `${about} came to ${where}: choose a later instant`,
  "same-customer": (about) => `${about} belongs to that customer already`,
  "same-terminal": (about) => `${about} cannot take its own place`,
};

const iso = (ns: bigint): string => new Date(Number(ns / NS_PER_MS)).toISOString();
const stretch = ({ fromNs, toNs }: Assignment): string =>
  toNs === null ? `since ${iso(fromNs)}` : `from ${iso(fromNs)} to ${iso(toNs)}`;

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("a plan that was carried out changed nothing");
  return item;
}

const deedOf = (action: string, one: Assignment): Deed => ({
  action,
  subject: { kind: "terminal", id: String(one.address) },
  customerId: one.customerId,
  after: {
    assignmentId: one.id,
    assetId: one.assetId,
    customerId: one.customerId,
    fromNs: String(one.fromNs),
    toNs: one.toNs === null ? null : String(one.toNs),
  },
});
const begun = (one: Assignment): Deed => deedOf("assignment.begun", one);
const ended = (one: Assignment): Deed => deedOf("assignment.ended", one);
