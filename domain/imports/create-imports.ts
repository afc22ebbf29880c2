import type { Clock } from "../../base/clock.ts";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Act } from "../identity/audit.ts";
import { type Cells, type ImportProblem, readLines } from "./import-lines.ts";
import type {
  ImportFailure,
  ImportHold,
  ImportOrder,
  ImportRun,
  ImportStore,
  Imports,
  ImportTarget,
  StagedLine,
} from "./imports.ts";
import type { Spool, SpooledFile } from "./spool.ts";

export interface ImportsDeps {
  readonly store: ImportStore;
  readonly spool: Spool;
  readonly targets: readonly ImportJobs[];
  readonly clock: Clock;
  readonly makeId: () => string;
  readonly log: Log;
  /** No other process works on this database: whatever runs at the start was left behind. */
  readonly isAlone: boolean;
}

/** A target with its row's type closed away. */
export interface ImportJobs {
  readonly target: Omit<ImportTarget<never>, "check" | "stage">;
  /** Problems of a line, or the line as it is staged. */
  read(line: {
    readonly line: number;
    readonly cells: Cells;
  }): readonly ImportProblem[] | StagedLine;
}

export function importJobs<Row>(target: ImportTarget<Row>): ImportJobs {
  return {
    target,
    read({ line, cells }) {
      const checked = target.check(cells);
      if (!checked.ok) return checked.problems.map((problem) => ({ line, ...problem }));
      return { line, ...target.stage(checked.row) };
    },
  };
}

const LINES_AT_ONCE = 1_000;
export const IMPORT_LINES_MAX = 500_000;
export const IMPORT_BAD_LINES_MAX = 10_000;
/** A living run touches its row far more often. */
const SILENT_MS_MAX = 120_000;
const HOLDS_NAMED_MAX = 5;

export function createImports(deps: ImportsDeps): Imports {
  const { store, spool, clock, log } = deps;
  const running = new Map<string, Promise<void>>();
  const jobsOf = new Map(deps.targets.map((jobs) => [jobs.target.kind, jobs]));
  let isStopping = false;

  return {
    async start(order, file, act) {
      const jobs = jobsOf.get(order.kind);
      if (jobs === undefined) throw new NotFoundError("import", order.kind);
      const spooled = await spool.keep(file);
      const run = await store.open(newRun(deps, order, act, spooled.lineBreaks));
      if (run === undefined) {
        await spooled.close();
        throw new ConflictError(`another import of ${order.kind} is running: wait until it ends`);
      }
      const work = runImport({ ...deps, jobs, run, act, isStopping: () => isStopping }, spooled)
        .catch(async (error: unknown) => {
          log.error({ err: error, importId: run.id }, "import failed");
          await store.close(run.id, "failed", "internal", clock.now());
        })
        .catch((error: unknown) => {
          log.error({ err: error, importId: run.id }, "a failed import could not be marked");
        })
        .finally(async () => {
          running.delete(run.id);
          await spooled.close();
        });
      running.set(run.id, work);
      return run;
    },

    find: (id) => store.find(id),
    list: (query) => store.list(query),
    problems: (id, after, limit) => store.problems(id, after, limit),

    async undo(id, act) {
      const run = await store.find(id);
      const jobs = run && jobsOf.get(run.kind);
      if (run === undefined || jobs === undefined) throw new NotFoundError("import", id);
      if (run.state !== "done" || run.dryRun)
        throw new ConflictError(
          run.state === "undone"
            ? `import ${id} is undone already`
            : `import ${id} added nothing that could be taken out`,
        );
      const outcome = await store.undo(id, jobs.target, act);
      if (!("holds" in outcome)) return outcome;
      throw refusal(outcome.holds);
    },

    async ended(id) {
      await running.get(id);
    },

    async recover() {
      const nowMs = clock.now();
      const count = await store.failSilent(deps.isAlone ? nowMs + 1 : nowMs - SILENT_MS_MAX, nowMs);
      if (count > 0) log.warn({ count }, "imports were interrupted; they added nothing");
    },

    async stop() {
      isStopping = true;
      await Promise.all(running.values());
    },
  };
}

function newRun(
  { makeId, clock }: ImportsDeps,
  order: ImportOrder,
  act: Act,
  lineBreaks: number,
): ImportRun {
  return {
    ...order,
    id: makeId(),
    byId: act.actor.id,
    byName: act.actor.name,
    state: "running",
    phase: "reading",
    linesTotal: lineBreaks,
    linesDone: 0,
    added: 0,
    bad: 0,
    failure: null,
    startedAt: new Date(clock.now()),
    endedAt: null,
    undoneAt: null,
  };
}

