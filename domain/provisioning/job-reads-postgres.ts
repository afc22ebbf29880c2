import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { loadJob, loadWorld, serialsOf } from "./job-rows-postgres.ts";
import type { JobDetail, JobQuery, JobState, JobSummary, PreCheck } from "./provisioning.ts";
import { standingOf } from "./world.ts";

export async function jobDetail(
  db: Kysely<Database>,
  jobId: string,
): Promise<JobDetail | undefined> {
  const loaded = await loadJob(db, jobId, false);
  if (loaded === undefined) return undefined;
  const { row, job } = loaded;
  const world = await loadWorld(db, jobId, job, false);
  const [summary] = await summaries(db, sql`j.id = ${jobId}`, 1);
  if (summary === undefined) return undefined;
  const ours = row.address !== null && Number(row.address) === world.terminal?.address;
  const steps = loaded.steps.map(({ step }) => step);
  const standing = standingOf(job, steps, world, ours || row.state === "accepted");
  return {
    ...summary,
    serial: job.serial ?? summary.serial,
    job,
    lifeCycle: world.terminal?.lifeCycle ?? null,
    profile: await profileOf(db, row.address),
    attached: standing.attached,
    missing: row.state === "open" ? standing.missing : [],
    steps: loaded.steps.map(({ step, receivedAtMs }) => ({
      ...step,
      outcome: standing.outcomes.get(step.id) ?? { outcome: "applied" },
      receivedAtMs,
    })),
  };
}

async function profileOf(db: Kysely<Database>, address: bigint | null): Promise<string | null> {
  if (address === null) return null;
  const row = await db
    .selectFrom("terminal")
    .select("profile")
    .where("address", "=", address)
    .executeTakeFirst();
  return row?.profile ?? null;
}

export function listJobs(db: Kysely<Database>, query: JobQuery): Promise<readonly JobSummary[]> {
  const { engineerId, state, before, limit } = query;
  const conditions = [sql`true`];
  if (engineerId !== undefined) conditions.push(sql`j.engineer_id = ${engineerId}`);
  if (state !== undefined) conditions.push(sql`j.state = ${state}`);
  if (before !== undefined)
    conditions.push(
      sql`(j.opened_at, j.id) < (${new Date(before.openedAtMs)}::timestamptz, ${before.id})`,
    );
  return summaries(db, sql.join(conditions, sql` and `), limit);
}

interface SummaryRow {
  readonly id: string;
  readonly engineer_id: string;
  readonly engineer_name: string;
  readonly state: JobState;
  readonly address: bigint | null;
  readonly serial: string | null;
  readonly customer_name: string | null;
  readonly asset_name: string | null;
  readonly opened_at: Date;
  readonly ended_at: Date | null;
  readonly version: number;
}

async function summaries(
  db: Kysely<Database>,
  where: ReturnType<typeof sql>,
  limit: number,
): Promise<readonly JobSummary[]> {
  const { rows } = await sql<SummaryRow>`
    select j.id, j.engineer_id, j.engineer_name, j.state, j.address, t.serial,
      c.name as customer_name, coalesce(a.name, t.name) as asset_name, j.opened_at, j.ended_at, j.version
    from provisioning_job j
    left join terminal t on t.address = j.address
    left join customer c on c.id = j.customer_id
    left join asset a on a.id = j.asset_id
    where ${where}
    order by j.opened_at desc, j.id desc limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    engineerId: row.engineer_id,
    engineerName: row.engineer_name,
    state: row.state,
    address: row.address === null ? null : Number(row.address),
    serial: row.serial,
    customerName: row.customer_name,
    assetName: row.asset_name,
    openedAtMs: row.opened_at.getTime(),
    endedAtMs: row.ended_at?.getTime() ?? null,
    version: row.version,
  }));
}

export async function preCheck(
  db: Kysely<Database>,
  serial: string,
): Promise<PreCheck | undefined> {
  const row = await db
    .selectFrom("terminal")
    .select([
      "address",
      "serial",
      "profile",
      "life_cycle",
      "hardware_version",
      "firmware_version",
      "quarantine_reason",
    ])
    .select((eb) =>
      eb
        .selectFrom("provisioning_job as j")
        .select("j.id")
        .whereRef("j.address", "=", "terminal.address")
        .where("j.state", "=", "open")
        .limit(1)
        .as("open_job_id"),
    )
    .where("serial", "in", serialsOf(serial))
    .orderBy((eb) => eb("serial", "=", serial), "desc")
    .executeTakeFirst();
  return (
    row && {
      address: Number(row.address),
      serial: row.serial,
      profile: row.profile,
      lifeCycle: row.life_cycle,
      hardwareVersion: row.hardware_version,
      firmwareVersion: row.firmware_version,
      quarantineReason: row.quarantine_reason,
      openJobId: row.open_job_id,
    }
  );
}
