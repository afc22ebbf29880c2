import { randomUUID } from "node:crypto";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { COMMAND_STEPS } from "../../domain/commands/command-queue.ts";
import { type CommandState, FINAL_STATES } from "../../domain/commands/command-state.ts";
import type { Commands } from "../../domain/commands/commands.ts";
import { createCommands } from "../../domain/commands/commands-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import type { Act } from "../../domain/identity/audit.ts";
import { createAudit } from "../../domain/identity/audit-postgres.ts";
import type { PageHeard } from "../../firmware-sim/page-heard.ts";
import { hex } from "../hex.ts";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { type CommandFact, compareCommands } from "./command-oracle.ts";
import { type Fault, type FaultStep, PAGE_STEPS } from "./fault-points.ts";
import { settleAndCompare } from "./settle.ts";
import { hitsOf, readStrikes, type Strikes, strikesTable } from "./strikes.ts";

// SEED=… COMMANDS=… HITS=… npm run test:long -- faults/commands

const SEED = process.env["SEED"] ?? "commands";
const COMMANDS = Number(process.env["COMMANDS"] ?? 150);
const HITS = Number(process.env["HITS"] ?? 3);
const TERMINALS = 24;
const SPEED = 4;
const EXPIRY_S = 120;
const KILLING_MS_MAX = 600_000;
const LOOK_MS = 250;
const STEPS: readonly FaultStep[] = [...COMMAND_STEPS, ...PAGE_STEPS];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One process dies at one step a life, at those first that were hit least. */
function fatalStep(name: string, strikes: Strikes, random: Random): FaultStep | undefined {
  const own: readonly FaultStep[] = name.startsWith("network")
    ? COMMAND_STEPS
    : name.startsWith("gw-")
      ? PAGE_STEPS
      : [];
  const least = Math.min(...own.map((step) => hitsOf(strikes, step)));
  const rare = own.filter((step) => hitsOf(strikes, step) === least);
  return rare[randomInteger(random, Math.max(1, rare.length))];
}

const actOf = ({ clock }: City, id: string): Act => ({
  actor: { kind: "user", id, name: id },
  atMs: clock.now(),
});

/** A command that its terminal was told by nobody before: what it does is known again by its argument. */
async function tell(city: City, commands: Commands, address: number, number: number) {
  const profile = city.simulator.fleet.find((one) => one.address === address)?.profile;
  const isDangerous = profile === "elevator" || (profile === "vehicle" && number % 3 === 0);
  const name = profile === "elevator" ? "return-to-service" : "immobilise";
  const rest = { address, expiryS: EXPIRY_S, place: null, isDrill: false, note: "" };
  const asked = isDangerous
    ? { ...rest, name, arguments: {} }
    : { ...rest, name: "report-interval", arguments: { interval: 1_000 + number } };
  const { id, state } = await commands.create(asked, actOf(city, "ann"), "all");
  if (state === "drafted") await commands.does(id, "approve", actOf(city, "bob"), "all");
}

/** Those in session that nothing waits for, and whose device type takes the command. */
async function idle({ db, simulator }: City): Promise<readonly number[]> {
  const { rows } = await sql<{ address: bigint }>`
    select s.address from session s where s.state = 'proven' and not exists (
      select from commands c where c.address = s.address and c.ended_at is null)`.execute(db);
  const without = new Set(
    simulator.fleet.flatMap(({ address, profile }) => (profile === "home-alarm" ? [address] : [])),
  );
  return rows.map(({ address }) => Number(address)).filter((address) => !without.has(address));
}

const openCount = async (db: Db): Promise<number> =>
  (await db.selectFrom("commands").select("id").where("ended_at", "is", null).execute()).length;

async function factsOf(db: Db): Promise<readonly CommandFact[]> {
  const finals = JSON.stringify(FINAL_STATES);
  const { rows } = await sql<{
    id: string;
    address: bigint;
    page_sequence: number | null;
    plaintext: Uint8Array;
    state: CommandState;
    reason: string | null;
    ends: number;
  }>`
    select id, address, page_sequence, plaintext, state, reason, (
      select count(*)::int from command_evidence e where e.command_id = c.id and e.what <> 'late-answer'
        and e.state in (select json_array_elements_text(${finals}::text::json))) as ends
    from commands c order by created_at`.execute(db);
  return rows.map(({ page_sequence: pageSequence, address, plaintext, ...row }) => ({
    ...{ ...row, pageSequence, address: Number(address), plaintext: hex(plaintext) },
  }));
}

it(`ends each command once and does nothing twice, wherever network and gateways are killed (SEED=${SEED})`, async () => {
  const random = seededRandom(`${SEED} kills`);
  let log = "";
  let isOver = false;
  const city = await startCity({
    ...{ seed: SEED, terminals: TERMINALS, gateways: 2, networks: 2, speed: SPEED },
    faultsFor(name): readonly Fault[] {
      const step = isOver || log === "" ? undefined : fatalStep(name, readStrikes(log), random);
      if (step === undefined) return [];
      const pidFile = path.join(path.dirname(log), `${name}.pid`);
      return [{ step, hits: 1 + randomInteger(random, 3), victim: name, pidFile, logFile: log }];
    },
  });
  onCleanup(() => city.stop());
  const heard: PageHeard[] = [];
  city.simulator.onPageHeard((page) => heard.push(page));
  const { db } = city;
  const profiles = loadProfiles("profiles").byName;
  const commands = createCommands({ db, audit: createAudit(db), profiles, makeId: randomUUID });
  while ((await idle(city)).length < TERMINALS / 2) await pause(LOOK_MS);
  log = path.join(city.folder, "strikes");
  for (const one of [...city.networks, ...city.gateways]) one.kill();

  let told = 0;
  const beganMs = systemClock.now();
  const isEnough = (): boolean =>
    systemClock.now() - beganMs > KILLING_MS_MAX ||
    (told >= COMMANDS && STEPS.every((step) => hitsOf(readStrikes(log), step) >= HITS));
  while (!isEnough()) {
    for (const address of await idle(city)) await tell(city, commands, address, told++);
    await pause(LOOK_MS);
  }
  isOver = true;
  const strikes = readStrikes(log);
  say(`SEED=${SEED}: ${told} commands\n${strikesTable(strikes, STEPS)}`);
  for (const one of [...city.networks, ...city.gateways]) await one.restart();
  while ((await openCount(db)) > 0) await pause(LOOK_MS);
  const { differences, pages } = await settleAndCompare(city, say);
  const facts = await factsOf(db);
  const states = Map.groupBy(facts, ({ state, reason }) => `${state} ${reason ?? ""}`.trim());
  say(`${pages} pages; ${[...states].map(([state, all]) => `${all.length} ${state}`).join(", ")}`);

  expect(differences).toEqual([]);
  expect(compareCommands(facts, heard)).toEqual([]);
  for (const step of STEPS) expect(hitsOf(strikes, step), step).toBeGreaterThanOrEqual(HITS);
  const acts = heard.filter(({ effect }) => effect === "acts");
  expect(acts.length).toBeGreaterThan(COMMANDS / 3);
  // an oracle that sees nothing would always be content
  expect(compareCommands(facts, [...heard, ...acts.slice(0, 1)])).not.toEqual([]);
  expect(compareCommands(facts, [])).not.toEqual([]);
}, 1_200_000);
