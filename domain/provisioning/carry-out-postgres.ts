import { type Kysely, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Database, LifeCycle } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Act, Audit, Deed } from "../identity/audit.ts";
import type { StepOutcome } from "./job.ts";
import type { LoadedJob } from "./job-rows-postgres.ts";
import type { AssetMaker, Assigner, LifeMover } from "./provisioning.ts";
import { lifeCycleBy, type Standing, standingOf, type World } from "./world.ts";

export interface ProvisioningDeps {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly stock: LifeMover;
  readonly assets: AssetMaker;
  readonly assignments: Assigner;
}

const NS_PER_MS = 1_000_000n;
const ROAD: readonly LifeCycle[] = ["stocked", "assigned", "installed", "accepted", "active"];
const EVENTS = ["assign", "install", "accept", "activate"] as const;

/** A job, the world around it, and who asks. */
export interface Going {
  readonly loaded: LoadedJob;
  readonly world: World;
  readonly act: Act;
}

/** Does what the job's steps ask of the world and has not been done yet; done twice, the second time does nothing. */
export async function carryOut(
  deps: ProvisioningDeps,
  tx: Kysely<Database>,
  going: Going,
): Promise<void> {
  const { loaded, world } = going;
  const { row, job } = loaded;
  const steps = loaded.steps.map(({ step }) => step);
  const ours = row.address !== null && Number(row.address) === world.terminal?.address;
  const standing = standingOf(job, steps, world, ours);
  await writeOutcomes(tx, standing.outcomes);
  if (row.state === "undone") return;
  if (!ours && row.state === "open") await giveBack(deps, tx, going);
  if (job.undo !== undefined) await undo(deps, tx, going);
  else if (row.state === "open") await proceed(deps, tx, { ...going, standing });
}

async function proceed(
  deps: ProvisioningDeps,
  tx: Kysely<Database>,
  { loaded, world, standing, act }: Going & { readonly standing: Standing },
): Promise<void> {
  const { row, job } = loaded;
  const terminal = standing.claimed ? world.terminal : undefined;
  const address = terminal ? BigInt(terminal.address) : null;
  for (const event of eventsOnTheRoad(terminal?.lifeCycle, lifeCycleBy(standing)))
    await deps.stock.move(tx, Number(address), event, act);
  const handedOver = standing.accepted && (await handOver(deps, tx, { loaded, world, act }));
  await tx
    .updateTable("provisioning_job")
    .set((eb) => ({
      address,
      customer_id: standing.bound ? (job.bind?.customerId ?? null) : null,
      ...(handedOver || {}),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", row.id)
    .execute();
  if (standing.accepted || address !== row.address)
    await deps.audit.record(tx, act, progressOf(loaded, standing));
}

const progressOf = ({ row, job }: LoadedJob, { accepted, claimed }: Standing): Deed => ({
  action: accepted ? "job.accepted" : "job.claimed",
  subject: { kind: "job", id: row.id },
  customerId: job.bind?.customerId,
  after: { serial: claimed ? job.serial : null, verdict: job.result?.verdict ?? null },
});

/** Acceptance: the asset, the assignment and the date from which it is paid for. */
async function handOver(deps: ProvisioningDeps, tx: Kysely<Database>, going: Going) {
  const { job, row } = going.loaded;
  const { bind, place, accept } = job;
  const { terminal } = going.world;
  const { act } = going;
  if (!bind || !place || !accept || !terminal) throw new Error("it is not accepted without them");
  const { latitude, longitude } = place;
  const assetId =
    "id" in bind.asset
      ? bind.asset.id
      : (
          await deps.assets.create(
            tx,
            { ...bind.asset, customerId: bind.customerId, latitude, longitude },
            act,
          )
        ).id;
  await deps.assignments.assign(
    tx,
    {
      address: terminal.address,
      assetId,
      customerId: bind.customerId,
      fromNs: BigInt(accept.atMs) * NS_PER_MS,
      reason: `job ${row.id}`,
    },
    act,
  );
  const name = await tx
    .selectFrom("asset")
    .select("name")
    .where("id", "=", assetId)
    .executeTakeFirst();
  await tx
    .updateTable("terminal")
    .set({
      latitude,
      longitude,
      service_from: accept.serviceFrom,
      ...(name && { name: name.name }),
    })
    .where("address", "=", BigInt(terminal.address))
    .execute();
  return {
    state: "accepted" as const,
    asset_id: assetId,
    ended_at: new Date(deps.clock.now()),
  };
}

/** Along the road of a terminal's life to where the job has come, forwards only. */
const eventsOnTheRoad = (from: LifeCycle | undefined, to: LifeCycle) =>
  from === undefined || !ROAD.includes(from)
    ? []
    : EVENTS.slice(ROAD.indexOf(from), ROAD.indexOf(to));

/** The terminal that the job had goes back to the stock. */
async function giveBack(
  deps: ProvisioningDeps,
  tx: Kysely<Database>,
  { loaded: { row }, act }: Going,
): Promise<void> {
  if (row.address === null) return;
  const held = await tx
    .selectFrom("terminal")
    .select(["life_cycle"])
    .where("address", "=", row.address)
    .forUpdate()
    .executeTakeFirst();
  const address = Number(row.address);
  if (held?.life_cycle === "active") await deps.stock.move(tx, address, "return", act);
  else if (held !== undefined && ["assigned", "installed", "accepted"].includes(held.life_cycle))
    await deps.stock.move(tx, address, "free", act);
}

async function undo(deps: ProvisioningDeps, tx: Kysely<Database>, going: Going): Promise<void> {
  const { act } = going;
  const { row, job } = going.loaded;
  if (job.undo === undefined) return;
  if (row.state === "accepted" && row.address !== null) {
    const toNs = BigInt(Math.max(job.undo.atMs, job.accept?.atMs ?? 0)) * NS_PER_MS;
    await deps.assignments.end(
      tx,
      { address: Number(row.address), toNs, reason: job.undo.reason },
      act,
    );
    await tx
      .updateTable("terminal")
      .set({ service_from: null })
      .where("address", "=", row.address)
      .execute();
  }
  await giveBack(deps, tx, going);
  await tx
    .updateTable("provisioning_job")
    .set((eb) => ({
      state: "undone" as const,
      ended_at: new Date(deps.clock.now()),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", row.id)
    .execute();
  await deps.audit.record(
    tx,
    { ...act, reason: job.undo.reason },
    {
      action: "job.undone",
      subject: { kind: "job", id: row.id },
      customerId: row.customer_id,
      before: { state: row.state, address: row.address === null ? null : Number(row.address) },
    },
  );
}

async function writeOutcomes(
  tx: Kysely<Database>,
  outcomes: ReadonlyMap<string, StepOutcome>,
): Promise<void> {
  const rows = [...outcomes].map(([id, outcome]) => ({
    id,
    outcome: outcome.outcome,
    reason: "reason" in outcome ? outcome.reason : null,
  }));
  if (rows.length === 0) return;
  await sql`
    update provisioning_step s set outcome = row.outcome, reason = row.reason
    from ${jsonRows(rows)} as row (id text, outcome text, reason text)
    where s.id = row.id`.execute(tx);
}
