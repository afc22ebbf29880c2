import { sql, type Updateable } from "kysely";
import { pageExpiresAtMs } from "../commands/command.ts";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import type { AdmittedPage } from "../commands/command-queue.ts";
import type { Database, Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { meterPage } from "../packets/page-usage-postgres.ts";
import { beginGroupRound } from "./group-begin-postgres.ts";
import { judgeMembers, mustRekey } from "./group-members-postgres.ts";
import type { GroupQueue, SealGroupPage } from "./group-queue.ts";
import { keepRoll } from "./group-roll-postgres.ts";
import {
  type GroupRow,
  type LoadedGroupCommand,
  lockGroupCommand,
  stepGroupRow,
  toLoadedGroup,
} from "./group-rows-postgres.ts";

export interface GroupQueueDeps {
  readonly db: Db;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

/** In one transaction; what is left comes at the next tick. */
const PER_TICK_MAX = 4;

export function createGroupQueue(deps: GroupQueueDeps): GroupQueue {
  const { db } = deps;
  return {
    work: (nowMs, partitions, seal) =>
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<GroupRow>`
          select * from group_commands where due_at <= ${new Date(nowMs)}::timestamptz
            and partition in ${int8List(partitions)}
          order by priority desc, due_at limit ${PER_TICK_MAX}::int for update skip locked`.execute(
          tx,
        );
        for (const row of rows) await workOn(deps, tx, toLoadedGroup(row), { nowMs, seal });
        return rows.length;
      }),

    handOver: (pageIds, requestId, nowMs) =>
      db.transaction().execute(async (tx) => {
        const admitted: AdmittedPage[] = [];
        // in the order of their ids, as everybody who holds several
        for (const pageId of [...pageIds].sort())
          admitted.push(...(await handOver(deps, tx, pageId, { requestId, nowMs })));
        return admitted;
      }),

    paged: (requestId, result, nowMs) =>
      db.transaction().execute((tx) => recordResult(tx, requestId, result, nowMs)),
  };
}

interface Round {
  readonly nowMs: number;
  readonly seal: SealGroupPage;
}

async function workOn(deps: GroupQueueDeps, tx: Db, row: LoadedGroupCommand, round: Round) {
  const { state, expiresAtMs } = row.command;
  const { nowMs } = round;
  if (state === "roll-call" || state === "catching-up") await keepRoll(deps, tx, row, nowMs);
  else if (state === "queued" && nowMs < (expiresAtMs ?? 0))
    await beginGroupRound(deps, tx, row, round);
  else await stepGroupRow(tx, row, { type: "tick" }, { nowMs });
}

async function handOver(
  { profiles }: GroupQueueDeps,
  tx: Db,
  pageId: string,
  { requestId, nowMs }: { readonly requestId: string; readonly nowMs: number },
): Promise<AdmittedPage[]> {
  const page = await tx
    .selectFrom("page_request")
    .select(["group_command_id", "zone_gateway_id"])
    .where("id", "=", pageId)
    .where("status", "=", "waiting")
    .executeTakeFirst();
  const { group_command_id: commandId, zone_gateway_id: gatewayId } = page ?? {};
  const row = commandId ? await lockGroupCommand(tx, commandId) : undefined;
  if (row === undefined || !gatewayId) return [];
  if (await isUnderOldKey(tx, row)) {
    const unsent = { type: "paged", gatewayId, page: "unsent", endsAtMs: nowMs } as const;
    await stepGroupRow(tx, row, unsent, { nowMs, gatewayId, detail: { status: "old-key" } });
    await endPage(tx, pageId, { status: "superseded" });
    return [];
  }
  const { judgement, passing, ...detail } = await judgeMembers(tx, profiles, row, nowMs);
  const input = { type: "hand-over", judgement, passing, gatewayId } as const;
  const step = await stepGroupRow(tx, row, input, { nowMs, gatewayId, detail });
  const isHanded = step.ok && row.command.zones[gatewayId] === "handed";
  await endPage(
    tx,
    pageId,
    isHanded
      ? { status: "done", attempts: 1, request_id: requestId, gateway_id: gatewayId }
      : { status: "superseded" },
  );
  if (!isHanded) return [];
  await sql`
    update group_commands set first_out_at = coalesce(first_out_at, ${new Date(nowMs)}::timestamptz)
    where id = ${row.id}`.execute(tx);
  return [{ pageId, expiresAtMs: pageExpiresAtMs(row.command, judgement, nowMs) }];
}

async function endPage(tx: Db, id: string, how: Updateable<Database["page_request"]>) {
  await tx.updateTable("page_request").set(how).where("id", "=", id).execute();
}

/** Whoever has left since its page was sealed could still open it. */
async function isUnderOldKey(tx: Db, { id, groupId }: LoadedGroupCommand): Promise<boolean> {
  if (groupId === null) return false; // its group is gone: the judgement says so
  const { rows } = await sql`
    select from group_commands c join group_key k on k.id = c.key_id
    where c.id = ${id} and k.retired_at is not null`.execute(tx);
  return rows.length > 0 || (await mustRekey(tx, groupId));
}

async function recordResult(
  tx: Db,
  requestId: string,
  { status, startedAtNs, airMs }: Parameters<GroupQueue["paged"]>[1],
  nowMs: number,
): Promise<void> {
  const pages = await tx
    .selectFrom("page_request")
    .select(["id", "group_command_id", "zone_gateway_id"])
    .where("request_id", "=", requestId)
    .where("group_command_id", "is not", null)
    .where("result", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  const wasSent = status === "sent";
  const endsAtMs = (wasSent ? Number(startedAtNs / 1_000_000n) : nowMs) + airMs;
  for (const { id, group_command_id: commandId, zone_gateway_id: gatewayId } of pages) {
    await tx
      .updateTable("page_request")
      .set({ result: status, ...(wasSent && { started_at_ns: startedAtNs }) })
      .where("id", "=", id)
      .execute();
    const row = commandId === null ? undefined : await lockGroupCommand(tx, commandId);
    if (row === undefined || gatewayId === null) continue;
    const page = wasSent ? "sent" : status === "fault" ? "unknown" : "unsent";
    const input = { type: "paged", gatewayId, page, endsAtMs } as const;
    await stepGroupRow(tx, row, input, { nowMs, gatewayId, detail: { status, airMs } });
    if (!wasSent) continue;
    await sql`update group_commands set air_ms = air_ms + ${airMs}::int where id = ${row.id}`.execute(
      tx,
    );
    const customerId = await payerOf(tx, row);
    if (customerId !== null) await meterPage(tx, { id, customerId, sentAtNs: startedAtNs });
  }
}

/** Of the group; null where nobody pays: for the operator's own groups, drills and what saves lives. */
async function payerOf(tx: Db, { groupId, isDrill, command }: LoadedGroupCommand) {
  if (groupId === null || isDrill || command.safetyClass === "life-safety") return null;
  const group = await tx
    .selectFrom("device_group")
    .select("customer_id")
    .where("id", "=", groupId)
    .executeTakeFirst();
  return group?.customer_id ?? null;
}
