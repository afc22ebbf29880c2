import type { Random } from "../../base/random.ts";
import type { CaseButton } from "../../domain/devices/simulated-terminal.ts";
import type { PageResult } from "../../protocol/packet/packet.ts";
import type { FieldValue, FieldValues } from "../../protocol/report/report.ts";
import type { BusLine } from "../bus-lines.ts";
import type { SimTerminal } from "../fleet.ts";
import { createHeap } from "../heap.ts";
import type { Place } from "../streets/plane.ts";
import type { Streets } from "../streets.ts";

/** An enum by its label; null where the terminal does not know. */
export type SimValue = number | boolean | string | null;
export type SimValues = Readonly<Record<string, SimValue>>;

export interface SimReport {
  readonly name: string;
  readonly values: SimValues;
  readonly emergency?: boolean;
  readonly confirm?: boolean;
  /** Only a rehearsal; the packet says so. */
  readonly drill?: boolean;
}

/** What one kind of thing does all day. Its time is virtual and its chances come from its own seed. */
export interface Actor {
  /** A routine report of this moment. */
  now(): SimReport;
  place(): Place;
  /** False in tunnels and garages, where nothing gets out. */
  covered?(): boolean;
  /** Decides and changes nothing: what is to be done comes back and is called once the answer is saved. */
  decide(command: string, values: FieldValues): Decision;
  /** What it would say if it did this in earnest; nothing is done. Without it, it says nothing. */
  rehearse?(command: string, values: FieldValues): SimReport;
  /** What somebody may press on it beside the button that attaches it. */
  readonly buttons?: AlarmButtons;
  /** The network asks for another report interval; 0 is the actor's own. */
  reportEvery(seconds: number): void;
  /** What must outlive a restart. */
  memory(): ActorMemory;
}

export type AlarmButtons = Readonly<Partial<Record<Exclude<CaseButton, "attach">, () => void>>>;

export type Decision = Exclude<PageResult, "done"> | (() => void);

export type ActorMemory = Readonly<Record<string, number>>;

/** What an actor has of the world. */
export interface Stage {
  readonly terminal: SimTerminal;
  readonly random: Random;
  readonly streets: Streets;
  readonly busLines: readonly BusLine[];
  /** From the last run, empty on the first. */
  readonly memory: ActorMemory;
  nowMs(): number;
  after(seconds: number, act: () => void): void;
  report(report: SimReport): void;
}

export interface Behaviour extends Omit<Actor, "decide" | "rehearse"> {
  readonly buttons: AlarmButtons;
  covered(): boolean;
  /** As the actor does; of a drill only what it would have said comes. */
  decide(command: string, values: FieldValues, isDrill: boolean): Decision;
  /** When it has something to do next. */
  nextMs(): number;
  /** Lives until then and tells what it reported on the way. */
  liveTo(ms: number): readonly { readonly atMs: number; readonly report: SimReport }[];
}

/** A frame lasts two to three seconds; whoever sends without a pause hears nobody. */
export const REPORT_S_MIN = 5;

export type Play = (stage: Stage) => Actor;
export type Setting = Omit<Stage, "nowMs" | "after" | "report"> & { readonly startMs: number };

export function perform(play: Play, setting: Setting): Behaviour {
  const agenda = createHeap<() => void>();
  let nowMs = setting.startMs;
  let reports: { readonly atMs: number; readonly report: SimReport }[] = [];
  const stage: Stage = {
    ...setting,
    nowMs: () => nowMs,
    after: (seconds, act) => {
      agenda.push(nowMs + Math.max(0, Math.round(seconds * 1000)), act);
    },
    report: (report) => {
      reports.push({ atMs: nowMs, report });
    },
  };
  const actor = play(stage);
  return {
    now: () => actor.now(),
    place: () => actor.place(),
    covered: () => actor.covered?.() ?? true,
    memory: () => actor.memory(),
    buttons: actor.buttons ?? {},
    reportEvery: (seconds) => {
      actor.reportEvery(seconds);
    },
    decide(command, values, isDrill) {
      const decision = decide(stage, actor, command, values);
      if (!isDrill || typeof decision !== "function") return decision;
      return () => {
        rehearse(stage, actor, command, values);
      };
    },
    nextMs: () => agenda.peek() ?? Infinity,
    liveTo(ms) {
      for (let due = agenda.peek(); due !== undefined && due <= ms; due = agenda.peek()) {
        const entry = agenda.pop();
        if (!entry) break;
        nowMs = Math.max(nowMs, entry.key);
        entry.value();
      }
      nowMs = Math.max(nowMs, ms);
      const told = reports;
      reports = [];
      return told;
    },
  };
}

