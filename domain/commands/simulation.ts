import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import {
  type Command,
  type CommandInput,
  createCommand,
  type GatewayPage,
  isFinal,
  type Person,
  pageExpiresAtMs,
} from "./command.ts";
import { priorityOfClass } from "./command-class.ts";
import { mayBegin } from "./command-order.ts";
import { type Judgement, judgeEnvelope } from "./envelope.ts";
import { stepCommand } from "./step-command.ts";
import { STANDS_STILL, vehicleAt } from "./test-commands.ts";

/** What a gateway was asked to send, as MQTT brings it: late, twice or not at all. */
interface Page {
  readonly id: string;
  readonly number: number;
  readonly gatewayId: string;
  readonly counter: number;
  readonly sequence: number;
  readonly expiresAtMs: number;
}

interface Row {
  command: Command;
  readonly number: number;
  approver: Person | undefined;
  isWithdrawn: boolean;
  ordinal: number | undefined;
  /** By the true time; undefined when the network's clock was wrong. */
  mustEndByMs: number | undefined;
}

const pageAt = ({ command }: Row, gatewayId: string): GatewayPage | undefined =>
  command.attempt?.gateways[gatewayId];

const isApproved = ({ command, approver }: Row): boolean =>
  approver?.kind === "user" && approver.id !== command.createdBy.id;

/** What was known when a page was handed over, by the true time. */
interface HandedOver {
  readonly speed: number;
  readonly measuredAtMs: number;
  readonly isClockRight: boolean;
}

interface Gateway {
  readonly queue: { page: Page; dueMs: number }[];
  readonly known: Set<string>;
  clockAheadMs: number;
}

export interface SimulatedHistory {
  /** Each with what was broken; empty when every rule held. */
  readonly faults: readonly string[];
  readonly keyedUp: number;
  readonly acted: number;
  readonly states: Readonly<Record<string, number>>;
}

const GATEWAYS = ["a", "b", "c"] as const;
const PEOPLE: readonly Person[] = [
  { kind: "user", id: "ann" },
  { kind: "user", id: "bob" },
  { kind: "key", id: "machine" },
];
const START_MS = Date.UTC(2026, 0, 1);
const STEPS = 120;
const RESULTS_KEPT = 16;
const DATA_AGE_MAX_MS = 120_000;

/**
 * One random life of commands to one vehicle: losses, restarts, clocks that jump, a vehicle that moves, gateways that are
 * late, approvals that are withdrawn. It stands beside the rules and judges what leaves an antenna by itself.
 */
export function simulateHistory(seed: string): SimulatedHistory {
  const world = new World(seededRandom(seed));
  for (let step = 0; step < STEPS; step++) world.happen();
  world.calmDown();
  return world.outcome();
}

