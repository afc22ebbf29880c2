import { AwayError, ask, RefusedError, readJob } from "./server.ts";
import { type LocalStep, wireData } from "./steps.ts";
import {
  addPhoto,
  allJobs,
  changeJob,
  type LocalJob,
  type LocalPhoto,
  unsentPhotos,
} from "./store.ts";

/** Sends what waits on the phone. Every step and photo has an id of its own, so that sending twice changes nothing. */

export type SyncState = "idle" | "sending" | "away" | "signed-out";

let state: SyncState = "idle";
const listeners = new Set<() => void>();
const become = (next: SyncState): void => {
  state = next;
  for (const listener of listeners) listener();
};
export const syncState = (): SyncState => state;
export function subscribeSync(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One tab sends at a time; whoever comes meanwhile finds nothing left. */
export async function sync(): Promise<void> {
  await navigator.locks.request("hopline-field-sync", async () => {
    become("sending");
    try {
      for (const photo of await unsentPhotos()) {
        await sendPhoto(photo);
        await addPhoto({ ...photo, sent: true });
      }
      for (const job of await allJobs()) await sendJob(job);
      become("idle");
    } catch (error) {
      if (error instanceof AwayError) become("away");
      else if (error instanceof RefusedError && error.status === 401) become("signed-out");
      else {
        become("idle");
        throw error;
      }
    }
  });
}

const isFinal = (error: unknown): error is RefusedError =>
  error instanceof RefusedError && [400, 403, 404, 409, 413].includes(error.status);

/** A photo that the server will never take must not keep all others waiting. */
async function sendPhoto({ jobId, id, blob }: LocalPhoto): Promise<void> {
  try {
    await ask(`/api/jobs/${jobId}/photos/${id}`, {
      method: "PUT",
      headers: { "content-type": blob.type },
      body: blob,
    });
  } catch (error) {
    if (!isFinal(error)) throw error;
    await refuse(jobId, id, error.message);
  }
}

const STEPS_AT_ONCE = 100;

async function sendJob(job: LocalJob): Promise<void> {
  const unsent = job.steps.filter(({ sent }) => !sent).slice(0, STEPS_AT_ONCE);
  const isWaiting = job.steps.some(({ outcome }) => outcome === "waiting");
  if (unsent.length > 0) await sendSteps(job.id, unsent);
  else if (isWaiting && job.server?.state === "open")
    await note(job.id, await ask(`/api/jobs/${job.id}`));
}

async function sendSteps(jobId: string, steps: readonly LocalStep[]): Promise<void> {
  try {
    const body = JSON.stringify({
      steps: steps.map((step) => ({
        id: step.id,
        kind: step.kind,
        at: step.at,
        data: wireData(step),
      })),
    });
    const headers = { "content-type": "application/json" };
    await note(jobId, await ask(`/api/jobs/${jobId}/steps`, { method: "POST", headers, body }));
  } catch (error) {
    if (!isFinal(error)) throw error;
    if (steps.length > 1) {
      for (const step of steps) await sendSteps(jobId, [step]); // one of them is at fault: the others still go
      return;
    }
    await refuse(jobId, steps[0]?.id, error.message);
  }
}

const refuse = (jobId: string, stepId: string | undefined, reason: string): Promise<void> =>
  changeJob(
    jobId,
    (job) =>
      job && {
        ...job,
        steps: job.steps.map((step) =>
          step.id === stepId ? { ...step, sent: true, outcome: "refused", reason } : step,
        ),
      },
  );

async function note(jobId: string, answer: unknown): Promise<void> {
  const { server, outcomes } = readJob(answer);
  await changeJob(
    jobId,
    (job) =>
      job && {
        ...job,
        server,
        steps: job.steps.map((step) => {
          const told = outcomes.get(step.id);
          return told === undefined ? step : { ...step, ...told, sent: true };
        }),
      },
  );
}
