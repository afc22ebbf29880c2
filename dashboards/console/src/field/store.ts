import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { LocalStep } from "./steps.ts";

/** What the phone keeps: it outlives a closed page and a dead battery. */

export interface LocalJob {
  readonly id: string;
  readonly openedAt: string;
  readonly steps: readonly LocalStep[];
  /** As the server last told it. */
  readonly server?: ServerJob | undefined;
}

export interface ServerJob {
  readonly state: "open" | "accepted" | "failed" | "undone";
  readonly address: number | null;
  readonly engineerId?: string;
  readonly profile?: string | null;
  readonly attached: boolean;
  readonly missing: readonly string[];
}

export interface LocalPhoto {
  readonly id: string;
  readonly jobId: string;
  readonly blob: Blob;
  readonly sent: boolean;
}

interface FieldDb extends DBSchema {
  jobs: { key: string; value: LocalJob };
  photos: { key: string; value: LocalPhoto };
  kept: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<FieldDb>> | undefined;
const database = (): Promise<IDBPDatabase<FieldDb>> =>
  (opened ??= openDB<FieldDb>("hopline-field", 1, {
    upgrade(db) {
      db.createObjectStore("jobs", { keyPath: "id" });
      db.createObjectStore("photos", { keyPath: "id" });
      db.createObjectStore("kept");
    },
  }));

const listeners = new Set<() => void>();
export function subscribeStore(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const tell = (): void => {
  for (const listener of listeners) listener();
};

export async function allJobs(): Promise<readonly LocalJob[]> {
  const jobs = await (await database()).getAll("jobs");
  return jobs.toSorted((a, b) => (a.openedAt > b.openedAt ? -1 : 1));
}

export const findJob = async (id: string): Promise<LocalJob | undefined> =>
  (await database()).get("jobs", id);

/** Reads and writes a job as one thing, so that a step made while another is being sent is not lost. */
export async function changeJob(
  id: string,
  change: (job: LocalJob | undefined) => LocalJob | undefined,
): Promise<void> {
  const tx = (await database()).transaction("jobs", "readwrite");
  const next = change(await tx.store.get(id));
  if (next !== undefined) await tx.store.put(next);
  await tx.done;
  tell();
}

export async function addStep(jobId: string, step: LocalStep): Promise<void> {
  await changeJob(jobId, (job) => ({
    ...(job ?? { id: jobId, openedAt: step.at }),
    steps: [...(job?.steps ?? []), step],
  }));
}

/** A job of this engineer that another phone has begun; one that is here already stays as it is. */
export const addJob = (job: LocalJob): Promise<void> =>
  changeJob(job.id, (before) => before ?? job);

export async function addPhoto(photo: LocalPhoto): Promise<void> {
  await (await database()).put("photos", photo);
  tell();
}

export async function unsentPhotos(): Promise<readonly LocalPhoto[]> {
  return (await (await database()).getAll("photos")).filter(({ sent }) => !sent);
}

export async function photosOf(jobId: string): Promise<readonly LocalPhoto[]> {
  return (await (await database()).getAll("photos")).filter((photo) => photo.jobId === jobId);
}

/** Whoever takes the phone next finds nothing of what the server has; what it has not is kept. */
export async function forgetSent(): Promise<void> {
  const tx = (await database()).transaction(["jobs", "photos", "kept"], "readwrite");
  const [jobs, photos] = [tx.objectStore("jobs"), tx.objectStore("photos")];
  const waiting = (await photos.getAll()).filter(({ sent }) => !sent);
  const kept = new Set(waiting.map(({ jobId }) => jobId));
  for (const { id, steps } of await jobs.getAll())
    if (steps.some(({ sent }) => !sent)) kept.add(id);
  for (const id of await jobs.getAllKeys()) if (!kept.has(id)) await jobs.delete(id);
  for (const photo of await photos.getAll())
    if (!kept.has(photo.jobId)) await photos.delete(photo.id);
  await tx.objectStore("kept").clear();
  await tx.done;
  tell();
}

/** An answer of the server, for when there is no network. */
export async function keep(key: string, value: unknown): Promise<void> {
  await (await database()).put("kept", value, key);
}
export const kept = async (key: string): Promise<unknown> => (await database()).get("kept", key);
