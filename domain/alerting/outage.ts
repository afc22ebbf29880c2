import { metresBetween } from "./geometry.ts";
import type { GeoPoint } from "./rule.ts";

export const SILENCE_CAUSES = [
  "terminal-dead",
  "gateway-deaf",
  "backhaul-down",
  "jammed",
  "by-schedule",
] as const;
export type SilenceCause = (typeof SILENCE_CAUSES)[number];

/** A terminal that has been heard lately or should have been. Times are ms since the Unix epoch. */
export interface WatchedTerminal {
  readonly address: number;
  readonly heardMs: number;
  /** It has missed two of its usual pauses. */
  readonly isQuiet: boolean;
  /** Its own plan lets it be quiet now: a calendar, a sleeping device. */
  readonly isQuietByPlan: boolean;
  readonly place: GeoPoint | undefined;
  readonly hearing: ReadonlyMap<string, Hearing>;
}

export interface Hearing {
  /** How often the gateway usually hears it; any scale. */
  readonly weight: number;
  /** When it last did. */
  readonly heardMs: number;
}

export interface WatchedGateway {
  readonly id: string;
  /** Whether the broker has it; a gateway that is away cannot tell whether it hears. */
  readonly isConnected: boolean;
}

export interface Silence {
  readonly address: number;
  readonly cause: SilenceCause;
  /** The gateway that it is laid to; undefined for what is not a gateway's fault. */
  readonly gatewayId: string | undefined;
}

/** A gateway counts for a terminal when it brings at least this share of its receptions. */
const SHARE_MIN = 0.1;
/** With so much of its usual hearing gone a terminal need not be heard any more. */
const GONE_SHARE = 0.75;
/** So many of a gateway's usual terminals must have something to say before its silence says something of it. */
const OWN_MIN = 4;
const DEAF_SHARE = 0.9;
const DEAF_AFTER_MS = 120_000;
const JAM_STEP_M = 1_200;
const JAM_MIN = 4;
const JAM_SHARE = 0.7;
const JAM_WITHIN_MS = 900_000;

/** Why each quiet terminal is quiet, from which terminals each gateway usually hears. Pure. */
export function silenceCauses(
  terminals: readonly WatchedTerminal[],
  gateways: readonly WatchedGateway[],
  nowMs: number,
): readonly Silence[] {
  const away = new Set(gateways.filter(({ isConnected }) => !isConnected).map(({ id }) => id));
  const deaf = deafGateways(terminals, away, nowMs);
  const gone = new Map(
    terminals.flatMap((terminal) => {
      const id = terminal.isQuiet ? goneGateway(terminal, away, deaf) : undefined;
      return id === undefined ? [] : [[terminal.address, id] as const];
    }),
  );
  const jammed = jammedTerminals(terminals, (address) => gone.has(address));
  return terminals.flatMap((terminal): readonly Silence[] => {
    const { address, isQuiet, isQuietByPlan } = terminal;
    if (!isQuiet) return [];
    if (isQuietByPlan) return [{ address, cause: "by-schedule", gatewayId: undefined }];
    const gatewayId = gone.get(address);
    if (gatewayId !== undefined)
      return [
        { address, cause: away.has(gatewayId) ? "backhaul-down" : "gateway-deaf", gatewayId },
      ];
    const cause = jammed.has(address) ? "jammed" : "terminal-dead";
    return [{ address, cause, gatewayId: undefined }];
  });
}

/** Those that usually hear it, with their share, from the best. */
function hearersOf({ hearing }: WatchedTerminal): readonly (readonly [string, number])[] {
  const sum = hearing.values().reduce((total, { weight }) => total + weight, 0);
  return [...hearing]
    .map(([id, { weight }]) => [id, weight / sum] as const)
    .filter(([, share]) => share >= SHARE_MIN)
    .sort(([, a], [, b]) => b - a);
}

/** The gateway that a terminal has lost its voice with, when what is left would hardly hear it. */
function goneGateway(
  terminal: WatchedTerminal,
  away: ReadonlySet<string>,
  deaf: ReadonlySet<string>,
): string | undefined {
  const lost = hearersOf(terminal).filter(([id]) => away.has(id) || deaf.has(id));
  const share = lost.reduce((sum, [, one]) => sum + one, 0);
  return share >= GONE_SHARE ? lost[0]?.[0] : undefined;
}

