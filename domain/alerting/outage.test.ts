import { describe, expect, it } from "vitest";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { metresBetween } from "./geometry.ts";
import {
  SILENCE_CAUSES,
  type SilenceCause,
  silenceCauses,
  type WatchedGateway,
  type WatchedTerminal,
} from "./outage.ts";

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const GATEWAYS = 9;
const TERMINALS = 700;
const RANGE_M = 4_000;

interface Truth {
  readonly cause: SilenceCause;
  readonly address: number;
}
interface Scene {
  readonly terminals: readonly WatchedTerminal[];
  readonly gateways: readonly WatchedGateway[];
  readonly truths: readonly Truth[];
}

const uniform = (random: Random, low: number, high: number): number =>
  low + random.next() * (high - low);

/** A city of nine gateways, four kilometres apart, and what is wrong in it. */
function scene(random: Random, wrong: SilenceCause): Scene {
  const sites = Array.from({ length: GATEWAYS }, (_, at) => ({
    id: `gw-${at}`,
    latitude: 31.2 + 0.036 * Math.floor(at / 3),
    longitude: 121.4 + 0.042 * (at % 3),
  }));
  const people = Array.from({ length: TERMINALS }, (_, address) => {
    const latitude = uniform(random, 31.17, 31.3);
    const longitude = uniform(random, 121.37, 121.52);
    const hearing = new Map<string, number>(); // weights
    for (const site of sites) {
      const away = metresBetween(site, { latitude, longitude });
      if (away < RANGE_M)
        hearing.set(site.id, Math.max(0.5, (uniform(random, 0.7, 1.3) * (RANGE_M - away)) / 100));
    }
    const hasFix = random.next() < 0.95;
    return {
      address,
      latitude,
      longitude,
      hearing,
      hasFix,
      pauseMs: uniform(random, 10, 300) * 1_000,
    };
  });
  const dead = new Set([randomInteger(random, TERMINALS), randomInteger(random, TERMINALS)]);
  const site = sites[randomInteger(random, GATEWAYS)] ?? sites[0];
  const jam = people[randomInteger(random, TERMINALS)];
  const sinceMs = NOW_MS - uniform(random, 1_000, 2_400) * 1_000;
  const causeOf = (one: (typeof people)[number]): SilenceCause | undefined => {
    if (dead.has(one.address)) return "terminal-dead";
    const heardByOthers = [...one.hearing.keys()].some((id) => id !== site?.id);
    const isOnlyIts = one.hearing.size > 0 && !heardByOthers;
    if ((wrong === "gateway-deaf" || wrong === "backhaul-down") && isOnlyIts) return wrong;
    if (wrong === "jammed" && jam && metresBetween(jam, one) < 1_000) return wrong;
    return wrong === "by-schedule" && one.address % 10 === 0 ? wrong : undefined;
  };
  const truths: Truth[] = [];
  const isGone = (id: string): boolean =>
    (wrong === "gateway-deaf" || wrong === "backhaul-down") && id === site?.id;
  const terminals = people.map((one): WatchedTerminal => {
    const cause = causeOf(one);
    if (cause) truths.push({ cause, address: one.address });
    const heardMs = (cause ? sinceMs : NOW_MS) - random.next() * one.pauseMs;
    const lastVia = (id: string): number =>
      Math.min(heardMs, isGone(id) ? sinceMs - random.next() * one.pauseMs : heardMs);
    const hearing = [...one.hearing].map(
      ([id, weight]) => [id, { weight, heardMs: lastVia(id) }] as const,
    );
    return {
      ...{ address: one.address, heardMs, isQuiet: cause !== undefined },
      isQuietByPlan: cause === "by-schedule",
      place: one.hasFix ? { latitude: one.latitude, longitude: one.longitude } : undefined,
      hearing: new Map(hearing),
    };
  });
  const gateways = sites.map(({ id }) => ({
    id,
    isConnected: !(wrong === "backhaul-down" && id === site?.id),
  }));
  return { terminals, gateways, truths };
}

/** Rows: what it was; columns: what was found. */
function confusion(): Readonly<Record<SilenceCause, Record<SilenceCause, number>>> {
  const none = () => Object.fromEntries(SILENCE_CAUSES.map((cause) => [cause, 0]));
  const matrix = Object.fromEntries(SILENCE_CAUSES.map((cause) => [cause, none()])) as Record<
    SilenceCause,
    Record<SilenceCause, number>
  >; // every cause was put in
  const random = seededRandom("silence");
  for (const wrong of SILENCE_CAUSES) {
    for (let run = 0; run < 20; run++) {
      const { terminals, gateways, truths } = scene(random, wrong);
      const found = new Map(
        silenceCauses(terminals, gateways, NOW_MS).map((one) => [one.address, one.cause]),
      );
      for (const { cause, address } of truths) {
        const said = found.get(address);
        if (said) matrix[cause][said] += 1;
      }
    }
  }
  return matrix;
}

describe("the cause of a silence", () => {
  it("is found in at least 95 of 100 cases, each cause for itself", () => {
    const matrix = confusion();
    const rates = SILENCE_CAUSES.map((cause) => {
      const row = matrix[cause];
      const sum = Object.values(row).reduce((total, count) => total + count, 0);
      return { cause, sum, rate: row[cause] / sum };
    });
    for (const { cause, rate, sum } of rates) {
      expect(sum, cause).toBeGreaterThan(100);
      expect(rate, cause).toBeGreaterThanOrEqual(0.95);
    }
  });
});
