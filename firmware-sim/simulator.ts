import { seededRandom } from "../base/random.ts";
import type { Profile } from "../domain/devices/profile.ts";
import type { LrFhssSettings } from "../protocol/air/lr-fhss.ts";
import { decodeTransmission } from "../protocol/air/pocsag.ts";
import { type ActorMemory, perform } from "./behaviours/behaviour.ts";
import { playsFor } from "./behaviours/play.ts";
import { Air } from "./channel/air.ts";
import type { Impairments } from "./channel/impairments.ts";
import { PageAir, type PageOnAir } from "./channel/page-air.ts";
import { type SteppedSchedule, steppedSchedule } from "./channel/schedule.ts";
import { type City, createBench, createCity, createFleet, type SimTerminal } from "./fleet.ts";
import type { PageHeard } from "./page-heard.ts";
import type { SentPacket } from "./sent-packet.ts";
import { Terminal } from "./terminal.ts";
import { createTerminalLink } from "./terminal-link.ts";
import type { TerminalStorage } from "./terminal-storage.ts";

export interface SimulatorOptions {
  readonly seed: string;
  readonly terminals: number;
  readonly startNs: bigint;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly storage: TerminalStorage;
  readonly channel?: Pick<LrFhssSettings, "syncWord" | "grid" | "bandwidth">;
  readonly impairments?: Partial<Impairments>;
  /** Terminals that were never attached are silent until their button is pressed. */
  readonly waitForButton?: boolean;
  /** Beside the fleet lies one new terminal of each device type, which waits for its button. */
  readonly withBench?: boolean;
}

/** Everything on the air that a terminal or a modem can take part in, on virtual time. */
export interface Simulator {
  readonly seed: string;
  readonly city: City;
  readonly fleet: readonly SimTerminal[];
  readonly bench: readonly SimTerminal[];
  /** Those of the fleet and of the bench. */
  readonly terminals: readonly Terminal[];
  readonly air: Air;
  readonly schedule: SteppedSchedule;
  /** Runs all that happens until then. */
  step(untilNs: bigint): void;
  /** A page that a site's transmitter begins now. */
  readonly page: (page: PageOnAir) => void;
  /** The oracle: every packet as its terminal sent it. */
  onTransmission(listener: (packet: SentPacket) => void): () => void;
  /** The oracle: every page as the terminal that it was for took it. */
  onPageHeard(listener: (page: PageHeard) => void): () => void;
  /** While it sleeps terminals live on and send nothing: they forget what they would have reported, save emergencies. */
  readonly sleep: (isAsleep: boolean) => void;
  saveMemories(): void;
}

const DEFAULT_CHANNEL = { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2 } as const;
const MS = 1_000_000n;
/** The first terminal comes on the air that long after the start. */
const FIRST_MS = 2_000;
/** A gateway pages about once a second, so terminals that must attach come one after the other, those with a session sooner. */
const ATTACHES_PER_S = 4;
const REPORTS_PER_S = 6;

