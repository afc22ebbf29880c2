import { randomInteger } from "../../base/random.ts";
import { type Drive, type Fix, fixOf, isInTunnel, startDrive, stepDrive } from "../drive.ts";
import { distance } from "../streets/plane.ts";
import type { Route } from "../streets/route.ts";
import {
  type Actor,
  busyness,
  type Decision,
  REPORT_S_MIN,
  randomWait,
  repeat,
  type SimReport,
  type Stage,
  uniform,
} from "./behaviour.ts";
import { redLights } from "./red-lights.ts";
import { panic, tellStory } from "./vehicle-stories.ts";

const MOVING_REPORT_S = 12;
const PARKED_REPORT_S = 300;
/** A receiver that believes it moves says so. */
const BAD_SKY_REPORT_S = 30;
const METRES_PER_DEGREE = 111_195;
const TRIP_MIN_M = 2_500;
const TRIP_MAX_M = 14_000;
const BREAKDOWN_MEAN_S = 40 * 3600;
const GARAGE_SHARE = 0.08;
const IMMOBILISE_BELOW_KMH = 5;
// OBD-II: misfire, hot engine, low voltage, thermostat, gearbox
const HOT_ENGINE = 0x0217;
const RANGE_KM = 520;
const LITRES_PER_KM = 0.074;
const FAULT_CODES = [0x0301, HOT_ENGINE, 0x0562, 0x0128, 0x0700];

export type VehicleMode = "parked" | "driving" | "broken-down" | "stolen";
export type VehicleAlarm = "assistance" | "panic" | "tamper" | "tow" | "crash";

/** A car's day: parked, trips over the streets, now and then a breakdown; some seats of the fleet have a story of their own. */
export class Vehicle implements Actor {
  readonly #stage: Stage;
  readonly #pace: number;
  readonly #alarms = new Set<VehicleAlarm>();
  readonly #batteryV: number;
  #mode: VehicleMode = "parked";
  #drive: Drive | undefined;
  #node: number;
  #odometerM: number;
  #faultCode = 0;
  #immobilised = false;
  #inGarage = false;
  #badSkyM = 0;
  #reportIntervalS = MOVING_REPORT_S;
  #sinceReportS: number;
  #trip = { startM: 0, startMs: 0, topKmh: 0, idleS: 0 };