/** What every type can do, and then what this one can. */
function decide(stage: Stage, actor: Actor, command: string, values: FieldValues): Decision {
  switch (command) {
    case "read-status":
    case "measure":
    case "locate":
      return () => {
        stage.report({ ...actor.now(), confirm: true });
      };
    case "report-interval":
      return () => {
        actor.reportEvery(Number(values["interval"]));
      };
    case "restart":
    case "send-day-totals":
    case "emergency-call-test":
    case "panic-test":
      return () => {
        stage.after(RESTART_S, () => {
          stage.report({ ...actor.now(), confirm: true });
        });
      };
    default: {
      const decision = actor.decide(command, values);
      return decision === "unsupported" && QUIET_COMMANDS.has(command) ? () => undefined : decision;
    }
  }
}

/** The call goes out as the real one would, after the time it takes to press a button. */
function rehearse(stage: Stage, actor: Actor, command: string, values: FieldValues): void {
  const rehearsed = actor.rehearse?.(command, values);
  if (rehearsed === undefined) return;
  stage.after(REHEARSE_S, () => {
    stage.report({ ...rehearsed, drill: true });
  });
}

const REHEARSE_S = 3;
const RESTART_S = 8;
/** Done by a terminal without that any of its reports says so. */
const QUIET_COMMANDS: ReadonlySet<string> = new Set([
  "assign-route",
  "block",
  "brightness",
  "bypass-zone",
  "calendar",
  "entry-delay",
  "reconcile",
  "show-text",
  "silence",
  "speed-limit",
  "unblock",
  "voice-comfort",
]);

/** Reports again and again, so many seconds apart; answers the function that changes that. */
export function routine(stage: Stage, ownS: number, now: () => SimReport): Actor["reportEvery"] {
  let turnNumber = 0;
  const start = (firstS: number, everyS: number): void => {
    const number = ++turnNumber;
    const turn = (): void => {
      if (number !== turnNumber) return;
      stage.report(now());
      stage.after(everyS * uniform(stage.random, 0.93, 1.07), turn);
    };
    stage.after(firstS, turn);
  };
  start(uniform(stage.random, 10, ownS), ownS);
  return (seconds) => {
    const everyS = seconds === 0 ? ownS : Math.max(REPORT_S_MIN, seconds);
    start(everyS, everyS);
  };
}

/** Calls `act` again and again; it says how many seconds until the next time. */
export function repeat(stage: Stage, firstS: number, act: () => number): void {
  const turn = (): void => {
    stage.after(act(), turn);
  };
  stage.after(firstS, turn);
}

/** What happens to one seat of the fleet: soon enough that whoever watches a start sees it, and again every few hours. */
export interface Story {
  readonly seat: number;
  readonly firstS: number;
}

const STORY_AGAIN_S = 6 * 3600;

export function tellStoryOf(stage: Stage, { seat, firstS }: Story, act: () => void): void {
  if (stage.terminal.seat !== seat) return;
  repeat(stage, firstS, () => {
    act();
    return STORY_AGAIN_S;
  });
}

/** A waiting time between events that come at random, `meanS` apart. */
export const randomWait = (random: Random, meanS: number): number =>
  -meanS * Math.log(1 - random.next());

export const uniform = (random: Random, from: number, to: number): number =>
  from + (to - from) * random.next();

/** A command's bool, which an enum of two may stand for. */
export const isTrue = (value: FieldValue | undefined): boolean => value === true || value === 1;

/** Hours of the day in Shanghai, 0 to below 24, fractions too. */
export const localHour = (ms: number): number => (ms / 3_600_000 + 8) % 24;

/** How busy the city is: two rush hours, a quiet night. */
export function busyness(ms: number): number {
  const hour = localHour(ms);
  const rush = (middle: number): number => Math.exp(-(((hour - middle) / 2) ** 2));
  const day = hour > 6 && hour < 22 ? 0.5 : 0.15;
  return Math.min(1, day + 0.5 * rush(8.5) + 0.5 * rush(18));
}