export function createSimulator(options: SimulatorOptions): Simulator {
  const { seed, storage, startNs } = options;
  const city = createCity(seed, options.terminals);
  const fleet = createFleet(seed, options.terminals, city);
  const bench = options.withBench === true ? createBench(seed, city) : [];
  const schedule = steppedSchedule(startNs);
  const { impairments } = options;
  const air = new Air({ seed, epochNs: startNs, ...(impairments && { impairments }) });
  const listeners = new Set<(packet: SentPacket) => void>();
  const pageListeners = new Set<(page: PageHeard) => void>();
  let isAsleep = false;
  const terminals = createTerminals(
    options,
    { city, fleet, bench, schedule, air, isAsleep: () => isAsleep },
    {
      sent(packet) {
        for (const listener of listeners) listener(packet);
      },
      heard(page) {
        for (const listener of pageListeners) listener(page);
      },
    },
  );
  const pageAir = new PageAir({
    seed,
    shadowingDb: air.impairments.shadowingDb,
    isSending: (address, fromNs, untilNs) => air.isSending(address, fromNs, untilNs),
  });
  return {
    seed,
    city,
    fleet,
    bench,
    terminals,
    air,
    schedule,
    step(untilNs) {
      schedule.stepTo(untilNs);
    },
    page(page) {
      pageAir.add(page);
      schedule.at(page.endNs, () => {
        deliver(page, pageAir, terminals);
      });
    },
    onTransmission(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPageHeard(listener) {
      pageListeners.add(listener);
      return () => pageListeners.delete(listener);
    },
    sleep(asleep) {
      isAsleep = asleep;
    },
    saveMemories() {
      const memories = terminals.map((terminal) => [terminal.address, terminal.memory()] as const);
      storage.saveMemory(new Map<number, ActorMemory>(memories));
    },
  };
}

interface World {
  readonly city: City;
  readonly fleet: readonly SimTerminal[];
  readonly bench: readonly SimTerminal[];
  readonly schedule: SteppedSchedule;
  readonly air: Air;
  readonly isAsleep: () => boolean;
}

function createTerminals(
  options: SimulatorOptions,
  { city, fleet, bench, schedule, air, isAsleep }: World,
  oracle: {
    readonly sent: (packet: SentPacket) => void;
    readonly heard: (page: PageHeard) => void;
  },
): Terminal[] {
  const { seed, storage, profiles, startNs, channel = DEFAULT_CHANNEL } = options;
  const buses = fleet.filter(({ profile }) => profile === "bus").length;
  const plays = playsFor(Math.max(1, buses));
  const startMs = Number(startNs / MS);
  const first = firstOnAir(fleet);
  return [...fleet, ...bench].map((terminal) => {
    const profile = profiles.get(terminal.profile);
    if (!profile) throw new RangeError(`there is no profile ${terminal.profile}`);
    const stored = storage.load(terminal.address);
    const of = (what: string) => seededRandom(`${seed} ${what} ${terminal.address}`);
    const behaviour = perform(plays[terminal.profile], {
      terminal,
      ...city,
      random: of("behaviour"),
      memory: stored?.memory ?? {},
      startMs,
    });
    const random = of("radio");
    return new Terminal({
      terminal,
      profile,
      behaviour,
      link: stored?.link ?? createTerminalLink(terminal.address, terminal.rootKey),
      random,
      schedule,
      isAsleep,
      waitsForButton: options.waitForButton === true || bench.includes(terminal),
      channel,
      firstMs: startMs + first(terminal, stored !== undefined),
      send(packet, frame) {
        const { startNs: atNs, address, powerDbm, latitude, longitude } = packet;
        air.transmit({ startNs: atNs, frame, address, powerDbm, latitude, longitude });
        oracle.sent(packet);
      },
      heard: oracle.heard,
      save(link) {
        storage.saveLink(link);
      },
    });
  });
}

/** What moves comes first, so that the map lives soon. */
function firstOnAir(fleet: readonly SimTerminal[]) {
  const isMover = ({ profile }: SimTerminal): boolean => profile === "vehicle" || profile === "bus";
  const inTurn = [...fleet].sort(
    (a, b) => Number(isMover(b)) - Number(isMover(a)) || a.seat - b.seat || a.address - b.address,
  );
  const turns = new Map(inTurn.map(({ address }, turn) => [address, turn]));
  return ({ address }: SimTerminal, hasSession: boolean): number =>
    FIRST_MS + (1000 * (turns.get(address) ?? 0)) / (hasSession ? REPORTS_PER_S : ATTACHES_PER_S);
}

/** Only those that the page's addresses concern are asked; an address that bit errors turned into another is one of a lost page. */
function deliver(page: PageOnAir, pageAir: PageAir, terminals: readonly Terminal[]): void {
  const clean = decodeTransmission(page.words).pages;
  for (const terminal of terminals) {
    if (!clean.some(({ ric }) => terminal.listensTo(ric))) continue;
    const words = pageAir.hear(page, terminal);
    if (words === undefined) continue;
    terminal.hear(words === page.words ? clean : decodeTransmission(words).pages);
  }
}