class World {
  readonly #random: Random;
  readonly #rows: Row[] = [];
  readonly #gateways = new Map<string, Gateway>(
    GATEWAYS.map((id) => [id, { queue: [], known: new Set(), clockAheadMs: 0 }]),
  );
  readonly #terminal = createTerminal();
  readonly #faults: string[] = [];
  readonly #handedOver = new Map<string, HandedOver>();
  #answers: { number: number; dueMs: number }[] = [];
  #results: { page: Page; isSent: boolean; atMs: number }[] = [];
  #report = { speed: 0, measuredAtMs: START_MS };
  #nowMs = START_MS;
  #networkAheadMs = 0;
  #nextCounter = 0;
  #nextSequence = 0;
  #begun = 0;
  #keyedUp = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  happen(): void {
    this.#nowMs += randomInteger(this.#random, 6_000);
    if (this.#chance(0.4))
      this.#report = { speed: this.#chance(0.6) ? 0 : 50, measuredAtMs: this.#nowMs };
    if (this.#chance(0.15)) this.#create();
    if (this.#chance(0.3)) this.#somebodyActs();
    this.#network();
    this.#gatewayWorks();
    this.#resultsCome();
    this.#answersCome();
    this.#clocksJump();
  }

  /** Two hours without news, after which every command must have come to its end. */
  calmDown(): void {
    this.#networkAheadMs = 0;
    for (let minute = 0; minute < 120; minute++) {
      this.#nowMs += 60_000;
      this.#network();
      GATEWAYS.forEach(() => {
        this.#gatewayWorks();
      });
      this.#resultsCome();
      this.#answersCome();
    }
  }

  outcome(): SimulatedHistory {
    for (const { command, number } of this.#rows) {
      const { state } = command;
      const acted = this.#terminal.acted.get(number) ?? 0;
      const isUnsent = state === "refused" || state === "expired";
      if (!isFinal(state)) this.#faults.push(`${number} has no end: ${state}`);
      if (acted > 1) this.#faults.push(`${number} was done ${acted} times`);
      if (state === "done" && acted === 0) this.#faults.push(`${number} was never done`);
      if (isUnsent && acted > 0) this.#faults.push(`${number} is ${state} and was done`);
    }
    const states = Map.groupBy(this.#rows, ({ command }) => command.state);
    return {
      ...{ faults: this.#faults, keyedUp: this.#keyedUp, acted: this.#terminal.acted.size },
      states: Object.fromEntries([...states].map(([state, rows]) => [state, rows.length])),
    };
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[randomInteger(this.#random, all.length)];
  }

  #networkMs(): number {
    return this.#nowMs + this.#networkAheadMs;
  }

  #step(row: Row, input: CommandInput): boolean {
    // what a row of the database holds is all that a restart leaves
    const stored = JSON.parse(JSON.stringify(row.command)) as Command; // written in the same line
    const stepped = stepCommand(stored, input, this.#networkMs());
    if (!stepped.ok) return false;
    if (isFinal(row.command.state)) this.#faults.push(`${row.number} changed after its end`);
    const isApproval = row.command.approvedAtMs === null && stepped.command.approvedAtMs !== null;
    if (isApproval && this.#networkAheadMs === 0)
      row.mustEndByMs = this.#nowMs + row.command.expiryS * 1000;
    row.command = stepped.command;
    return true;
  }

  #judge({ command }: Row): Judgement {
    const { speed, measuredAtMs } = this.#report;
    return command.safetyClass === "dangerous"
      ? judgeEnvelope(STANDS_STILL, vehicleAt(speed, measuredAtMs), this.#networkMs())
      : { ok: true, holdsUntilMs: Infinity };
  }

  #create(): void {
    const isDangerous = this.#chance(0.6);
    const expiryS = isDangerous ? 120 : 600;
    const asked = {
      safetyClass: isDangerous ? ("dangerous" as const) : ("operational" as const),
      secondPerson: isDangerous,
      createdBy: this.#pick(PEOPLE) ?? { kind: "system" as const, id: "x" },
      expiryS,
    };
    this.#rows.push({
      command: createCommand(asked, this.#networkMs()),
      number: this.#rows.length,
      ...{ approver: undefined, isWithdrawn: false, ordinal: undefined },
      mustEndByMs:
        isDangerous || this.#networkAheadMs !== 0 ? undefined : this.#nowMs + expiryS * 1000,
    });
  }

  #somebodyActs(): void {
    const row = this.#pick(this.#rows);
    const by = this.#pick(PEOPLE);
    if (row === undefined || by === undefined) return;
    if (this.#chance(0.7)) {
      if (this.#step(row, { type: "approve", by }) && row.command.state === "approved")
        row.approver = by;
    } else if (
      this.#step(row, this.#chance(0.5) ? { type: "withdraw", by } : { type: "supersede" })
    )
      row.isWithdrawn = true;
  }

  #network(): void {
    const isCrashing = this.#chance(0.1);
    const open = this.#rows.filter(({ command }) => !isFinal(command.state));
    for (const row of open.sort(
      (a, b) => priorityOfClass(b.command) - priorityOfClass(a.command),
    )) {
      if (isCrashing && this.#chance(0.3)) return; // the rest is done after the restart
      if (row.command.state === "approved")
        this.#step(row, { type: "queue", judgement: this.#judge(row) });
      else if (row.command.state === "queued") this.#schedule(row);
      for (const id of Object.keys(row.command.attempt?.gateways ?? {}))
        if (this.#chance(0.7)) this.#handOver(row, id);
      this.#step(row, { type: "tick" });
    }
  }

  #schedule(row: Row): void {
    const others = this.#rows.filter((other) => other !== row && !isFinal(other.command.state));
    const commands = others.map(({ command }) => command);
    if (!mayBegin(row.command, commands)) return;
    const isScheduled = this.#step(row, {
      type: "schedule",
      judgement: this.#judge(row),
      gateways: GATEWAYS.slice(0, 1 + Math.min(row.command.attempts, 2)),
      downCounter: this.#nextCounter,
      session: 1,
      pageSequence: this.#nextSequence,
      othersSince: this.#begun - (row.ordinal ?? this.#begun),
    });
    if (!isScheduled || row.command.state !== "scheduled") return;
    this.#nextCounter += 1;
    if (row.ordinal !== undefined) return;
    this.#nextSequence = (this.#nextSequence + 1) % 128;
    row.ordinal = ++this.#begun;
  }

  #handOver(row: Row, gatewayId: string): void {
    if (pageAt(row, gatewayId) !== "waiting") return;
    const judgement = this.#judge(row);
    this.#step(row, { type: "hand-over", judgement, gatewayId });
    const { attempt, pageSequence, attempts } = row.command;
    if (pageAt(row, gatewayId) !== "handed" || attempt === null || pageSequence === null) return;
    const id = `${row.number}-${attempts}-${gatewayId}`;
    if (row.isWithdrawn) this.#faults.push(`${id} went out when withdrawn`);
    this.#handedOver.set(id, { ...this.#report, isClockRight: this.#networkAheadMs === 0 });
    const page: Page = {
      ...{ id, number: row.number, gatewayId, counter: attempt.downCounter },
      ...{ sequence: pageSequence },
      expiresAtMs: pageExpiresAtMs(row.command, judgement, this.#networkMs()),
    };
    if (this.#chance(0.9)) this.#deliver(page); // else the process died before it published
    if (this.#chance(0.1)) this.#deliver(page);
  }

  #deliver(page: Page): void {
    const lateMs = randomInteger(this.#random, this.#chance(0.1) ? 300_000 : 4_000);
    this.#gateways.get(page.gatewayId)?.queue.push({ page, dueMs: this.#nowMs + lateMs });
  }

  #gatewayWorks(): void {
    const gateway = this.#gateways.get(this.#pick(GATEWAYS) ?? "a");
    if (gateway === undefined) return;
    if (this.#chance(0.03)) gateway.queue.splice(0); // killed
    if (this.#chance(0.03)) gateway.known.clear(); // and so it no longer knows what it has sent
    for (const one of gateway.queue.filter(({ dueMs }) => dueMs <= this.#nowMs)) {
      gateway.queue.splice(gateway.queue.indexOf(one), 1);
      if (gateway.known.has(one.page.id)) continue;
      gateway.known.add(one.page.id);
      const isDue = this.#nowMs + gateway.clockAheadMs < one.page.expiresAtMs;
      const isSent = isDue && this.#chance(0.95);
      if (isSent) this.#keyUp(one.page, gateway);
      if (this.#chance(0.9)) this.#results.push({ page: one.page, isSent, atMs: this.#nowMs });
    }
  }

  /** The oracle: a page leaves the antenna, and what may be asked of that is asked of the true world. */
  #keyUp(page: Page, gateway: Gateway): void {
    this.#keyedUp += 1;
    const row = this.#rows[page.number];
    const handed = this.#handedOver.get(page.id);
    if (row === undefined || handed === undefined) {
      this.#faults.push(`${page.id} was never handed over`);
      return;
    }
    this.#ask(page, gateway, { row, handed });
    this.#terminal.hear(page, this.#chance(0.75), () => {
      if (this.#chance(0.2)) return;
      const lateMs = randomInteger(this.#random, this.#chance(0.1) ? 600_000 : 9_000);
      this.#answers.push({ number: page.number, dueMs: this.#nowMs + lateMs });
    });
  }

  #ask(page: Page, gateway: Gateway, { row, handed }: { row: Row; handed: HandedOver }): void {
    const { command, mustEndByMs = Infinity } = row;
    const isTimeRight = gateway.clockAheadMs === 0;
    const ageMs = this.#nowMs - handed.measuredAtMs;
    const isOld = ageMs > DATA_AGE_MAX_MS && isTimeRight && handed.isClockRight;
    if (isTimeRight && this.#nowMs > mustEndByMs) this.#faults.push(`${page.id} went out late`);
    if (command.secondPerson && !isApproved(row)) this.#faults.push(`${page.id} was not approved`);
    if (command.safetyClass === "dangerous" && (handed.speed >= 5 || isOld))
      this.#faults.push(`${page.id} went out against its precondition`);
  }

  #resultsCome(): void {
    for (const { page, isSent, atMs } of this.#results.splice(0)) {
      const row = this.#rows[page.number];
      // an attempt's result belongs to that attempt alone
      if (row?.command.attempt?.downCounter !== page.counter) continue;
      const what = { page: isSent ? "sent" : "unsent", endsAtMs: atMs } as const;
      this.#step(row, { type: "paged", gatewayId: page.gatewayId, ...what });
    }
  }

  #answersCome(): void {
    const due = this.#answers.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#answers = this.#answers.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { number } of due) {
      const row = this.#rows[number];
      if (row) this.#step(row, { type: "answer", result: "done" });
    }
  }

  #clocksJump(): void {
    if (this.#chance(0.02))
      this.#networkAheadMs = randomInteger(this.#random, 7_200_000) - 3_600_000;
    if (this.#chance(0.1)) this.#networkAheadMs = 0;
    const gateway = this.#gateways.get(this.#pick(GATEWAYS) ?? "a");
    if (gateway && this.#chance(0.01))
      gateway.clockAheadMs = randomInteger(this.#random, 600_000) - 300_000;
    if (gateway && this.#chance(0.1)) gateway.clockAheadMs = 0;
  }
}

/** A terminal as the air interface has it: counters once, the last 16 results kept over everything. */
function createTerminal() {
  const used = new Set<number>();
  let kept: { sequence: number; number: number }[] = [];
  const acted = new Map<number, number>();
  return {
    acted,
    hear(page: Page, isReceived: boolean, answer: () => void): void {
      if (!isReceived || used.has(page.counter)) return;
      used.add(page.counter);
      const known = kept.some(
        ({ sequence, number }) => sequence === page.sequence && number === page.number,
      );
      if (!known) {
        const others = kept.filter(({ sequence }) => sequence !== page.sequence);
        kept = [...others, { sequence: page.sequence, number: page.number }].slice(-RESULTS_KEPT);
        acted.set(page.number, (acted.get(page.number) ?? 0) + 1);
      }
      answer();
    },
  };
}
