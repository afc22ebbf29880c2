import { InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Audit } from "../identity/audit.ts";
import { cleanLadder, DEFAULT_LADDER, type Ladder } from "./ladder.ts";
import { cleanShift, type OnCall, type Shift, type StoredLadder } from "./on-call.ts";

export interface OnCallDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
}

const SHIFTS_MAX = 1_000;
const PEOPLE_MAX = 500;

export const createOnCall = (deps: OnCallDeps): OnCall => ({
  shifts: (fromMs, toMs) => shifts(deps.db, fromMs, toMs),
  people: (customerId) =>
    deps.db
      .selectFrom("app_user")
      .select(["id", "name"])
      .where("customer_id", customerId === null ? "is" : "=", customerId)
      .where("disabled_at", "is", null)
      .orderBy("name")
      .orderBy("id")
      .limit(PEOPLE_MAX)
      .execute(),
  ladder: (customerId) => findLadder(deps.db, customerId),
  ...createOnCallChanges(deps),
});

const createOnCallChanges = ({
  db,
  audit,
  makeId,
}: OnCallDeps): Pick<OnCall, "addShift" | "removeShift" | "setLadder"> => ({
  addShift: (given, act) =>
    inTransaction(db, async (tx) => {
      const { userId, startsAtMs, endsAtMs, note } = cleanShift(given);
      await requireOperators(tx, "userId", [userId], null);
      const id = makeId();
      const times = { starts_at: new Date(startsAtMs), ends_at: new Date(endsAtMs) };
      await tx
        .insertInto("on_call_shift")
        .values({ id, user_id: userId, note, ...times })
        .execute();
      const subject = { kind: "on-call-shift", id };
      await audit.record(tx, act, { action: "on-call.added", subject, after: { ...given } });
      const user = await tx
        .selectFrom("app_user")
        .select("name")
        .where("id", "=", userId)
        .executeTakeFirstOrThrow();
      return { id, userName: user.name, userId, startsAtMs, endsAtMs, note };
    }),

  removeShift: (id, act) =>
    inTransaction(db, async (tx) => {
      const row = await tx
        .deleteFrom("on_call_shift")
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError("on-call shift", id);
      const before = { userId: row.user_id, startsAt: row.starts_at, endsAt: row.ends_at };
      const subject = { kind: "on-call-shift", id };
      await audit.record(tx, act, { action: "on-call.removed", subject, before });
    }),

  setLadder: (customerId, { name, ladder: given, version }, act) =>
    inTransaction(db, async (tx) => {
      const ladder = cleanLadder(given);
      await requireOperators(tx, "steps", namedIn(ladder), customerId);
      const before = await findLadder(tx, customerId);
      if (version !== undefined && version !== before.version)
        throw new StaleError("ladder", version, before.version);
      const id = customerId ?? "operator";
      const row = { name, ladder: JSON.stringify(ladder), version: before.version + 1 };
      await tx
        .insertInto("escalation_ladder")
        .values({ id, customer_id: customerId, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
      await audit.record(tx, act, {
        ...{ action: "ladder.changed", subject: { kind: "ladder", id }, customerId },
        ...{ before: before.ladder, after: ladder },
      });
      return { name, ladder, version: row.version };
    }),
});

const namedIn = ({ steps }: Ladder): readonly string[] =>
  steps.flatMap(({ targets }) =>
    targets.flatMap((target) => (target.kind === "user" ? [target.id] : [])),
  );

async function shifts(db: Db, fromMs: number, toMs: number): Promise<readonly Shift[]> {
  const rows = await db
    .selectFrom("on_call_shift as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .select(["s.id", "s.user_id", "u.name", "s.starts_at", "s.ends_at", "s.note"])
    .where("s.ends_at", ">", new Date(fromMs))
    .where("s.starts_at", "<", new Date(toMs))
    .orderBy("s.starts_at")
    .orderBy("s.id")
    .limit(SHIFTS_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    userName: row.name,
    startsAtMs: row.starts_at.getTime(),
    endsAtMs: row.ends_at.getTime(),
    note: row.note,
  }));
}

async function findLadder(db: Db, customerId: string | null): Promise<StoredLadder> {
  const row = await db
    .selectFrom("escalation_ladder")
    .select(["name", "ladder", "version"])
    .where("id", "=", customerId ?? "operator")
    .executeTakeFirst();
  return row ?? { name: "", ladder: DEFAULT_LADDER, version: 0 };
}

/** A shift is of the operator's people; a customer's ladder may name that customer's own as well. */
async function requireOperators(
  tx: Db,
  field: string,
  ids: readonly string[],
  customerId: string | null,
): Promise<void> {
  for (const id of new Set(ids)) {
    const user = await tx
      .selectFrom("app_user")
      .select("customer_id")
      .where("id", "=", id)
      .where("disabled_at", "is", null)
      .executeTakeFirst();
    const isOfThem =
      user !== undefined &&
      (customerId === null ? user.customer_id === null : user.customer_id === customerId);
    if (!isOfThem)
      throw new InvalidInputError(field, `user ${id} is nobody who can be called here`);
  }
}
