import type { Act } from "../identity/audit.ts";
import type { Plan, PlanSpec } from "./plan.ts";

export interface StoredPlan extends Plan {
  readonly madeAt: Date;
  readonly madeBy: string;
  /** Subscriptions that hold this version now. */
  readonly subscriptions: number;
}

/** Plans by their code, each in versions that never change. */
export interface Plans {
  /** The newest version of each, or all versions of one. */
  list(code?: string): Promise<readonly StoredPlan[]>;
  find(id: string): Promise<StoredPlan | undefined>;
  /**
   * The next version of its code; all of them or, when one is at fault, none. What is the same as the newest version is
   * left alone. Throws an InvalidInputError that names the field.
   */
  save(specs: readonly PlanSpec[], act: Act): Promise<readonly StoredPlan[]>;
}
