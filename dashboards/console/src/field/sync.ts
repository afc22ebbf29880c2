import { remember } from "./names.ts";
import {
  AwayError,
  ask,
  fetchJob,
  findCustomers,
  myJobIds,
  type Person,
  RefusedError,
  readJob,
  whoIsThere,
} from "./server.ts";
import { type LocalStep, wireData } from "./steps.ts";
import {
  addJob,
  addPhoto,
  allJobs,
  changeJob,
  forgetSent,
  type LocalJob,
  type LocalPhoto,
  unsentPhotos,
} from "./store.ts";

/** Sends what waits on the phone. Every step and photo has an id of its own, so that sending twice changes nothing. */

/** `starting`: it is not known yet who is signed in, nor whether there is a network. */
export type SyncState = "starting" | "idle" | "sending" | "away" | "signed-out" | "no-right";

let state: SyncState = "starting";
/** Whoever is signed in, once it is known. */
let me: Person | undefined;
const listeners = new Set<() => void>();
const become = (next: SyncState): void => {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
};
export const syncState = (): SyncState => state;
export const whoIsSignedIn = (): Person | undefined => me;
export function subscribeSync(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One tab sends at a time; whoever comes meanwhile finds nothing left. */
export const sync = (): Promise<void> => alone(sendAll);

/** Asks who is signed in and what else is theirs, then sends: at the start, and when one comes back. */
export const refresh = (): Promise<void> =>
  alone(async () => {
    me = await whoIsThere();
    if (!me.mayWork) {
      become("no-right");
      return;
    }
    await sendAll();
    const here = new Set((await allJobs()).map(({ id }) => id));
    for (const id of await myJobIds()) if (!here.has(id)) await addJob(await fetchJob(id));
    await remember("customers", await findCustomers(""));
    become("idle");
  });

/** Ends the session, and forgets on this phone what the server has. */
export const signOut = (): Promise<void> =>
  alone(async () => {
    await ask("/api/sign-out", { method: "POST" });
    me = undefined;
    await forgetSent();
    become("signed-out");
  });

const alone = (work: () => Promise<void>): Promise<void> =>
  navigator.locks.request("hopline-field-sync", async () => {
    try {
      await work();
    } catch (error) {
      if (error instanceof AwayError) become("away");
      else if (error instanceof RefusedError && error.status === 401) {
        me = undefined;
        become("signed-out");
      } else if (error instanceof RefusedError && error.status === 403) become("no-right");
      else {
        become("idle");
        throw error;
      }
    }
  });

async function sendAll(): Promise<void> {
  const all = await allJobs();
  const others = new Set(all.filter(isOfAnother).map(({ id }) => id));
  const photos = (await unsentPhotos()).filter(({ jobId }) => !others.has(jobId));
  const jobs = all.filter((job) => !others.has(job.id) && isAsking(job));
  if (photos.length === 0 && jobs.length === 0) return;
  if (state === "idle" && (photos.length > 0 || jobs.some(hasUnsent))) become("sending");
  for (const photo of photos) {
    await sendPhoto(photo);
    await addPhoto({ ...photo, sent: true });
  }
  for (const job of jobs) await sendJob(job);
  if (state !== "starting") become("idle");
}

/** A phone may go from hand to hand: what one engineer has begun, the server takes from nobody else. */
const isOfAnother = ({ server }: LocalJob): boolean =>
  me !== undefined && server?.engineerId !== undefined && server.engineerId !== me.id;

const hasUnsent = ({ steps }: LocalJob): boolean => steps.some(({ sent }) => !sent);

/** The server has not heard all of it, or has an answer that may have changed. */
const isAsking = (job: LocalJob): boolean =>
  hasUnsent(job) ||
  (job.server?.state === "open" && job.steps.some(({ outcome }) => outcome === "waiting"));

const isFinal = (error: unknown): error is RefusedError =>
  error instanceof RefusedError && [400, 404, 409, 413].includes(error.status);

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
  if (unsent.length > 0) await sendSteps(job.id, unsent);
  else await note(job.id, await ask(`/api/jobs/${job.id}`));
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
