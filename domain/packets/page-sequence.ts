const PAGE_SEQUENCES = 128;

/** The next one, from 0 to 127, that is not out; with all of them out the next has long been given up. */
export function freePageSequence(next: number, out: readonly number[]): number {
  let sequence = next;
  for (let tries = 0; tries < PAGE_SEQUENCES; tries++) {
    if (!out.includes(sequence)) break;
    sequence = (sequence + 1) % PAGE_SEQUENCES;
  }
  return sequence;
}

export const sequenceAfter = (sequence: number): number => (sequence + 1) % PAGE_SEQUENCES;
