import { inOrder, type Step, type StepKind, type StepOf, type WalkTestVerdict } from "./steps.ts";

/**
 * A job as its steps tell it, whatever order they arrived in: a fold over the steps in the order in which they were
 * done. The same steps give the same job. Pure.
 */
export interface Job {
  readonly serial: string | undefined;
  readonly bind: StepOf<"bind">["data"] | undefined;
  readonly place: StepOf<"place">["data"] | undefined;
  /** When the terminal's button was pressed; an attach heard since then is the proof. */
  readonly attachFromMs: number | undefined;
  readonly walkTestFromMs: number | undefined;
  readonly result:
    | { readonly verdict: WalkTestVerdict; readonly reason: string | undefined }
    | undefined;
  readonly photoIds: readonly string[];
  readonly notes: readonly string[];
  readonly signature: StepOf<"signature">["data"] | undefined;
  readonly accept:
    | { readonly id: string; readonly atMs: number; readonly serviceFrom: string }
    | undefined;
  readonly undo: { readonly atMs: number; readonly reason: string } | undefined;
  /** What became of each step, by its id. */
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
}

export type StepOutcome =
  | { readonly outcome: "applied" | "superseded" }
  /** It stands, but needs something that has not arrived. */
  | { readonly outcome: "waiting"; readonly reason: string }
  | { readonly outcome: "refused"; readonly reason: string };

type Told = { -readonly [Key in keyof Omit<Job, "outcomes">]: Job[Key] };

const EMPTY: Omit<Job, "outcomes"> = {
  serial: undefined,
  bind: undefined,
  place: undefined,
  attachFromMs: undefined,
  walkTestFromMs: undefined,
  result: undefined,
  photoIds: [],
  notes: [],
  signature: undefined,
  accept: undefined,
  undo: undefined,
};

export function foldJob(steps: readonly Step[]): Job {
  const told: Told = { ...EMPTY };
  const outcomes = new Map<string, StepOutcome>();
  const last = new Map<StepKind, string>();
  for (const step of inOrder(steps)) {
    const refusal = refusalOf(told, step);
    outcomes.set(
      step.id,
      refusal === undefined ? { outcome: "applied" } : { outcome: "refused", reason: refusal },
    );
    if (refusal !== undefined) continue;
    take(told, step);
    if (ADDED.has(step.kind)) continue;
    const before = last.get(step.kind);
    if (before !== undefined) outcomes.set(before, { outcome: "superseded" });
    last.set(step.kind, step.id);
  }
  return withAcceptance({ ...told, outcomes });
}

/** Each of these adds to those before; of all others the later one holds. */
const ADDED: ReadonlySet<StepKind> = new Set(["photo", "note"]);
const AFTERWARDS: ReadonlySet<StepKind> = new Set(["photo", "note", "undo"]);

function refusalOf(told: Told, { kind }: Step): string | undefined {
  if (told.undo !== undefined) return "the job was undone before";
  if (told.accept !== undefined && !AFTERWARDS.has(kind)) return "the terminal was accepted before";
  return undefined;
}

type Taker<Kind extends StepKind> = (told: Told, step: StepOf<Kind>) => void;

const TAKE: { readonly [Kind in StepKind]: Taker<Kind> } = {
  claim(told, { data }) {
    // in capitals on the label, in small letters from a hurried thumb: the same terminal
    const before = told.serial?.toUpperCase();
    if (before !== undefined && before !== data.serial.toUpperCase()) forgetTerminal(told);
    told.serial = data.serial;
  },
  bind(told, { data }) {
    told.bind = data;
  },
  place(told, { data }) {
    told.place = data;
  },
  attach(told, { atMs }) {
    told.attachFromMs = atMs;
  },
  "walk-test"(told, { atMs }) {
    told.walkTestFromMs = atMs;
  },
  result(told, { data }) {
    told.result = { verdict: data.verdict, reason: data.reason };
  },
  photo(told, { data }) {
    told.photoIds = [...told.photoIds, data.photoId];
  },
  note(told, { data }) {
    told.notes = [...told.notes, data.text];
  },
  signature(told, { data }) {
    told.signature = data;
  },
  accept(told, { id, atMs, data }) {
    told.accept = { id, atMs, serviceFrom: data.serviceFrom };
  },
  undo(told, { atMs, data }) {
    told.undo = { atMs, reason: data.reason };
  },
};

/** The taker of a kind gets a step of that kind: the type cannot say so of a union. */
function take<Kind extends StepKind>(
  told: Told,
  step: StepOf<Kind> & { readonly kind: Kind },
): void {
  TAKE[step.kind](told, step);
}

/** Another terminal in its place: what was measured with the first one says nothing of it. */
function forgetTerminal(told: Told): void {
  told.attachFromMs = undefined;
  told.walkTestFromMs = undefined;
  told.result = undefined;
}

/** An acceptance waits until all that it needs is there, whenever that arrives. */
function withAcceptance(job: Job): Job {
  const missing = missingFor(job);
  if (job.accept === undefined || missing.length === 0) return job;
  const reason = `it needs ${missing.join(", ")} first`;
  const waiting = [job.accept.id, { outcome: "waiting", reason }] as const;
  return { ...job, outcomes: new Map([...job.outcomes, waiting]) };
}

/** Whether the terminal has been handed over. */
export const isAccepted = (job: Job): boolean =>
  job.accept !== undefined && missingFor(job).length === 0;

/** In the order in which an engineer does it. */
export const NEEDS = ["claim", "bind", "place", "attach", "result"] as const;
export type Need = (typeof NEEDS)[number];

/** What an acceptance still needs, in the order in which an engineer does it. */
export function missingFor({ serial, bind, place, attachFromMs, result }: Job): readonly Need[] {
  const missing: Need[] = [];
  if (serial === undefined) missing.push("claim");
  if (bind === undefined) missing.push("bind");
  if (place === undefined) missing.push("place");
  if (attachFromMs === undefined) missing.push("attach");
  if (result === undefined || result.verdict === "fail") missing.push("result");
  return missing;
}
