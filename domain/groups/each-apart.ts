/** One that fails stops nobody else: it is put off, so that it is not always the next, and at the end the failures are thrown. */
export async function eachApart<T>(
  all: readonly T[],
  act: (one: T) => Promise<unknown>,
  putOff: (one: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all)
    try {
      await act(one);
    } catch (error) {
      failures.push(error);
      await putOff(one);
    }
  if (failures.length > 0) throw new AggregateError(failures, String(failures[0]));
}
