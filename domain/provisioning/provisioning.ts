import type { Db, LifeCycle } from "../db/database.ts";
import type { Assets } from "../devices/assets.ts";
import type { Act } from "../identity/audit.ts";
import type { Job, Need, StepOutcome } from "./job.ts";
import type { Step } from "./steps.ts";
import type { WalkTest } from "./walk-test.ts";

export type JobState = "open" | "accepted" | "failed" | "undone";

export interface JobSummary {
  readonly id: string;
  readonly engineerId: string;
  readonly engineerName: string;
  readonly state: JobState;
  readonly address: number | null;
  readonly serial: string | null;
  readonly customerName: string | null;
  readonly assetName: string | null;
  readonly openedAtMs: number;
  readonly endedAtMs: number | null;
  readonly version: number;
}

export interface JobDetail extends JobSummary {
  readonly job: Job;
  readonly lifeCycle: LifeCycle | null;
  readonly profile: string | null;
  readonly attached: boolean;
  readonly missing: readonly Need[];
  readonly steps: readonly (Step & {
    readonly outcome: StepOutcome;
    readonly receivedAtMs: number;
  })[];
}

/** What is known of a serial before anybody drives out. */
export interface PreCheck {
  readonly address: number;
  readonly serial: string;
  readonly profile: string;
  readonly lifeCycle: LifeCycle;
  readonly hardwareVersion: number | null;
  readonly firmwareVersion: number | null;
  readonly quarantineReason: string | null;
  readonly openJobId: string | null;
}

export interface Photo {
  readonly mediaType: "image/jpeg" | "image/png" | "image/webp";
  readonly bytes: Uint8Array;
}

export interface JobQuery {
  readonly engineerId?: string | undefined;
  readonly state?: JobState | undefined;
  /** Jobs opened before this one, newest first. */
  readonly before?: { readonly openedAtMs: number; readonly id: string } | undefined;
  readonly limit: number;
}

export const PHOTOS_PER_JOB_MAX = 20;
export const PHOTO_BYTES_MAX = 4 * 1024 * 1024;
export const STEPS_PER_JOB_MAX = 500;

/** A field engineer's work. Every call may be repeated: a step and a photo are known by the phone's own ids. */
export interface Provisioning {
  /** Takes steps in any order and as often as they come; the job is opened by its first one. */
  take(jobId: string, steps: readonly Step[], act: Act): Promise<JobDetail>;
  /** Looks again at open jobs that wait for the network; called now and then. */
  settle(act: Act): Promise<void>;
  putPhoto(jobId: string, photoId: string, photo: Photo, act: Act): Promise<void>;
  photo(jobId: string, photoId: string): Promise<Photo | undefined>;
  find(jobId: string): Promise<JobDetail | undefined>;
  list(query: JobQuery): Promise<readonly JobSummary[]>;
  preCheck(serial: string): Promise<PreCheck | undefined>;
  /** What has been heard of the job's terminal since its walk test began; undefined before it has one. */
  walkTest(jobId: string): Promise<WalkTest | undefined>;
}

/** What provisioning asks of the stock: one step of a terminal's life, inside the transaction of `db`. */
export interface LifeMover {
  move(
    db: Db,
    address: number,
    event: "assign" | "install" | "accept" | "activate" | "free" | "return",
    act: Act,
  ): Promise<void>;
}

/** What provisioning asks of the assets. */
export type AssetMaker = Pick<Assets, "create">;

/** What provisioning asks of the assignments. */
export interface Assigner {
  assign(
    db: Db,
    assignment: {
      readonly address: number;
      readonly assetId: string;
      readonly customerId: string;
      readonly fromNs: bigint;
      readonly reason: string;
    },
    act: Act,
  ): Promise<unknown>;
  end(
    db: Db,
    ending: { readonly address: number; readonly toNs: bigint; readonly reason: string },
    act: Act,
  ): Promise<unknown>;
}
