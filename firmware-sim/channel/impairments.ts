/** What the simulated air does to a burst. */
export interface Impairments {
  readonly noise: boolean;
  /** Without it a bit under two hops is lost, however strong one of them is. */
  readonly captureEffect: boolean;
  readonly pathLoss: boolean;
  readonly shadowingDb: number;
  /** Once a frame and site: people, vehicles, leaves. */
  readonly frameFadingDb: number;
  /** Once a hop and site: the channel's frequency selectivity. */
  readonly hopFadingDb: number;
  readonly lostHopShare: number;
  readonly crystalPpm: number;
  /** What a real demodulator loses against the ideal one. */
  readonly demodulatorLossDb: number;
  readonly falseHeadersPerHour: number;
  /** Share of places from which a site is reached by a detour only, and its mean. */
  readonly detourShare: number;
  readonly detourNs: number;
}

export const CITY: Impairments = {
  noise: true,
  captureEffect: true,
  pathLoss: true,
  shadowingDb: 7,
  frameFadingDb: 1.5,
  hopFadingDb: 2,
  lostHopShare: 0.01,
  crystalPpm: 0.8,
  demodulatorLossDb: 2,
  falseHeadersPerHour: 20,
  detourShare: 0.6,
  detourNs: 500,
};

/** The ground of collision studies: hops collide and nothing else happens. */
export const COLLISIONS_ONLY: Impairments = {
  noise: false,
  captureEffect: false,
  pathLoss: false,
  shadowingDb: 0,
  frameFadingDb: 0,
  hopFadingDb: 0,
  lostHopShare: 0,
  crystalPpm: 0,
  demodulatorLossDb: 0,
  falseHeadersPerHour: 0,
  detourShare: 0,
  detourNs: 0,
};
