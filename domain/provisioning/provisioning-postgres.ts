import type { Kysely } from "kysely";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act } from "../identity/audit.ts";
import { carryOut, type ProvisioningDeps } from "./carry-out-postgres.ts";
import { jobDetail, listJobs, preCheck } from "./job-reads-postgres.ts";
import { loadJob, loadWorld } from "./job-rows-postgres.ts";
import {
  type JobDetail,
  PHOTO_BYTES_MAX,
  PHOTOS_PER_JOB_MAX,
  type Photo,
  type Provisioning,
  STEPS_PER_JOB_MAX,
} from "./provisioning.ts";
import type { Step } from "./steps.ts";
import { walkTestOf } from "./walk-test-postgres.ts";

const SETTLED_AT_ONCE = 200;

export function createProvisioning(deps: ProvisioningDeps): Provisioning {
  const { db } = deps;
  return {
    async take(jobId, steps, act) {
      await inTransaction(db, async (tx) => {
        await openJob(tx, jobId, act);
        await addSteps(tx, jobId, steps, act);
        await settleJob(deps, tx, jobId, act);
      });
      return require(await jobDetail(db, jobId), jobId);
    },

    async settle(act) {
      const waiting = await db
        .selectFrom("provisioning_job as j")
        .select("j.id")
        .where("j.state", "=", "open")
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom("provisioning_step as s")
              .select("s.id")
              .whereRef("s.job_id", "=", "j.id")
              .where("s.outcome", "=", "waiting"),
          ),
        )
        .orderBy("j.opened_at", "desc")
        .limit(SETTLED_AT_ONCE)
        .execute();
      for (const { id } of waiting) await inTransaction(db, (tx) => settleJob(deps, tx, id, act));
    },

    async putPhoto(jobId, photoId, photo, act) {
      await inTransaction(db, async (tx) => {
        await openJob(tx, jobId, act);
        await addPhoto(tx, jobId, photoId, { ...photo, atMs: act.atMs });
      });
    },

    async photo(jobId, photoId) {
      const row = await db
        .selectFrom("provisioning_photo")
        .select(["media_type", "bytes"])
        .where("job_id", "=", jobId)
        .where("id", "=", photoId)
        .executeTakeFirst();
      return row && { mediaType: MEDIA_TYPES[row.media_type] ?? "image/jpeg", bytes: row.bytes };
    },

    find: (jobId) => jobDetail(db, jobId),
    list: (query) => listJobs(db, query),
    preCheck: (serial) => preCheck(db, serial),

    async walkTest(jobId) {
      const loaded = await loadJob(db, jobId, false);
      return loaded && walkTestOf(db, loaded);
    },
  };
}

/** Whoever sends a job's first step is its engineer; nobody else may add to it. */
async function openJob(tx: Kysely<Database>, jobId: string, { actor, atMs }: Act): Promise<void> {
  await tx
    .insertInto("provisioning_job")
    .values({
      id: jobId,
      engineer_id: actor.id,
      engineer_name: actor.name,
      state: "open",
      address: null,
      customer_id: null,
      asset_id: null,
      assignment_id: null,
      opened_at: new Date(atMs),
      ended_at: null,
      version: 1,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { engineer_id } = await tx
    .selectFrom("provisioning_job")
    .select("engineer_id")
    .where("id", "=", jobId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (engineer_id !== actor.id) throw new NotFoundError("job", jobId);
}

async function addSteps(
  tx: Kysely<Database>,
  jobId: string,
  steps: readonly Step[],
  { atMs: nowMs }: Act,
): Promise<void> {
  if (steps.length === 0) return;
  const rows = steps.map(({ id, kind, atMs, data }) => ({
    id,
    job_id: jobId,
    kind,
    at: new Date(atMs),
    received_at: new Date(nowMs),
    data: JSON.stringify(data),
    outcome: "waiting" as const,
    reason: null,
  }));
  await tx
    .insertInto("provisioning_step")
    .values(rows)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  await requireTheSame(tx, jobId, steps);
}

async function addPhoto(
  tx: Kysely<Database>,
  jobId: string,
  photoId: string,
  photo: Photo & { readonly atMs: number },
): Promise<void> {
  if (photo.bytes.length > PHOTO_BYTES_MAX)
    throw new ConflictError(`a photo may have ${PHOTO_BYTES_MAX} bytes at most`);
  const { count } = await tx
    .selectFrom("provisioning_photo")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("job_id", "=", jobId)
    .where("id", "<>", photoId)
    .executeTakeFirstOrThrow();
  if (count >= PHOTOS_PER_JOB_MAX)
    throw new ConflictError(`job ${jobId} has ${PHOTOS_PER_JOB_MAX} photos already`);
  await tx
    .insertInto("provisioning_photo")
    .values({
      id: photoId,
      job_id: jobId,
      kind: "photo",
      media_type: photo.mediaType,
      bytes: photo.bytes,
      at: new Date(photo.atMs),
    })
    .onConflict((conflict) => conflict.column("id").doNothing()) // sent again
    .execute();
}

const MEDIA_TYPES: Readonly<Record<string, Photo["mediaType"]>> = {
  "image/png": "image/png",
  "image/webp": "image/webp",
};

/** A step's id names one step for ever: the same id with other words is a mistake that must not be swallowed. */
async function requireTheSame(
  tx: Kysely<Database>,
  jobId: string,
  steps: readonly Step[],
): Promise<void> {
  const stored = await tx
    .selectFrom("provisioning_step")
    .select(["id", "job_id", "kind"])
    .where(
      "id",
      "in",
      steps.map(({ id }) => id),
    )
    .execute();
  const byId = new Map(stored.map((row) => [row.id, row]));
  for (const { id, kind } of steps) {
    const row = byId.get(id);
    if (row?.job_id !== jobId || row.kind !== kind)
      throw new ConflictError(`step ${id} is known already, as another one`, { id });
  }
  const { count } = await tx
    .selectFrom("provisioning_step")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("job_id", "=", jobId)
    .executeTakeFirstOrThrow();
  if (count > STEPS_PER_JOB_MAX)
    throw new ConflictError(`job ${jobId} has ${STEPS_PER_JOB_MAX} steps at most`);
}

/** Brings the terminal, its assignment and the steps' outcomes in step with what the job says now. */
async function settleJob(
  deps: ProvisioningDeps,
  tx: Kysely<Database>,
  jobId: string,
  act: Act,
): Promise<void> {
  const loaded = await loadJob(tx, jobId, true);
  if (loaded === undefined) return;
  const world = await loadWorld(tx, jobId, loaded.job, true);
  await carryOut(deps, tx, { loaded, world, act });
}

function require(detail: JobDetail | undefined, jobId: string): JobDetail {
  if (detail === undefined) throw new NotFoundError("job", jobId);
  return detail;
}
