import { randomInteger } from "../../base/random.ts";
import type { BusLine, BusSeat } from "../bus-lines.ts";
import {
  type Drive,
  type Fix,
  fixOf,
  type Halt,
  isInTunnel,
  startDrive,
  stepDrive,
} from "../drive.ts";
import {
  type Actor,
  busyness,
  type Decision,
  repeat,
  routine,
  type SimReport,
  type Stage,
  uniform,
} from "./behaviour.ts";
import { redLights } from "./red-lights.ts";

const REPORT_S = 15;
const SEATS = 70;
const TERMINUS_WAIT_S = 90;
const PANIC_LASTS_S = 180;
/** The timetable's speed, stops and lights included. */
const PLANNED_MS = 5.2;

/** A bus goes up and down its line all day, keeps its stops, fills and empties. */
export class Bus implements Actor {
  readonly reportEvery: Actor["reportEvery"];
  readonly #stage: Stage;
  readonly #line: BusLine;
  readonly #headwayPlanS: number;
  #drive: Drive;
  #isOutward = true;
  #stopsM: readonly number[];
  #stop = 0;
  #passengers: number;
  #doorOpen = false;
  #visit: { boarded: number; alighted: number; dwell: number } | undefined;
  #plannedM: number;
  #headwayS: number;

  constructor(stage: Stage, { line, order, count }: BusSeat) {
    this.#stage = stage;
    this.#line = line;
    this.#stopsM = line.outStopsM;
    this.#drive = this.#depart((line.out.metres * order) / count);
    this.#plannedM = this.#drive.metres;
    this.#passengers = randomInteger(stage.random, 40);
    this.#headwayPlanS = (2 * line.out.metres) / PLANNED_MS / Math.max(1, count);
    this.#headwayS = this.#headwayPlanS * uniform(stage.random, 0.7, 1.3);
    repeat(stage, stage.random.next(), () => this.#second());
    this.reportEvery = routine(stage, REPORT_S, this.now);
  }

  now = () => {
    const { latitude, longitude, heading, speedKmh } = this.place();
    const values = {
      latitude,
      longitude,
      speed: speedKmh,
      heading,
      route: this.#line.number,
      direction: this.#isOutward ? "outbound" : "inbound",
      stop: this.#stop,
      door: this.#doorOpen,
      passengers: this.#passengers,
      delay: this.#delayS(),
      headway: this.#headwayS,
    };
    return { name: "position", values };
  };

  place(): Fix {
    return fixOf(this.#drive);
  }

  covered = (): boolean => !isInTunnel(this.#stage.streets, this.#drive);

  memory = () => ({});

  decide(command: string): Decision {
    return command === "driver-message" ? () => undefined : "unsupported"; // it is shown to the driver
  }

  readonly buttons = {
    panic: () => {
      this.#stage.report(this.rehearse());
      this.#stage.after(PANIC_LASTS_S, () => {
        this.#stage.report({ name: "alarm", values: this.#alarm(false) });
      });
    },
  };

  rehearse(): SimReport {
    return { name: "alarm", values: this.#alarm(true), emergency: true };
  }

  #alarm(panic: boolean) {
    const calm = { crash: false, fire: false, assistance: false, faultCode: 0 };
    return { ...this.now().values, ...calm, panic };
  }

  #second(): number {
    this.#plannedM += PLANNED_MS;
    const wasWaiting = this.#drive.waitS > 0;
    this.#drive = stepDrive(this.#drive);
    if (!wasWaiting && this.#drive.waitS > 0 && this.#isAtStop()) this.#openDoor();
    else if (this.#doorOpen && this.#drive.waitS <= 2) this.#closeDoor();
    if (this.#drive.finished) this.#turnRound();
    return 1;
  }

  #isAtStop(): boolean {
    return this.#stopsM.some((metres) => Math.abs(metres - this.#drive.metres) < 1);
  }

  #openDoor(): void {
    const { random } = this.#stage;
    this.#doorOpen = true;
    this.#stop += 1;
    const out = Math.round(this.#passengers * uniform(random, 0.05, 0.3));
    const crowd = Math.round(uniform(random, 0, 4 + 12 * busyness(this.#stage.nowMs())));
    const left = this.#passengers - out;
    const boarded = Math.min(crowd, SEATS - left);
    this.#passengers = left + boarded;
    this.#visit = { boarded, alighted: out, dwell: this.#drive.waitS };
    const drift = uniform(random, -25, 25) + 0.05 * (this.#headwayPlanS - this.#headwayS);
    this.#headwayS = Math.max(30, this.#headwayS + drift);
  }

  #closeDoor(): void {
    this.#doorOpen = false;
    if (!this.#visit) return;
    this.#stage.report({ name: "stop-visit", values: { ...this.now().values, ...this.#visit } });
    this.#visit = undefined;
  }

  #turnRound(): void {
    this.#passengers = 0;
    this.#doorOpen = true;
    this.#isOutward = !this.#isOutward;
    this.#stopsM = this.#isOutward ? this.#line.outStopsM : this.#line.backStopsM;
    this.#stop = 0;
    this.#drive = { ...this.#depart(0), waitS: TERMINUS_WAIT_S };
    // A late bus makes up for it at the terminus, an early one waits.
    this.#plannedM = -TERMINUS_WAIT_S * PLANNED_MS;
  }

  #depart(fromM: number): Drive {
    const { random } = this.#stage;
    const route = this.#isOutward ? this.#line.out : this.#line.back;
    const stops = this.#stopsM.map((atM): Halt => ({ atM, waitS: uniform(random, 12, 35) }));
    const halts = [...stops, ...redLights(random, route)]
      .filter(({ atM }) => atM > fromM + 5 && atM < route.metres - 5)
      .sort((a, b) => a.atM - b.atM);
    return { ...startDrive(route, 0.72, halts), metres: fromM };
  }

  /** Behind its timetable in seconds; negative when early. */
  #delayS(): number {
    return (this.#plannedM - this.#drive.metres) / PLANNED_MS;
  }
}
