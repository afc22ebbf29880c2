import { sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction } from "../db/in-transaction.ts";
import type { ProfileCommand } from "../devices/profile.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { expiryMaxOf, expiryOf, needsSecondPerson, priorityOfClass } from "./command-class.ts";
import { loadFacts } from "./command-facts-postgres.ts";
import { forecastOf, pageQueues } from "./command-forecast-postgres.ts";
import {
  type CommandArguments,
  type CommandProfile,
  commandNamed,
  commandOf,
  envelopeOf,
  plaintextOf,
} from "./command-of-profile.ts";
import { commandsChanged, findCommand, listCommands } from "./command-reads-postgres.ts";
import {
  insertCommand,
  type LoadedCommand,
  lockCommand,
  stepRow,
  supersedeOlder,
  type Told,
  toldOf,
} from "./command-rows-postgres.ts";
import { type CommandAsked, type Commands, DEED_DONE } from "./commands.ts";
import { denied } from "./denials.ts";
import { checkEnvelope, judgeEnvelope, type PlaceLimit } from "./envelope.ts";

export interface CommandsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

/** More that wait for one terminal than anybody means to send it. */
const OPEN_PER_TERMINAL_MAX = 50;

export function createCommands(deps: CommandsDeps): Commands {
  const { db, audit, profiles } = deps;
  return {
    list: (query) => listCommands(db, query),
    find: (id, reach) => findCommand(db, id, reach),
    changed: (since) => commandsChanged(db, since),
    queues: (nowMs) => pageQueues(db, nowMs),

    create: (asked, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const row = await draft(deps, tx, { asked, act, reach });
        if (row.command.state === "approved") await queueCommand(deps, tx, row, toldOf(act));
        await audit.record(tx, act, {
          action: "command.created",
          subject: { kind: "command", id: row.id },
          customerId: row.customerId,
          after: { terminal: asked.address, name: asked.name, arguments: asked.arguments },
        });
        return required(await findCommand(tx, row.id, reach), row.id);
      }),

    does: (id, deed, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const row = await lockCommand(tx, id);
        if (row === undefined || !isWithin(reach, row.customerId))
          throw new NotFoundError("command", id);
        const before = row.command.state;
        const { kind, id: actorId } = act.actor;
        const told = toldOf(act);
        const step = await stepRow(tx, row, { type: deed, by: { kind, id: actorId } }, told);
        if (!step.ok) throw denied(`command ${id}`, step.denial, before);
        if (row.command.state === "approved") await queueCommand(deps, tx, row, told);
        await audit.record(tx, act, {
          action: `command.${DEED_DONE[deed]}`,
          subject: { kind: "command", id },
          customerId: row.customerId,
          before: { state: before },
          after: { state: row.command.state },
        });
        return required(await findCommand(tx, id, reach), id);
      }),

    async outlook(address, nowMs, reach) {
      const { sinceMs } = await holderOf(db, address, nowMs, reach);
      const facts = await loadFacts(db, address);
      const profile = profiles.get(facts.profile);
      if (profile === undefined) throw new NotFoundError("profile", facts.profile);
      const envelopes = (profile.commands ?? []).map(
        (command) => [command, envelopeOf(profile, command, null)] as const,
      );
      const forecast = await forecastOf(db, address, nowMs);
      const commands = envelopes.map(([command, envelope]) => ({
        name: command.name,
        judgement: judgeEnvelope(envelope, facts, nowMs),
        checks: checkEnvelope(envelope, facts, nowMs).map((check) => ({
          ...check,
          // what was measured before the terminal was theirs is not theirs to read
          readings: check.readings.filter(
            ({ measuredAtMs }) => reach === "all" || measuredAtMs >= sinceMs,
          ),
        })),
        secondPerson: needsSecondPerson(command),
        expiryS: command.expiryS,
        expiryMaxS: expiryMaxOf(command),
        forecast: forecast(priorityOfClass(command)),
      }));
      return { commands };
    },
  };
}

export interface SystemCommand {
  readonly address: number;
  readonly profile: string;
  readonly command: ProfileCommand;
  readonly arguments: CommandArguments;
  readonly plaintext: Uint8Array;
  /** Seconds from now. */
  readonly expiryS: number;
  readonly place: PlaceLimit | null;
  readonly isDrill: boolean;
  readonly note: string;
}

