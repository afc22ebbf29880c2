import { fileURLToPath } from "node:url";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import type { SentPacket } from "./sent-packet.ts";
import { createSimulator, type Simulator } from "./simulator.ts";
import { IN_MEMORY, openTerminalStorage, type TerminalStorage } from "./terminal-storage.ts";

export const profiles = loadProfiles(fileURLToPath(new URL("../profiles", import.meta.url)));
/** Noon in Shanghai. */
export const NOON_NS = BigInt(Date.UTC(2026, 4, 20, 4)) * 1_000_000n;
export const SECOND_NS = 1_000_000_000n;

export interface Simulation {
  readonly simulator: Simulator;
  readonly sent: readonly SentPacket[];
}

export interface SimulationOptions {
  readonly seed?: string;
  readonly terminals?: number;
  readonly startNs?: bigint;
  readonly storage?: TerminalStorage;
  readonly waitForButton?: boolean;
  readonly withBench?: boolean;
}

export function simulate(options: SimulationOptions = {}): Simulation {
  const { seed = "test", terminals = 27, startNs = NOON_NS } = options;
  const storage = options.storage ?? openTerminalStorage(IN_MEMORY, seed);
  const simulator = createSimulator({
    ...{ ...options, seed, terminals, startNs, storage },
    profiles: profiles.byName,
  });
  const sent: SentPacket[] = [];
  simulator.onTransmission((packet) => sent.push(packet));
  return { simulator, sent };
}
