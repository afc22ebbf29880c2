import type { Act } from "../identity/audit.ts";

/** What is worked on: all that are given must fit. */
export interface MaintenanceScope {
  readonly profile?: string | undefined;
  readonly customerId?: string | undefined;
  readonly groupId?: number | undefined;
  readonly address?: number | undefined;
}

export interface MaintenanceWindow extends MaintenanceScope {
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
  readonly byName: string;
}

/** Alarms that are raised while a window is open are shelved until its end, and terminals may be quiet. */
export interface Maintenance {
  /** Those that are not over, the next to begin first. */
  list(nowMs: number): Promise<readonly MaintenanceWindow[]>;
  /** Throws an InvalidInputError for one that is over or has no scope. */
  create(
    window: Pick<MaintenanceWindow, "from" | "to" | "reason"> & MaintenanceScope,
    act: Act,
  ): Promise<MaintenanceWindow>;
  cancel(id: string, act: Act): Promise<void>;
}
