import { useEffect, useState, useSyncExternalStore } from "react";
import type { Person } from "./server.ts";
import type { LocalStep, StepKind } from "./steps.ts";
import { addStep, allJobs, type LocalJob, subscribeStore } from "./store.ts";
import { type SyncState, subscribeSync, sync, syncState, whoIsSignedIn } from "./sync.ts";

/** All jobs of this phone, newest first; undefined until they are read. */
export function useJobs(): readonly LocalJob[] | undefined {
  const [jobs, setJobs] = useState<readonly LocalJob[]>();
  useEffect(() => {
    let current = true;
    const read = (): void => {
      void allJobs().then((all) => {
        if (current) setJobs(all);
      });
    };
    read();
    const stop = subscribeStore(read);
    return () => {
      current = false;
      stop();
    };
  }, []);
  return jobs;
}

export const useSync = (): SyncState => useSyncExternalStore(subscribeSync, syncState);

export const useWho = (): Person | undefined => useSyncExternalStore(subscribeSync, whoIsSignedIn);

/** Writes a step down on the phone, then sends what can be sent. */
export async function doStep(
  jobId: string,
  kind: StepKind,
  data: LocalStep["data"] = {},
): Promise<void> {
  const at = new Date().toISOString();
  await addStep(jobId, { id: crypto.randomUUID(), kind, at, data, sent: false });
  await sync();
}

export const unsentIn = (jobs: readonly LocalJob[]): number =>
  jobs.reduce((sum, { steps }) => sum + steps.filter(({ sent }) => !sent).length, 0);
