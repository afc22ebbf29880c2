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

type Draft = { -readonly [Key in keyof Job]: Job[Key] } & {
  outcomes: Map<string, StepOutcome>;
  last: Map<StepKind, string>;
};

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
  const draft: Draft = { ...EMPTY, outcomes: new Map(), last: new Map() };
  for (const step of inOrder(steps)) apply(draft, step);
  const { last: _, ...job } = draft;
  return withAcceptance(job);
}

const AFTERWARDS: ReadonlySet<StepKind> = new Set(["photo", "note", "undo"]);

function apply(draft: Draft, step: Step): void {
  if (draft.undo !== undefined) return refuse(draft, step, "the job was undone before");
  if (draft.accept !== undefined && !AFTERWARDS.has(step.kind))
    return refuse(draft, step, "the terminal was accepted before");
  draft.outcomes.set(step.id, { outcome: "applied" });
  if (take(draft, step)) supersede(draft, step);
  return undefined;
}

function refuse(draft: Draft, step: Step, reason: string): void {
  draft.outcomes.set(step.id, { outcome: "refused", reason });
}

/** The later of two steps of a kind holds. */
function supersede(draft: Draft, { id, kind }: Step): void {
  const before = draft.last.get(kind);
  if (before !== undefined) draft.outcomes.set(before, { outcome: "superseded" });
  draft.last.set(kind, id);
}

/** Answers whether the step replaces an earlier one of its kind. */
function take(draft: Draft, step: Step): boolean {
  switch (step.kind) {
    case "claim":
      if (draft.serial !== undefined && draft.serial !== step.data.serial) forgetTerminal(draft);
      draft.serial = step.data.serial;
      return true;
    case "bind":
      draft.bind = step.data;
      return true;
    case "place":
      draft.place = step.data;
      return true;
    case "attach":
      draft.attachFromMs = step.atMs;
      return true;
    case "walk-test":
      draft.walkTestFromMs = step.atMs;
      return true;
    case "result":
      draft.result = { verdict: step.data.verdict, reason: step.data.reason };
      return true;
    case "photo":
      draft.photoIds = [...draft.photoIds, step.data.photoId];
      return false;
    case "note":
      draft.notes = [...draft.notes, step.data.text];
      return false;
    case "signature":
      draft.signature = step.data;
      return true;
    case "accept":
      draft.accept = { id: step.id, atMs: step.atMs, serviceFrom: step.data.serviceFrom };
      return true;
    case "undo":
      draft.undo = { atMs: step.atMs, reason: step.data.reason };
      return true;
  }
}

/** Another terminal in its place: what was measured with the first one says nothing of it. */
function forgetTerminal(draft: Draft): void {
  draft.attachFromMs = undefined;
  draft.walkTestFromMs = undefined;
  draft.result = undefined;
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

export type Need = "claim" | "bind" | "place" | "attach" | "result";

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
