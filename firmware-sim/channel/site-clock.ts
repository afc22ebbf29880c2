/** How a site's clock goes wrong. */
export interface ClockFault {
  /** At the start of the simulation; positive when the clock is ahead. */
  readonly clockErrorNs: number;
  readonly clockDriftPpb: number;
}

export interface SiteClock {
  /** What the site's clock shows at this true time. */
  shown(trueNs: bigint): bigint;
  /** The true time when the site's clock shows this. */
  trueAt(shownNs: bigint): bigint;
  errorNs(trueNs: bigint): bigint;
}

const PPB = 1_000_000_000;

export function siteClock(fault: ClockFault, epochNs: bigint): SiteClock {
  const errorNs = (ns: bigint): bigint =>
    BigInt(Math.round(fault.clockErrorNs + (Number(ns - epochNs) * fault.clockDriftPpb) / PPB));
  return {
    shown: (trueNs) => trueNs + errorNs(trueNs),
    // a drift of parts per billion changes the error by less than a nanosecond over the error itself
    trueAt: (shownNs) => shownNs - errorNs(shownNs),
    errorNs,
  };
}
