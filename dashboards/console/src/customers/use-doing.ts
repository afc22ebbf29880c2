import { useState } from "react";

export interface Doing {
  readonly isBusy: boolean;
  readonly error: unknown;
  /** Answers whether it went well. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

/** Something that the user set off: busy until it is through, and why it failed. */
export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    isBusy,
    error,
    async run(work) {
      setBusy(true);
      setError(undefined);
      try {
        await work();
        return true;
      } catch (failure) {
        setError(failure);
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => {
      setError(undefined);
    },
  };
}
