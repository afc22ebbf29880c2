import { placeNormal } from "./noise.ts";

/** What one hop brings to the bits asked: its amplitude, and which of its bits falls on the first one asked. */
export interface HopSignal {
  /** In units where the receiver's noise has deviation 1, so that the raw bit error rate is Q(amplitude). */
  readonly amplitude: number;
  /** The hop's bits as 0 and 1. */
  readonly bits: Uint8Array;
  readonly bitAtFirst: number;
  /** Phase against the receiver at the first bit and its turn per bit, in radians. */
  readonly phase: number;
  readonly turnPerBit: number;
}

export interface NoisePlace {
  readonly key: number;
  /** Number of the first bit since the start of time, and the carrier: the noise is that of this place. */
  readonly firstBit: number;
  readonly carrier: number;
}

/** Steps per unit of log-likelihood: 127 is reached at a likelihood ratio of e^15.9. */
const STEPS_PER_LLR = 8;
export const SOFT_MAX = 127;

/**
 * A demodulator that locks on to the strongest hop it sees in a bit (FM capture), knows the noise and the other hops'
 * powers, and states the log-likelihood of that bit. The weaker hop's bits come out wrong and sure, as on the air.
 */
export function softBits(
  signals: readonly HopSignal[],
  bits: number,
  noise: NoisePlace | undefined,
): Int8Array {
  const soft = new Int8Array(bits);
  for (let bit = 0; bit < bits; bit++) {
    const normal = noise ? placeNormal(noise.key, noise.firstBit + bit, noise.carrier) : 0;
    soft[bit] = softBit(signals, bit, normal);
  }
  return soft;
}

/** A hop's first guard bit is smeared by the retuning, so it carries nothing. */
const sends = (signal: HopSignal, bit: number): boolean => {
  const own = signal.bitAtFirst + bit;
  return own > 0 && own < signal.bits.length;
};

function softBit(signals: readonly HopSignal[], bit: number, normal: number): number {
  let strongest: HopSignal | undefined;
  for (const signal of signals) {
    if (sends(signal, bit) && signal.amplitude > (strongest?.amplitude ?? 0)) strongest = signal;
  }
  if (!strongest) return clamp(normal); // the demodulator takes noise for a signal as strong as noise
  let received = strongest.amplitude * symbolOf(strongest, bit) + normal;
  let disturbance = 1;
  for (const other of signals) {
    if (other === strongest || !sends(other, bit)) continue;
    const phase = other.phase - strongest.phase + (other.turnPerBit - strongest.turnPerBit) * bit;
    received += other.amplitude * symbolOf(other, bit) * Math.cos(phase);
    disturbance += other.amplitude ** 2;
  }
  return clamp((2 * strongest.amplitude * received) / disturbance);
}

const symbolOf = (signal: HopSignal, bit: number): number =>
  signal.bits[signal.bitAtFirst + bit] === 1 ? 1 : -1;

const clamp = (llr: number): number =>
  Math.max(-SOFT_MAX, Math.min(SOFT_MAX, Math.round(llr * STEPS_PER_LLR)));

/** For collision studies: no noise, no capture; a bit under more than one hop is lost and any other is sure. */
export function collidedBits(signals: readonly HopSignal[], bits: number): Int8Array {
  const soft = new Int8Array(bits);
  for (let bit = 0; bit < bits; bit++) {
    const senders = signals.filter((signal) => sends(signal, bit));
    const only = senders.length === 1 ? senders[0] : undefined;
    soft[bit] = only ? SOFT_MAX * symbolOf(only, bit) : 0;
  }
  return soft;
}
