import type { Reach } from "../identity/policy.ts";
import type { OutageEvidence } from "./outage-evidence.ts";

export interface Incident {
  readonly id: string;
  readonly cause: "gateway-deaf" | "backhaul-down" | "jammed";
  readonly gatewayId: string | null;
  readonly gatewayName: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly members: number;
  readonly back: number;
  readonly dead: number;
  /** null for those from before it was kept. */
  readonly evidence: OutageEvidence | null;
}

export interface IncidentMember {
  readonly address: number;
  readonly terminalName: string | null;
  readonly heardAt: Date;
  readonly backAt: Date | null;
  /** It stayed silent although those around it are heard again. */
  readonly deadAt: Date | null;
}

export interface Incidents {
  /** The newest first; only who sees the whole network sees any. */
  list(query: {
    readonly reach: Reach;
    readonly open?: boolean | undefined;
    readonly limit: number;
  }): Promise<readonly Incident[]>;
  find(
    id: string,
    reach: Reach,
  ): Promise<
    { readonly incident: Incident; readonly members: readonly IncidentMember[] } | undefined
  >;
}

/** Looks for outages and folds what they silence; one process at a time does it. */
export interface Outages {
  review(nowMs: number): Promise<void>;
}

/** The alarm that tells of an incident. */
export const incidentAlarmId = (id: string): string => `incident-${id}`;
