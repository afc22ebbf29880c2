import type { Told } from "./steps.ts";
import type { LocalJob } from "./store.ts";

/** What every card of a job is told. */
export interface CardProps {
  readonly jobId: string;
  readonly job: LocalJob | undefined;
  readonly told: Told;
  /** Opens the next card that is not done. */
  readonly onNext: () => void;
}
