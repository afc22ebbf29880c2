import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { ProvisioningJobTable } from "../db/tables-provisioning.ts";
import { foldJob, type Job } from "./job.ts";
import { parseStep, type Step } from "./steps.ts";
import type { World } from "./world.ts";

/** What the tables hold of a job and of the world around it. */

export interface StoredStep {
  readonly step: Step;
  readonly receivedAtMs: number;
}

export interface LoadedJob {
  readonly row: JobRow;
  readonly steps: readonly StoredStep[];
  readonly job: Job;
}

export type JobRow = Selectable<ProvisioningJobTable>;

export async function loadJob(
  db: Kysely<Database>,
  jobId: string,
  lock: boolean,
): Promise<LoadedJob | undefined> {
  const asked = db.selectFrom("provisioning_job").selectAll().where("id", "=", jobId);
  const row = await (lock ? asked.forUpdate() : asked).executeTakeFirst();
  if (row === undefined) return undefined;
  const rows = await db
    .selectFrom("provisioning_step")
    .selectAll()
    .where("job_id", "=", jobId)
    .orderBy("at")
    .orderBy("id")
    .execute();
  const steps = rows.flatMap(({ id, kind, at, data, received_at }) => {
    const parsed = parseStep(id, kind, at.getTime(), data);
    return parsed.ok ? [{ step: parsed.step, receivedAtMs: received_at.getTime() }] : [];
  });
  return { row, steps, job: foldJob(steps.map(({ step }) => step)) };
}

/** The world of a job: the terminal is locked with it when the job may move it. */
export async function loadWorld(
  db: Kysely<Database>,
  jobId: string,
  { serial, bind }: Job,
  lock: boolean,
): Promise<World> {
  const terminal = serial === undefined ? undefined : await loadTerminal(db, jobId, serial, lock);
  if (bind === undefined) return { terminal, customerExists: false, asset: undefined };
  const customer = await db
    .selectFrom("customer")
    .select("id")
    .where("id", "=", bind.customerId)
    .where("merged_into", "is", null)
    .where("erased_at", "is", null)
    .executeTakeFirst();
  const assetId = "id" in bind.asset ? bind.asset.id : undefined;
  const asset =
    assetId === undefined
      ? undefined
      : await db
          .selectFrom("asset")
          .select(["customer_id", "retired_at"])
          .where("id", "=", assetId)
          .executeTakeFirst();
  return {
    terminal,
    customerExists: customer !== undefined,
    asset: asset && { customerId: asset.customer_id, isRetired: asset.retired_at !== null },
  };
}

/** As it was typed, which goes first where both are there, and in the upper case in which labels print it. */
export const serialsOf = (typed: string): readonly string[] => [typed, typed.toUpperCase()];

async function loadTerminal(db: Kysely<Database>, jobId: string, serial: string, lock: boolean) {
  const asked = db
    .selectFrom("terminal")
    .select(["address", "serial", "life_cycle", "quarantine_reason"])
    .where("serial", "in", serialsOf(serial))
    .orderBy((eb) => eb("serial", "=", serial), "desc")
    .limit(1);
  const row = await (lock ? asked.forUpdate() : asked).executeTakeFirst();
  if (row === undefined) return undefined;
  const { rows } = await sql<{ held: boolean; attached_at: Date | null }>`
    select exists (select from provisioning_job where address = ${row.address}::int8
        and state = 'open' and id <> ${jobId}) as held,
      (select max(created_at) from session where address = ${row.address}::int8
        and state = 'proven') as attached_at`.execute(db);
  return {
    address: Number(row.address),
    serial: row.serial,
    lifeCycle: row.life_cycle,
    quarantineReason: row.quarantine_reason,
    heldByAnother: rows[0]?.held === true,
    attachedAtMs: rows[0]?.attached_at?.getTime(),
  };
}
