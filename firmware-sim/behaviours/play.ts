import { busSeat } from "../bus-lines.ts";
import type { SimProfile } from "../fleet.ts";
import type { Play } from "./behaviour.ts";
import { playBillboard } from "./billboard.ts";
import { Bus } from "./bus.ts";
import { playElevator } from "./elevator.ts";
import { playGroundwater } from "./groundwater.ts";
import { playHomeAlarm } from "./home-alarm.ts";
import { playPayment } from "./payment.ts";
import { playSiren } from "./siren.ts";
import { playStreetlight } from "./streetlight.ts";
import { Vehicle } from "./vehicle.ts";

/** How each profile's thing behaves. A bus shares its line with the others of a fleet of so many, one at least. */
export const playsFor = (buses: number): Readonly<Record<SimProfile, Play>> => ({
  vehicle: (stage) => new Vehicle(stage),
  bus: (stage) => new Bus(stage, busSeat(stage.terminal.seat % buses, buses, stage.busLines)),
  streetlight: playStreetlight,
  elevator: playElevator,
  groundwater: playGroundwater,
  billboard: playBillboard,
  siren: playSiren,
  "home-alarm": playHomeAlarm,
  payment: playPayment,
});
