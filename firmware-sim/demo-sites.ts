import type { AirSite } from "./channel/propagation.ts";
import type { ClockFault } from "./channel/site-clock.ts";
import { LOOKOUTS } from "./streets/landmarks.ts";

export interface GatewaySite extends AirSite, ClockFault {
  readonly name: string;
  readonly nameZh: string;
}

const HEIGHTS_M = [180, 120, 90, 70];
const CLOCKS: readonly ClockFault[] = [
  { clockErrorNs: 40, clockDriftPpb: 0.02 },
  { clockErrorNs: -65, clockDriftPpb: 0.01 },
  { clockErrorNs: 120, clockDriftPpb: -0.03 },
  { clockErrorNs: -20, clockDriftPpb: 0.02 },
];

/** The demonstration's four gateways. */
export const demoSites: readonly GatewaySite[] = LOOKOUTS.map((place, index) => ({
  id: `gw-${index + 1}`,
  ...place,
  antennaM: HEIGHTS_M[index] ?? 60,
  ...(CLOCKS[index] ?? { clockErrorNs: 0, clockDriftPpb: 0 }),
}));