/** Deaf: it has heard nobody for a while, although nearly all that it usually hears are quiet or have been heard by others since. */
function deafGateways(
  terminals: readonly WatchedTerminal[],
  away: ReadonlySet<string>,
  nowMs: number,
): ReadonlySet<string> {
  const own = new Map<string, WatchedTerminal[]>();
  for (const terminal of terminals) {
    if (terminal.isQuietByPlan) continue;
    for (const [id] of hearersOf(terminal)) own.set(id, [...(own.get(id) ?? []), terminal]);
  }
  const deaf = new Set<string>();
  for (const [id, usual] of own) {
    const lastMs = Math.max(...usual.map(({ hearing }) => hearing.get(id)?.heardMs ?? 0));
    const missed = usual.filter(({ isQuiet, heardMs }) => isQuiet || heardMs > lastMs);
    const isSilent = nowMs - lastMs >= DEAF_AFTER_MS && usual.length >= OWN_MIN;
    if (!away.has(id) && isSilent && missed.length >= usual.length * DEAF_SHARE) deaf.add(id);
  }
  return deaf;
}

/** Neighbours that went quiet in the same minutes, with hardly anybody between them still heard: something drowns them all. */
function jammedTerminals(
  terminals: readonly WatchedTerminal[],
  isExplained: (address: number) => boolean,
): ReadonlySet<number> {
  const placed = terminals.filter(({ place, isQuietByPlan }) => place && !isQuietByPlan);
  const left = new Set(placed.filter(({ isQuiet, address }) => isQuiet && !isExplained(address)));
  const jammed = new Set<WatchedTerminal>();
  for (const first of left) {
    left.delete(first);
    const spot = [first];
    for (const one of spot) {
      for (const other of left) {
        if (!areTogether(one, other)) continue;
        left.delete(other);
        spot.push(other);
      }
    }
    if (spot.length >= JAM_MIN && isMostOfItsSpot(spot, placed))
      for (const one of spot) jammed.add(one);
  }
  const lost = terminals.filter(
    (one) => !one.place && one.isQuiet && !one.isQuietByPlan && !isExplained(one.address),
  );
  const swallowed = lost.filter((one) => isLikeThem(one, jammed));
  return new Set([...jammed, ...swallowed].map(({ address }) => address));
}

/** Nobody knows where it is, but it fell silent with them and the same gateway hears it best. */
function isLikeThem(terminal: WatchedTerminal, jammed: ReadonlySet<WatchedTerminal>): boolean {
  const best = hearersOf(terminal)[0]?.[0];
  const alike = [...jammed].filter(
    (one) =>
      Math.abs(one.heardMs - terminal.heardMs) <= JAM_WITHIN_MS && hearersOf(one)[0]?.[0] === best,
  );
  return alike.length >= JAM_MIN;
}

const apartM = (a: WatchedTerminal, b: WatchedTerminal): number =>
  a.place && b.place ? metresBetween(a.place, b.place) : Infinity;

const areTogether = (a: WatchedTerminal, b: WatchedTerminal): boolean =>
  Math.abs(a.heardMs - b.heardMs) <= JAM_WITHIN_MS && apartM(a, b) <= JAM_STEP_M;

function isMostOfItsSpot(
  spot: readonly WatchedTerminal[],
  placed: readonly WatchedTerminal[],
): boolean {
  const places = spot.flatMap(({ place }) => place ?? []);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = {
    latitude: mean(places.map(({ latitude }) => latitude)),
    longitude: mean(places.map(({ longitude }) => longitude)),
  };
  const distances = places.map((place) => metresBetween(centre, place)).sort((a, b) => a - b);
  const radiusM = distances[Math.floor(distances.length * 0.8)] ?? 0;
  const within = placed.filter(({ place }) => place && metresBetween(centre, place) <= radiusM);
  return within.filter(({ isQuiet }) => isQuiet).length >= within.length * JAM_SHARE;
}
