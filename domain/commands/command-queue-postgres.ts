import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { type Command, isFinal, pageExpiresAtMs } from "./command.ts";
import { type Begun, beginCommand } from "./command-begin-postgres.ts";
import { loadFacts } from "./command-facts-postgres.ts";
import { meterCommand } from "./command-metering-postgres.ts";
import { type CommandProfile, commandNamed, envelopeOf } from "./command-of-profile.ts";
import type { AdmittedPage, CommandQueue, CommandStepPoint } from "./command-queue.ts";
import { type LoadedCommand, lockCommand, stepRow, toLoaded } from "./command-rows-postgres.ts";
import { type Judgement, judgeEnvelope, refused } from "./envelope.ts";

export interface CommandQueueDeps {
  readonly db: Db;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly faultPoint?: (step: CommandStepPoint) => void;
}

/** In one transaction; what is left comes at the next tick. */
const COMMANDS_PER_TICK_MAX = 64;

export function createCommandQueue(deps: CommandQueueDeps): CommandQueue {
  const { db, profiles, faultPoint = () => undefined } = deps;
  async function judge(tx: Db, row: LoadedCommand, nowMs: number): Promise<Judgement> {
    const profile = profiles.get(row.profile);
    const command = commandNamed(profile, row.name);
    // its profile has lost it since: nobody knows any more what it was bound by
    if (profile === undefined || command === undefined) return refused("no-data");
    const facts = await loadFacts(tx, row.address);
    return judgeEnvelope(envelopeOf(profile, command, row.place), facts, nowMs);
  }

  async function workOn(tx: Db, row: LoadedCommand, begun: Begun): Promise<void> {
    const { nowMs } = begun;
    const isLate = (row.command.expiresAtMs ?? Infinity) <= nowMs;
    if (row.command.state === "queued" && !isLate)
      await beginCommand(tx, row, () => judge(tx, row, nowMs), begun);
    else await stepRow(tx, row, { type: "tick" }, { nowMs });
  }

  return {
    work: (nowMs, partitions, seal) =>
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<Parameters<typeof toLoaded>[0]>`
          select * from commands where due_at <= ${new Date(nowMs)}::timestamptz
            and partition in ${int8List(partitions)}
          order by priority desc, due_at limit ${COMMANDS_PER_TICK_MAX}::int
          for update skip locked`.execute(tx);
        const begun: Begun = { nowMs, seal, waiting: new Map() };
        for (const row of rows) await workOn(tx, toLoaded(row), begun);
        if (begun.waiting.size > 0) faultPoint("command-sealed");
        return rows.length;
      }),

    handOver: (pageIds, requestId, nowMs) =>
      db.transaction().execute(async (tx) => {
        const admitted: AdmittedPage[] = [];
        // in the order of their ids, as everybody who holds several
        for (const pageId of [...pageIds].sort())
          admitted.push(...(await handOver(tx, pageId, { requestId, nowMs, judge })));
        if (admitted.length > 0) faultPoint("page-handed");
        return admitted;
      }),

    paged: (requestId, result, nowMs) =>
      db.transaction().execute(async (tx) => {
        const stepped = await recordResult(tx, requestId, result, nowMs);
        if (stepped > 0) faultPoint("page-result-stored");
      }),
  };
}

interface Handing {
  readonly requestId: string;
  readonly nowMs: number;
  readonly judge: (tx: Db, row: LoadedCommand, nowMs: number) => Promise<Judgement>;
}

async function handOver(tx: Db, pageId: string, handing: Handing): Promise<AdmittedPage[]> {
  const { requestId, nowMs, judge } = handing;
  const page = await pageOf(tx, pageId);
  const row = page && (await lockCommand(tx, page.command_id));
  if (page === undefined || row === undefined) return [];
  const { zone_gateway_id: gatewayId } = page;
  const judgement = await judge(tx, row, nowMs);
  const isHanded =
    isThisAttempt(row.command, page) && (await handed(tx, row, { judgement, gatewayId, nowMs }));
  await tx
    .updateTable("page_request")
    .set(
      isHanded
        ? { status: "done", attempts: 1, request_id: requestId, gateway_id: gatewayId }
        : { status: "superseded" },
    )
    .where("id", "=", pageId)
    .execute();
  return isHanded ? [{ pageId, expiresAtMs: pageExpiresAtMs(row.command, judgement, nowMs) }] : [];
}

/** Answers how many pages of commands it was. */
async function recordResult(
  tx: Db,
  requestId: string,
  { status, startedAtNs, airMs }: Parameters<CommandQueue["paged"]>[1],
  nowMs: number,
): Promise<number> {
  const pages = await tx
    .selectFrom("page_request")
    .select(PAGE)
    .where("request_id", "=", requestId)
    .where("command_id", "is not", null)
    .where("result", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  const wasSent = status === "sent";
  const endsAtMs = (wasSent ? Number(startedAtNs / 1_000_000n) : nowMs) + airMs;
  for (const { id, command_id: commandId, ...page } of pages) {
    await tx
      .updateTable("page_request")
      .set({ result: status, ...(wasSent && { started_at_ns: startedAtNs }) })
      .where("id", "=", id)
      .execute();
    const row = commandId === null ? undefined : await lockCommand(tx, commandId);
    if (row === undefined) continue;
    // first, for the terminal may have answered before the gateway: sent is sent, and charged
    if (wasSent) await meterCommand(tx, row, startedAtNs);
    if (!isThisAttempt(row.command, page)) continue;
    const gatewayId = page.zone_gateway_id ?? "";
    const said = wasSent ? "sent" : status === "fault" ? "unknown" : "unsent";
    const input = { type: "paged", gatewayId, page: said, endsAtMs } as const;
    await stepRow(tx, row, input, { nowMs, gatewayId, detail: { status } });
  }
  return pages.length;
}

const PAGE = ["id", "command_id", "zone_gateway_id", "down_counter", "session"] as const;

async function pageOf(tx: Db, pageId: string) {
  const page = await tx
    .selectFrom("page_request")
    .select(PAGE)
    .where("id", "=", pageId)
    .where("status", "=", "waiting")
    .executeTakeFirst();
  const { command_id: commandId, zone_gateway_id: gatewayId } = page ?? {};
  if (page === undefined || !commandId || !gatewayId) return undefined;
  return { ...page, command_id: commandId, zone_gateway_id: gatewayId };
}

/** A result, or a turn, of an attempt that is over is nobody's any more. */
const isThisAttempt = (
  { attempt, state }: Command,
  page: { readonly down_counter: bigint; readonly session: bigint },
): boolean =>
  !isFinal(state) &&
  attempt !== null &&
  BigInt(attempt.downCounter) === page.down_counter &&
  BigInt(attempt.session) === page.session;

async function handed(
  tx: Db,
  row: LoadedCommand,
  { judgement, gatewayId, nowMs }: { judgement: Judgement; gatewayId: string; nowMs: number },
): Promise<boolean> {
  const input = { type: "hand-over", judgement, gatewayId } as const;
  await stepRow(tx, row, input, { nowMs, gatewayId });
  if (row.command.attempt?.gateways[gatewayId] !== "handed") return false;
  await sql`
    update commands set first_out_at = coalesce(first_out_at, ${new Date(nowMs)}::timestamptz)
    where id = ${row.id}`.execute(tx);
  return true;
}
