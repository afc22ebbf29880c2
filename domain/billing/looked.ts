import type { Stretch } from "./service-proof.ts";

/** Where it is looked, of one terminal while one customer held it. */
export interface Looked {
  readonly key: number;
  readonly address: number;
  readonly customerId: string;
  readonly zone: string;
  /** What is proved. */
  readonly held: Stretch;
  /** From here on, before it, its rhythm is looked for. */
  readonly lookMs: number;
  /** Up to here a report ends the last pause. */
  readonly untilMs: number;
}