/** What the network itself tells a terminal: a group's key, or what it missed. Whoever had to approve that has done so. Answers its id. */
export async function sendBySystem(
  deps: Pick<CommandsDeps, "profiles" | "makeId">,
  tx: Db,
  asked: SystemCommand,
  nowMs: number,
): Promise<string> {
  const { customerId } = await holderOf(tx, asked.address, nowMs, "all");
  const act: Act = { actor: SYSTEM, atMs: nowMs };
  const id = deps.makeId();
  const row = await insertCommand(tx, { ...asked, id, customerId, secondPerson: false }, act);
  await queueCommand(deps, tx, row, toldOf(act));
  return id;
}

const SYSTEM = { kind: "system", id: "network", name: "network" } as const;

function required<T>(value: T | undefined, id: string | number): T {
  if (value === undefined) throw new NotFoundError("command", String(id));
  return value;
}

interface Holder {
  readonly customerId: string | null;
  /** Since when the terminal is theirs. */
  readonly sinceMs: number;
}

/** Whose the terminal is now; throws a NotFoundError when that is nobody within reach. */
async function holderOf(db: Db, address: number, nowMs: number, reach: Reach): Promise<Holder> {
  const nowNs = BigInt(nowMs) * NS_PER_MS;
  const { rows } = await sql<{ customer_id: string | null; from_ns: bigint | null }>`
    select a.customer_id, a.from_ns from terminal t left join assignment a on a.address = t.address
      and a.from_ns <= ${nowNs}::int8 and (a.to_ns is null or a.to_ns > ${nowNs}::int8)
    where t.address = ${address}::int8`.execute(db);
  const [row] = rows;
  if (row === undefined || !isWithin(reach, row.customer_id))
    throw new NotFoundError("terminal", String(address));
  return { customerId: row.customer_id, sinceMs: Number((row.from_ns ?? 0n) / NS_PER_MS) };
}

const NS_PER_MS = 1_000_000n;

interface Drafted {
  readonly asked: CommandAsked;
  readonly act: Act;
  readonly reach: Reach;
}

async function draft(deps: CommandsDeps, tx: Db, given: Drafted): Promise<LoadedCommand> {
  const { asked, act } = given;
  const { address, place, isDrill, note } = asked;
  const { customerId } = await holderOf(tx, address, act.atMs, given.reach);
  const { profile, command } = await askedOf(deps, tx, asked);
  const expiryS = expiryOf(command, asked.expiryS);
  if (expiryS === undefined)
    throw new InvalidInputError(
      "expiryS",
      `${command.name} expires after 5 to ${expiryMaxOf(command)} seconds`,
    );
  await requireRoom(tx, address);
  const plaintext = plaintextOf(command, asked.arguments);
  const secondPerson = needsSecondPerson(command);
  return insertCommand(
    tx,
    {
      ...{ id: deps.makeId(), address, profile, command, plaintext, isDrill, place, note },
      ...{ customerId, expiryS, secondPerson, arguments: asked.arguments },
    },
    act,
  );
}

async function askedOf(
  { profiles }: CommandsDeps,
  tx: Db,
  { address, name }: CommandAsked,
): Promise<{ readonly profile: string; readonly command: ProfileCommand }> {
  const { profile } = await loadFacts(tx, address);
  const command = commandOf(profiles.get(profile), name);
  if (command === undefined)
    throw new InvalidInputError("name", `A terminal of type ${profile} has no command ${name}`);
  return { profile, command };
}

async function requireRoom(tx: Db, address: number): Promise<void> {
  const { count } = await tx
    .selectFrom("commands")
    .select(tx.fn.countAll().as("count"))
    .where("address", "=", BigInt(address))
    .where("ended_at", "is", null)
    .executeTakeFirstOrThrow();
  if (Number(count) >= OPEN_PER_TERMINAL_MAX)
    throw new ConflictError(`${OPEN_PER_TERMINAL_MAX} commands wait for terminal ${address}`);
}

/** Judged as it stands now; what it replaces is over from here on. */
export async function queueCommand(
  { profiles }: Pick<CommandsDeps, "profiles">,
  tx: Db,
  row: LoadedCommand,
  told: Told,
): Promise<void> {
  const profile = profiles.get(row.profile);
  const command = commandNamed(profile, row.name);
  if (profile === undefined || command === undefined) return; // it expires
  const facts = await loadFacts(tx, row.address);
  const judgement = judgeEnvelope(envelopeOf(profile, command, row.place), facts, told.nowMs);
  const detail = judgement.ok ? undefined : { field: judgement.field, label: judgement.label };
  const step = await stepRow(tx, row, { type: "queue", judgement }, { ...told, detail });
  if (step.ok && row.command.state === "queued")
    await supersedeOlder(tx, row, command.replaces, told);
}