  constructor(stage: Stage) {
    const { random, streets, terminal, memory } = stage;
    this.#stage = stage;
    this.#pace = uniform(random, 0.75, 0.95);
    this.#batteryV = uniform(random, 12.3, 12.8);
    const remembered = memory["node"] ?? -1;
    this.#node = streets.nodes[remembered] ? remembered : streets.nearestNode(terminal);
    this.#odometerM = memory["odometerM"] ?? uniform(random, 8e6, 180e6);
    this.#sinceReportS = uniform(random, 0, MOVING_REPORT_S);
    repeat(stage, random.next(), () => this.#second());
    repeat(stage, randomWait(random, BREAKDOWN_MEAN_S), () => {
      this.breakDown();
      return randomWait(random, BREAKDOWN_MEAN_S);
    });
    const isWaiting = tellStory(stage, this);
    const isBusy = random.next() < 0.3 + 0.5 * busyness(stage.nowMs());
    const firstS = uniform(random, 0, 40);
    if (isWaiting) {
      this.#sinceReportS = PARKED_REPORT_S - firstS; // it is known to be parked before anything happens to it
      return;
    }
    if (!isBusy) this.#parkAndWait();
    else {
      stage.after(firstS, () => {
        this.leave();
      });
    }
  }

  get mode(): VehicleMode {
    return this.#mode;
  }

  now = () => ({ name: "position", values: this.#position() });

  place(): Fix {
    if (this.#drive) return fixOf(this.#drive);
    return { ...this.#stage.streets.placeOf(this.#node), heading: 0, speedKmh: 0, limitKmh: 30 };
  }

  covered(): boolean {
    if (this.#mode === "parked" && this.#inGarage) return false;
    return !(this.#drive && isInTunnel(this.#stage.streets, this.#drive));
  }

  memory = () => ({
    node: this.#drive?.route.toNode ?? this.#node,
    odometerM: Math.round(this.#odometerM),
  });

  decide(command: string): Decision {
    switch (command) {
      case "immobilise":
        if (this.place().speedKmh > IMMOBILISE_BELOW_KMH) return "unsafe-now";
        return () => {
          this.#immobilise(true);
        };
      case "restore":
        return () => {
          this.#immobilise(false);
        };
      default:
        return "unsupported";
    }
  }

  readonly buttons = {
    panic: () => {
      panic(this.#stage, this);
    },
  };

  rehearse(): SimReport {
    const values = { ...this.#position(), ...this.#flags(), panic: true };
    return { name: "alarm", values, emergency: true };
  }

  reportEvery(seconds: number): void {
    this.#reportIntervalS = seconds === 0 ? MOVING_REPORT_S : Math.max(REPORT_S_MIN, seconds);
  }

  /** Sets off on a trip of its own choice. */
  leave(): void {
    if (this.#mode === "parked") this.#setOff("driving");
  }

  breakDown(): void {
    if (this.#mode !== "driving" || !this.#drive) return;
    const { random } = this.#stage;
    this.#mode = "broken-down";
    this.#drive = { ...this.#drive, speedMs: 0 };
    this.#faultCode = FAULT_CODES[randomInteger(random, FAULT_CODES.length)] ?? 1;
    this.#stage.after(20, () => {
      this.raise("assistance");
    });
    this.#stage.after(uniform(random, 900, 1_500), () => {
      this.#faultCode = 0;
      this.#mode = "driving";
      this.clear("assistance");
    });
  }

  /** Towed or driven away without its key. */
  steal(): void {
    if (this.#mode === "parked") this.#setOff("stolen");
  }

  raise(alarm: VehicleAlarm): void {
    this.#alarms.add(alarm);
    const values = this.#position();
    this.#stage.report({ name: "alarm", values: { ...values, ...this.#flags() }, emergency: true });
  }

  loseSky(withinM: number): void {
    this.#badSkyM = withinM;
  }

  clear(...alarms: VehicleAlarm[]): void {
    for (const alarm of alarms) this.#alarms.delete(alarm);
    this.#tellStatus();
  }

  #immobilise(wanted: boolean): void {
    this.#immobilised = wanted;
    this.#tellStatus();
  }

  #second(): number {
    if (this.#isMoving) this.#driveOn();
    this.#sinceReportS += 1;
    if (this.#sinceReportS >= this.#everyS) {
      this.#sinceReportS = uniform(this.#stage.random, -2, 2);
      this.#stage.report(this.now());
    }
    return 1;
  }

  get #everyS(): number {
    if (this.#isMoving) return this.#reportIntervalS;
    return this.#badSkyM > 0 ? BAD_SKY_REPORT_S : PARKED_REPORT_S;
  }

  get #isMoving(): boolean {
    return this.#mode === "driving" || this.#mode === "stolen";
  }

  #driveOn(): void {
    if (!this.#drive) return;
    const before = this.#drive.metres;
    this.#drive = stepDrive(this.#drive);
    this.#odometerM += this.#drive.metres - before;
    this.#trip.topKmh = Math.max(this.#trip.topKmh, this.#drive.speedMs * 3.6);
    if (this.#drive.waitS > 0) this.#trip.idleS += 1;
    if (this.#drive.finished) this.#arrive();
  }

  #setOff(mode: "driving" | "stolen"): void {
    const route = this.#immobilised ? undefined : this.#planTrip();
    if (!route) {
      this.#parkAndWait();
      return;
    }
    this.#mode = mode;
    this.#inGarage = false;
    this.#drive = startDrive(route, this.#pace, redLights(this.#stage.random, route));
    this.#trip = { startM: this.#odometerM, startMs: this.#stage.nowMs(), topKmh: 0, idleS: 0 };
    if (mode === "driving") this.tellEvent("ignition-on");
  }

  #arrive(): void {
    const { random } = this.#stage;
    const wasDriving = this.#mode === "driving";
    if (this.#drive) this.#node = this.#drive.route.toNode;
    this.#drive = undefined;
    this.#mode = "parked";
    if (wasDriving) this.#tellTrip();
    this.#inGarage = wasDriving && random.next() < GARAGE_SHARE;
    this.#parkAndWait();
  }

  #parkAndWait(): void {
    const { random } = this.#stage;
    const meanS = 1_500 - 1_100 * busyness(this.#stage.nowMs());
    this.#stage.after(60 + randomWait(random, meanS), () => {
      this.leave();
    });
  }

  #planTrip(): Route | undefined {
    const { random, streets } = this.#stage;
    const from = streets.nodes[this.#node]?.point;
    for (let attempt = 0; from && attempt < 30; attempt++) {
      const goal = randomInteger(random, streets.nodes.length);
      const there = streets.nodes[goal]?.point;
      const metres = there ? distance(from, there) : 0;
      if (metres > TRIP_MIN_M && metres < TRIP_MAX_M) return streets.route(this.#node, goal);
    }
    return undefined;
  }

  #tellStatus(): void {
    this.#sinceReportS = 0;
    const values = { ...this.#position(), ...this.#flags(), ...this.#engine() };
    this.#stage.report({ name: "status", values });
  }

  tellEvent(event: string): void {
    this.#sinceReportS = 0;
    this.#stage.report({ name: "event", values: { ...this.#position(), event, strength: null } });
  }

  #tellTrip(): void {
    this.#sinceReportS = 0;
    const { startM, startMs, topKmh, idleS } = this.#trip;
    const tripDistance = (this.#odometerM - startM) / 1000;
    const values = {
      ...this.#position(),
      tripDistance,
      tripDuration: (this.#stage.nowMs() - startMs) / 60_000,
      tripIdle: idleS / 60,
      tripTopSpeed: topKmh,
      tripFuel: tripDistance * LITRES_PER_KM,
      harshEvents: 0,
    };
    this.#stage.report({ name: "trip", values });
  }

  #engine() {
    const isOn = this.#mode === "driving";
    const { speedKmh } = this.place();
    return {
      fuel: 100 * (1 - ((this.#odometerM / 1000) % RANGE_KM) / RANGE_KM),
      engineSpeed: isOn ? 800 + 22 * speedKmh : 0,
      coolant: isOn ? (this.#faultCode === HOT_ENGINE ? 118 : 88) : 35,
      backupBattery: 100,
    };
  }

  #position() {
    const { heading, speedKmh } = this.place();
    const ignition = this.#mode === "driving";
    const battery = this.#batteryV + (ignition ? 1.5 : 0);
    const odometer = this.#odometerM / 1000;
    const sky = { satellites: 11, hdop: 0.9, fix: "three-dimensional" };
    const motion = { speed: speedKmh, heading, ignition, battery, odometer };
    return { ...this.#fix(), ...motion, ...sky };
  }

  #fix() {
    const { latitude, longitude } = this.place();
    if (this.#badSkyM === 0) return { latitude, longitude };
    const { random } = this.#stage;
    const off = (): number => uniform(random, -this.#badSkyM, this.#badSkyM) / METRES_PER_DEGREE;
    return { latitude: latitude + off(), longitude: longitude + off() };
  }

  #flags() {
    const has = (alarm: VehicleAlarm): boolean => this.#alarms.has(alarm);
    return {
      assistance: has("assistance"),
      panic: has("panic"),
      tamper: has("tamper"),
      tow: has("tow"),
      crash: has("crash"),
      faultCode: this.#faultCode,
      immobilised: this.#immobilised,
      impact: null,
    };
  }
}