/** Says which rows are in use by now. */
function refusal(holds: readonly ImportHold[]): ConflictError {
  const named = holds.slice(0, HOLDS_NAMED_MAX);
  const more = holds.length > named.length ? " …" : "";
  const list = named.map(({ name, reason }) => `${name} ${reason}`).join("; ");
  return new ConflictError(`nothing was taken out: ${list}${more}`, { holds: named });
}

interface Work extends ImportsDeps {
  readonly jobs: ImportJobs;
  readonly run: ImportRun;
  readonly act: Act;
  readonly isStopping: () => boolean;
}

async function runImport(work: Work, file: SpooledFile): Promise<void> {
  const { store, run, clock, jobs, act } = work;
  const close = (state: "done" | "failed", failure: ImportFailure | null): Promise<void> =>
    store.close(run.id, state, failure, clock.now());
  const read = await readFile(work, file);
  if (read.failure !== undefined) {
    await close("failed", read.failure);
    return;
  }
  const { lines } = read;
  const bad = await compare(work, lines);
  if (bad > IMPORT_BAD_LINES_MAX) await close("failed", "too-many-bad-lines");
  else if (run.dryRun) {
    await store.foresee(jobs.target, run.id);
    await close("done", null);
  } else if (bad > 0 && !run.skipBad) await close("failed", "bad-lines");
  else if (lines - bad <= 0) await close("failed", "empty");
  else {
    if (!(await store.progress(run.id, { phase: "saving", linesDone: lines, bad }, clock.now())))
      return; // somebody took it for dead
    const deed = {
      action: `${run.kind}.imported`,
      subject: { kind: "import", id: run.id },
      after: { fileName: run.fileName, lines: lines - bad, skipped: bad },
    };
    const outcome = await store.commit(run.id, jobs.target, { act, deed, nowMs: clock.now() });
    if (outcome === "taken") await close("failed", "changed-meanwhile");
  }
}

type Read =
  | { readonly failure: ImportFailure }
  | { readonly failure: undefined; readonly lines: number };

/** Checks each line alone and stages the good ones, a bounded number at a time. */
async function readFile(
  { store, run, clock, jobs, isStopping }: Work,
  file: SpooledFile,
): Promise<Read> {
  let staged: StagedLine[] = [];
  let problems: ImportProblem[] = [];
  let lines = 0;
  let bad = 0;
  const flush = async (): Promise<ImportFailure | undefined> => {
    await store.addProblems(run.id, problems);
    await store.stage(run.id, staged);
    staged = [];
    problems = [];
    const progress = { phase: "reading", linesDone: lines, bad } as const;
    const isAlive = await store.progress(run.id, progress, clock.now());
    if (!isAlive || isStopping()) return "interrupted";
    if (lines > IMPORT_LINES_MAX) return "too-many-lines";
    return bad > IMPORT_BAD_LINES_MAX ? "too-many-bad-lines" : undefined;
  };
  for await (const line of readLines(file.read(), jobs.target.columns)) {
    const read = "problems" in line ? line.problems : jobs.read(line);
    if ("problems" in line && line.isFatal) {
      bad = 1;
      problems = [...line.problems];
      await flush();
      return { failure: line.problems.some(({ code }) => code === "empty") ? "empty" : "header" };
    }
    lines += 1;
    if ("line" in read) staged.push(read);
    else {
      problems.push(...read);
      bad += 1;
    }
    const failure = lines % LINES_AT_ONCE === 0 ? await flush() : undefined;
    if (failure !== undefined) return { failure };
  }
  const failure = await flush();
  if (failure !== undefined) return { failure };
  return lines === 0 ? { failure: "empty" } : { failure: undefined, lines };
}

/** Holds the staged lines against each other and against the database; answers how many lines are bad in all. */
async function compare({ store, run, clock, jobs }: Work, lines: number): Promise<number> {
  const { target } = jobs;
  const most = IMPORT_BAD_LINES_MAX + 1;
  const before = await store.countBadLines(run.id);
  await store.progress(run.id, { phase: "comparing", linesDone: lines, bad: before }, clock.now());
  const [first, second] = target.keys;
  await store.addProblems(run.id, await store.repeated(run.id, first, 0, most));
  if (second !== undefined)
    await store.addProblems(run.id, await store.repeated(run.id, second, 1, most));
  await store.addProblems(run.id, await store.taken(target, run.id, most));
  await store.unstageBad(run.id);
  const bad = await store.countBadLines(run.id);
  await store.progress(run.id, { phase: "comparing", linesDone: lines, bad }, clock.now());
  return bad;
}
