import { metresBetween } from "./geometry.ts";
import type { Silence, WatchedTerminal } from "./outage.ts";
import type { GeoPoint } from "./rule.ts";

/** What an outage was laid to its cause by, as it was when it was found. */
export interface OutageEvidence {
  /** Terminals that must be heard there: those that the gateway usually hears, or all that stand in the area. */
  readonly usual: number;
  /** Of them, those that have missed two of their usual pauses. */
  readonly silent: number;
  /** When the gateway last heard any of them, ms since the Unix epoch; null for an area. */
  readonly lastHeardMs: number | null;
  /** Of an area, metres around its middle; null for a gateway. */
  readonly radiusM: number | null;
}

/** `own` are the silences of one outage, `gatewayId` the gateway that they are laid to. */
export function evidenceOf(
  own: readonly Silence[],
  gatewayId: string | null,
  terminals: readonly WatchedTerminal[],
): OutageEvidence {
  return gatewayId === null ? ofArea(own, terminals) : ofGateway(gatewayId, terminals);
}

const silentOf = (terminals: readonly WatchedTerminal[]): number =>
  terminals.filter(({ isQuiet }) => isQuiet).length;

function ofGateway(id: string, terminals: readonly WatchedTerminal[]): OutageEvidence {
  const usual = terminals.filter(({ hearing, isQuietByPlan }) => hearing.has(id) && !isQuietByPlan);
  const lastHeardMs = usual.reduce<number | null>((last, { hearing }) => {
    const heardMs = hearing.get(id)?.heardMs ?? 0;
    return last === null || heardMs > last ? heardMs : last;
  }, null);
  return { usual: usual.length, silent: silentOf(usual), lastHeardMs, radiusM: null };
}

function ofArea(own: readonly Silence[], terminals: readonly WatchedTerminal[]): OutageEvidence {
  const silent = new Set(own.map(({ address }) => address));
  const places = terminals.flatMap(({ address, place }) =>
    place && silent.has(address) ? [place] : [],
  );
  if (places.length === 0)
    return { usual: own.length, silent: own.length, lastHeardMs: null, radiusM: null };
  const mean = (of: (place: GeoPoint) => number): number =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length;
  const middle = {
    latitude: mean(({ latitude }) => latitude),
    longitude: mean(({ longitude }) => longitude),
  };
  const radiusM = Math.max(...places.map((place) => metresBetween(middle, place)));
  const within = terminals.filter(
    ({ place, isQuietByPlan }) =>
      place && !isQuietByPlan && metresBetween(middle, place) <= radiusM,
  );
  return { usual: within.length, silent: silentOf(within), lastHeardMs: null, radiusM };
}
