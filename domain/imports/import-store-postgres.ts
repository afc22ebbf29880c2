import { type Selectable, sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { ImportRunTable } from "../db/tables-devices.ts";
import type { Audit } from "../identity/audit.ts";
import type { ImportProblem } from "./import-lines.ts";
import {
  IMPORT_FAILURES,
  type ImportFailure,
  type ImportRun,
  type ImportStore,
} from "./imports.ts";

export interface ImportStoreDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly linesAddedAtOnce?: number;
}

/** Between two statements others get their turn: the embedded database works in this very thread. */
const LINES_ADDED_AT_ONCE = 5_000;
const PROBLEMS_AT_ONCE = 5_000;
const HOLDS_MAX = 100;
const UNIQUE_VIOLATION = "23505";

export const importStorePostgres = ({ db, ...deps }: ImportStoreDeps): ImportStore => ({
  ...runsOf(db),
  ...linesOf(db),
  ...targetsOf(db),
  ...endsOf({ db, ...deps }),
  ...silenceOf(db),
});

const runsOf = (db: Db): Pick<ImportStore, "open" | "find" | "list" | "progress"> => ({
  async open(run) {
    const { rows } = await sql<Row>`
        insert into import_run (id, kind, file_name, by_id, by_name, dry_run, skip_bad, state, phase,
          lines_total, lines_done, added, bad, started_at, touched_at)
        select ${run.id}, ${run.kind}, ${run.fileName}, ${run.byId}, ${run.byName},
          ${run.dryRun}::boolean, ${run.skipBad}::boolean, 'running', 'reading',
          ${run.linesTotal}::int, 0, 0, 0, ${run.startedAt}::timestamptz, ${run.startedAt}::timestamptz
        where not exists (select from import_run where kind = ${run.kind} and state = 'running')
        returning *`.execute(db);
    return rows[0] && toRun(rows[0]);
  },

  async find(id) {
    const row = await db
      .selectFrom("import_run")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirst();
    return row && toRun(row);
  },

  async list({ kinds, before, limit }) {
    if (kinds.length === 0) return [];
    let query = db.selectFrom("import_run").selectAll().where("kind", "in", kinds);
    if (before !== undefined)
      query = query.where(
        sql<boolean>`(started_at, id) < (${new Date(before.startedMs)}::timestamptz, ${before.id})`,
      );
    const rows = await query
      .orderBy("started_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    return rows.map(toRun);
  },

  async progress(id, { phase, linesDone, bad }, nowMs) {
    const { numUpdatedRows } = await db
      .updateTable("import_run")
      .set({
        ...(phase === "reading" ? {} : { lines_total: linesDone }), // until then it is a guess
        ...{ phase, lines_done: linesDone, bad, touched_at: new Date(nowMs) },
      })
      .where("id", "=", id)
      .where("state", "=", "running")
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  },
});

const linesOf = (
  db: Db,
): Pick<
  ImportStore,
  "addProblems" | "problems" | "countBadLines" | "stage" | "repeated" | "unstageBad"
> => ({
  async addProblems(id, problems) {
    for (let at = 0; at < problems.length; at += PROBLEMS_AT_ONCE) {
      const rows = problems.slice(at, at + PROBLEMS_AT_ONCE);
      await sql`
          insert into import_problem (import_id, line, column_name, code, reason)
          select ${id}, r.line, r.column, r.code, r.reason
          from ${jsonRows(rows)} as r (line int, "column" text, code text, reason text)
          on conflict do nothing`.execute(db);
    }
  },

  async problems(id, after, limit) {
    let query = db.selectFrom("import_problem").selectAll().where("import_id", "=", id);
    if (after !== undefined)
      query = query.where(
        sql<boolean>`(line, column_name) > (${after.line}::int, ${after.column})`,
      );
    const rows = await query.orderBy("line").orderBy("column_name").limit(limit).execute();
    return rows.map(({ line, column_name: column, code, reason }) => ({
      line,
      column,
      code,
      reason,
    }));
  },

  async countBadLines(id) {
    const { rows } = await sql<{ count: number }>`
        select count(distinct line)::int as count from import_problem where import_id = ${id}`.execute(
      db,
    );
    return rows[0]?.count ?? 0;
  },

  async stage(id, lines) {
    if (lines.length === 0) return;
    const rows = lines.map(({ line, keys: [first, second], data }) => ({
      ...{ line, first, second: second ?? null, data },
    }));
    await sql`
        insert into import_staged (import_id, line, first_key, second_key, data)
        select ${id}, r.line, r.first, r.second, r.data
        from ${jsonRows(rows)} as r (line int, "first" text, "second" text, data jsonb)`.execute(
      db,
    );
  },

  async repeated(id, column, key, most) {
    const name = sql.ref(key === 0 ? "first_key" : "second_key");
    const { rows } = await sql<{ line: number; earlier: number }>`
        select line, earlier from (
          select line, min(line) over (partition by ${name}) as earlier
          from import_staged where import_id = ${id} and ${name} is not null) s
        where line > earlier order by line limit ${most}::int`.execute(db);
    return rows.map(({ line, earlier }): ImportProblem => {
      const reason = `line ${earlier} has the same`;
      return { line, column, code: "repeated", reason };
    });
  },

  async unstageBad(id) {
    await sql`
        delete from import_staged s using import_problem p
        where s.import_id = ${id} and p.import_id = s.import_id and p.line = s.line`.execute(db);
  },
});

/** What each kind of import knows by itself. */
const targetsOf = (db: Db): Pick<ImportStore, "taken" | "foresee"> => ({
  taken: (target, id, most) => target.taken(db, id, most),
  foresee: async (target, id) => target.foresee?.(db, id),
});

const endsOf = ({
  db,
  audit,
  linesAddedAtOnce = LINES_ADDED_AT_ONCE,
}: ImportStoreDeps): Pick<ImportStore, "commit" | "close" | "undo"> => ({
  async commit(id, target, { act, deed, nowMs }) {
    try {
      return await inTransaction(db, async (tx) => {
        const run = await tx
          .updateTable("import_run")
          .set({ state: "done", phase: "ended", ended_at: new Date(nowMs) })
          .where("id", "=", id)
          .where("state", "=", "running")
          .returning("id")
          .executeTakeFirst();
        if (run === undefined) return "gone";
        const added = await addAll(tx, id, target, linesAddedAtOnce);
        await tx.updateTable("import_run").set({ added }).where("id", "=", id).execute();
        await tx.deleteFrom("import_staged").where("import_id", "=", id).execute();
        await audit.record(tx, act, deed);
        return "done";
      });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === UNIQUE_VIOLATION || error instanceof ConflictError) return "taken";
      throw error;
    }
  },

  async close(id, state, failure, nowMs) {
    await db
      .updateTable("import_run")
      .set({ state, failure, phase: "ended", ended_at: new Date(nowMs) })
      .where("id", "=", id)
      .where("state", "=", "running")
      .execute();
    await db.deleteFrom("import_staged").where("import_id", "=", id).execute();
  },

  undo: (id, target, act) =>
    inTransaction(db, async (tx) => {
      const row = await tx
        .selectFrom("import_run")
        .selectAll()
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (row.state !== "done") throw new ConflictError(`import ${id} is undone already`);
      const holds = await target.holds(tx, id, HOLDS_MAX);
      if (holds.length > 0) return { holds };
      const removed = await target.remove(tx, id);
      const after = await tx
        .updateTable("import_run")
        .set({ state: "undone", undone_at: new Date(act.atMs) })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await audit.record(tx, act, {
        action: "import.undone",
        subject: { kind: "import", id },
        before: { fileName: row.file_name, added: row.added },
        after: { removed },
      });
      return toRun(after);
    }),
});

