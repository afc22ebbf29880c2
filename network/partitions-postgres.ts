import { type AdvisoryLocks, advisoryLocks } from "../domain/db/advisory-locks-postgres.ts";
import { fairShare, type PartitionReview, type Partitions } from "./partitions.ts";

/** Each partition is an advisory lock: when a process dies its locks fall free and the others take them. */
export function partitionsPostgres(connectionString: string, count: number): Partitions {
  const held = new Set<number>();
  const releasing = new Set<number>();
  let locks: AdvisoryLocks | undefined;

  async function dropAll(): Promise<readonly number[]> {
    const lost = [...held];
    held.clear();
    releasing.clear();
    const broken = locks;
    locks = undefined;
    await broken?.close();
    return lost;
  }

  /** Asked even when nothing is wanted: this is how a dead connection is noticed. */
  async function share(open: AdvisoryLocks): Promise<Omit<PartitionReview, "lost">> {
    const most = fairShare(count, await open.countAlive());
    const givenUp = [...held].slice(most);
    for (const partition of givenUp) {
      held.delete(partition);
      releasing.add(partition);
    }
    const all = Array.from({ length: count }, (_, partition) => partition);
    // what we still lock would be locked twice, and stay locked
    const wanted = all.filter((partition) => !held.has(partition) && !releasing.has(partition));
    const gained = held.size < most ? await open.take(wanted, most - held.size) : [];
    for (const partition of gained) held.add(partition);
    return { gained, givenUp };
  }

  return {
    held,

    async review() {
      let lost: readonly number[] = [];
      if (locks && !locks.isConnected) lost = await dropAll();
      try {
        locks ??= await advisoryLocks(connectionString);
        return { lost, ...(await share(locks)) };
      } catch {
        return { gained: [], givenUp: [], lost: [...lost, ...(await dropAll())] };
      }
    },

    async release(givenUp) {
      const ours = givenUp.filter((partition) => releasing.delete(partition));
      if (ours.length > 0) await locks?.release(ours);
    },

    async close() {
      await dropAll();
    },
  };
}
