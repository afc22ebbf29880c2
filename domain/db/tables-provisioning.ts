import type { Json, NullableInt8 } from "./columns.ts";

/** Tables of a field engineer's work. */
export interface ProvisioningTables {
  provisioning_job: ProvisioningJobTable;
  provisioning_step: ProvisioningStepTable;
  provisioning_photo: ProvisioningPhotoTable;
}

export interface ProvisioningJobTable {
  id: string; // the phone's own
  engineer_id: string;
  engineer_name: string;
  state: "open" | "accepted" | "failed" | "undone";
  address: NullableInt8;
  customer_id: string | null;
  asset_id: string | null;
  assignment_id: string | null;
  opened_at: Date;
  ended_at: Date | null;
  version: number;
}

export interface ProvisioningStepTable {
  id: string; // the phone's own
  job_id: string;
  kind: string;
  at: Date; // the phone's time
  received_at: Date;
  data: Json<unknown>;
  outcome: "applied" | "waiting" | "superseded" | "refused";
  reason: string | null;
}

export interface ProvisioningPhotoTable {
  id: string;
  job_id: string;
  kind: "photo" | "signature";
  media_type: string;
  bytes: Uint8Array;
  at: Date;
}