const silenceOf = (db: Db): Pick<ImportStore, "failSilent"> => ({
  async failSilent(sinceMs, nowMs) {
    const failed = await db
      .updateTable("import_run")
      .set({ state: "failed", phase: "ended", failure: "interrupted", ended_at: new Date(nowMs) })
      .where("state", "=", "running")
      .where("touched_at", "<", new Date(sinceMs))
      .returning("id")
      .execute();
    await sql`
        delete from import_staged s
        where not exists (select from import_run r
          where r.id = s.import_id and r.state = 'running')`.execute(db);
    return failed.length;
  },
});

async function addAll(
  tx: Db,
  id: string,
  target: Parameters<ImportStore["commit"]>[1],
  atOnce: number,
): Promise<number> {
  const last = await tx
    .selectFrom("import_staged")
    .select((eb) => eb.fn.max("line").as("line"))
    .where("import_id", "=", id)
    .executeTakeFirst();
  await target.hold?.(tx, id);
  let added = 0;
  for (let line = 1; line <= (last?.line ?? 0); line += atOnce)
    added += await target.add(tx, id, line, atOnce);
  return added;
}

type Row = Selectable<ImportRunTable>;

const isFailure = (text: string): text is ImportFailure => text in IMPORT_FAILURES;

const toRun = (row: Row): ImportRun => ({
  id: row.id,
  kind: row.kind,
  fileName: row.file_name,
  byId: row.by_id,
  byName: row.by_name,
  dryRun: row.dry_run,
  skipBad: row.skip_bad,
  state: row.state,
  phase: row.phase,
  linesTotal: row.lines_total,
  linesDone: row.lines_done,
  added: row.added,
  bad: row.bad,
  failure: row.failure === null ? null : isFailure(row.failure) ? row.failure : "internal",
  startedAt: row.started_at,
  endedAt: row.ended_at,
  undoneAt: row.undone_at,
});
