import type { LifeCycle } from "../db/database.ts";

export interface Enrolment {
  readonly address: number;
  readonly serial: string;
  readonly rootKey: Uint8Array;
  readonly profile: string;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly lifeCycle?: LifeCycle;
}

/** The network's own terminals and their root keys, which nobody is ever shown again. */
export interface Terminals {
  /** Adds those that are not there yet and answers how many; a terminal enrolled with other facts is a ConflictError. */
  enrol(terminals: readonly Enrolment[]): Promise<number>;
}
