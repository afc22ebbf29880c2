export type Turns = ReturnType<typeof createTurns>;

/** One at a time, in the order in which they come: what reads a session's next counter and uses it up must not meet another. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(work, work); // the one before tells its own caller
      last = turn;
      return turn;
    },
  };
}
