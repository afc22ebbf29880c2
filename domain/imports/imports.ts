import type { Db } from "../db/database.ts";
import type { Act, Deed } from "../identity/audit.ts";
import type { Cells, ImportColumn, ImportProblem } from "./import-lines.ts";

export const IMPORT_KINDS = ["terminals", "customers", "payments"] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];
export type ImportState = "running" | "done" | "failed" | "undone";
export type ImportPhase = "reading" | "comparing" | "saving" | "ended";

/** Why a run came to nothing, in English; the code is for programs and other languages. */
export const IMPORT_FAILURES = {
  "bad-lines": "some lines are bad, so nothing was imported",
  "too-many-bad-lines": "so many lines are bad that reading was given up: is it the right file?",
  "too-many-lines": "the file has too many lines; split it",
  header: "the first line does not name the columns as it must",
  empty: "there is no line to import",
  interrupted: "the server stopped before the end, so nothing was imported",
  "changed-meanwhile": "somebody added the same meanwhile, so nothing was imported: try again",
  internal: "something went wrong on our side and nothing was imported; the log has this run's id",
} as const;
export type ImportFailure = keyof typeof IMPORT_FAILURES;

export interface ImportRun {
  readonly id: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly byId: string;
  readonly byName: string;
  /** Nothing is added, whatever the result. */
  readonly dryRun: boolean;
  /** Good lines come in although others are bad. */
  readonly skipBad: boolean;
  readonly state: ImportState;
  readonly phase: ImportPhase;
  readonly linesTotal: number | null;
  readonly linesDone: number;
  readonly added: number;
  /** Lines, not problems: one line may have several. */
  readonly bad: number;
  readonly failure: ImportFailure | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly undoneAt: Date | null;
}

export type CheckedLine<Row> =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly problems: readonly Omit<ImportProblem, "line">[] };

/** A line as it waits until the whole file is known to be good; never a secret in the clear. */
export interface StagedLine {
  readonly line: number;
  /** The values of the target's `keys`, in their order. */
  readonly keys: readonly [string, (string | null)?];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Why one row of a run cannot be taken out again. */
export interface ImportHold {
  readonly name: string;
  readonly reason: string;
}

/** What one kind of import adds to the machinery. */
export interface ImportTarget<Row> {
  readonly kind: ImportKind;
  readonly columns: readonly ImportColumn[];
  /** Columns whose values no two lines may share. */
  readonly keys: readonly [string, string?];
  /** Looks at one line alone. Never puts a cell that may be secret into a reason. */
  check(cells: Cells): CheckedLine<Row>;
  stage(row: Row): Omit<StagedLine, "line">;
  /** The staged lines that the database has already, one problem each, at most so many. */
  taken(db: Db, importId: string, most: number): Promise<readonly ImportProblem[]>;
  /** After a dry run that read all lines: keeps what would come of the staged ones, for people to look at. */
  foresee?(db: Db, importId: string): Promise<void>;
  /** Before the first line comes in: locks all that the staged ones will touch, in the order that everybody keeps. */
  hold?(tx: Db, importId: string): Promise<void>;
  /** Staged lines from `fromLine` on, so many of them, become rows; called again and again in one transaction. */
  add(tx: Db, importId: string, fromLine: number, lines: number): Promise<number>;
  /** The rows of the run that others build on by now, at most so many. */
  holds(tx: Db, importId: string, most: number): Promise<readonly ImportHold[]>;
  /** Takes all rows of the run out again and answers how many. */
  remove(tx: Db, importId: string): Promise<number>;
}

export interface ImportOrder {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
}

export interface ImportListQuery {
  readonly kinds: readonly ImportKind[];
  readonly before?: { readonly startedMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface Imports {
  /** Takes the whole file in and goes on by itself; a ConflictError while another of its kind runs. */
  start(order: ImportOrder, file: AsyncIterable<Uint8Array>, act: Act): Promise<ImportRun>;
  find(id: string): Promise<ImportRun | undefined>;
  /** Newest first. */
  list(query: ImportListQuery): Promise<readonly ImportRun[]>;
  /** In the order of lines, behind this one. */
  problems(
    id: string,
    after: { readonly line: number; readonly column: string } | undefined,
    limit: number,
  ): Promise<readonly ImportProblem[]>;
  /** Takes out exactly what the run added. A ConflictError names what others build on by now; then nothing is taken out. */
  undo(id: string, act: Act): Promise<ImportRun>;
  /** Once the run has ended, however. */
  ended(id: string): Promise<void>;
  /** Marks runs as failed that a killed process left behind. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

/** Where runs, problems and staged lines are kept. */
export interface ImportStore {
  /** undefined: another of its kind runs. */
  open(run: ImportRun): Promise<ImportRun | undefined>;
  find(id: string): Promise<ImportRun | undefined>;
  list(query: ImportListQuery): Promise<readonly ImportRun[]>;
  /** Says that the run is alive, and how far it is. Answers false when it is not running any more. */
  progress(id: string, progress: ImportProgress, nowMs: number): Promise<boolean>;
  addProblems(id: string, problems: readonly ImportProblem[]): Promise<void>;
  problems: Imports["problems"];
  countBadLines(id: string): Promise<number>;
  stage(id: string, lines: readonly StagedLine[]): Promise<void>;
  /** Staged lines whose key an earlier line has, one problem each, at most so many. */
  repeated(id: string, column: string, key: 0 | 1, most: number): Promise<readonly ImportProblem[]>;
  taken(
    target: Pick<AnyTarget, "taken">,
    id: string,
    most: number,
  ): Promise<readonly ImportProblem[]>;
  foresee(target: Pick<AnyTarget, "foresee">, id: string): Promise<void>;
  /** Forgets staged lines that have a problem. */
  unstageBad(id: string): Promise<void>;
  /** In one transaction: the staged lines come in, the run is done, the audit log is told. */
  commit(
    id: string,
    target: Pick<AnyTarget, "hold" | "add">,
    end: ImportEnd,
  ): Promise<"done" | "taken" | "gone">;
  /** Ends it without anything added. */
  close(
    id: string,
    state: "done" | "failed",
    failure: ImportFailure | null,
    nowMs: number,
  ): Promise<void>;
  undo(
    id: string,
    target: Pick<AnyTarget, "holds" | "remove">,
    act: Act,
  ): Promise<{ readonly holds: readonly ImportHold[] } | ImportRun>;
  /** Running ones that nobody touched since then. */
  failSilent(sinceMs: number, nowMs: number): Promise<number>;
}

/** Any target, whatever its rows: the store never looks into them. */
export type AnyTarget = Pick<
  ImportTarget<never>,
  "kind" | "keys" | "columns" | "taken" | "foresee" | "hold" | "add" | "holds" | "remove"
>;

export interface ImportProgress {
  readonly phase: ImportPhase;
  readonly linesDone: number;
  readonly bad: number;
}

export interface ImportEnd {
  readonly act: Act;
  readonly deed: Deed;
  readonly nowMs: number;
}
