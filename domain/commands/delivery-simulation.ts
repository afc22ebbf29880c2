import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { type Command, type CommandInput, createCommand, dueAtMs, isFinal } from "./command.ts";
import {
  type AirUsed,
  forecastDelivery,
  type Likelihood,
  PAGES_PER_TRANSMISSION,
  TRANSMISSION_AIR_MS,
  TRANSMISSION_S,
} from "./forecast.ts";
import { stepCommand } from "./step-command.ts";

/** A terminal as the radio knows it, and the forecast does not. */
interface Reach {
  /** How often a page is heard, and how often its answer is. */
  readonly down: number;
  readonly up: number;
  /** Gateways that send a retry at the most. */
  readonly gateways: number;
  /** Seconds from a gateway to the network. */
  readonly wayS: number;
}

export interface SimulatedForecast {
  readonly likelihood: Likelihood;
  /** Commands that the terminal had been sent before. */
  readonly sent: number;
  readonly withinS: number | null;
  /** What came of the next command, seconds; Infinity: no answer. */
  readonly tookS: number;
}

const EXPIRY_S = 300;
const PAST_MAX = 20;
const WAITING_MAX = 200;
const FREE: AirUsed = { transmissions: [], usableMs: null };
const USABLE_MS = 324_000;
const HOUR_MS = 3_600_000;
const ALWAYS = { ok: true, holdsUntilMs: Infinity } as const;

/** Terminals near and far, each with a past of its own, asked for one more command: what was forecast, and what came. */
export function simulateForecasts(seed: string, count: number): readonly SimulatedForecast[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const reach = reachOf(random);
    const sent = randomInteger(random, PAST_MAX + 1);
    const past = Array.from({ length: sent }, () => send(random, reach, 0));
    const air = random.next() < 0.7 ? FREE : nearlyUsed(random);
    const pagesWaiting = random.next() < 0.7 ? 0 : randomInteger(random, WAITING_MAX);
    const answeredS = past.flatMap(({ answeredS: one }) => (one === undefined ? [] : [one]));
    const { likelihood, withinS } = forecastDelivery(
      { gatewayId: "a", pagesWaiting, air, heardAtMs: 0, everyS: 60, sent, answeredS },
      0,
    );
    return {
      likelihood,
      sent,
      withinS,
      tookS: send(random, reach, turnS(pagesWaiting, air)).tookS,
    };
  });
}

/** About what may be used, in parts that come back within the next minutes. */
function nearlyUsed(random: Random): AirUsed {
  const [parts, backMs] = [90 + randomInteger(random, 20), 30_000 + 90_000 * random.next()];
  const atMs = (part: number): number => Math.round((backMs * part) / parts) - HOUR_MS;
  return {
    transmissions: Array.from(
      { length: parts },
      (_, part) => [atMs(part), TRANSMISSION_AIR_MS] as const,
    ),
    usableMs: USABLE_MS,
  };
}

/** Seconds until a page's turn, as the pager goes about it: before each transmission it adds up the last hour anew. */
function turnS(pagesWaiting: number, { transmissions, usableMs }: AirUsed): number {
  const sent = [...transmissions];
  let before = Math.floor(pagesWaiting / PAGES_PER_TRANSMISSION);
  for (let second = 0; ; second += 1) {
    const since = second * 1000 - HOUR_MS;
    const usedMs = sent.reduce((sum, [atMs, airMs]) => sum + (atMs >= since ? airMs : 0), 0);
    if (usableMs !== null && usedMs >= usableMs) continue;
    if (before === 0) return second;
    before -= 1;
    sent.push([second * 1000, TRANSMISSION_AIR_MS]);
    second += TRANSMISSION_S - 1;
  }
}

const often = (random: Random): number => 0.5 + 0.5 * Math.sqrt(random.next());

const reachOf = (random: Random): Reach => ({
  ...{ down: often(random), up: often(random) },
  ...{ gateways: 1 + randomInteger(random, 3), wayS: 0.3 + 1.2 * random.next() },
});

interface Sent {
  /** Seconds from its first page, as the past keeps it; undefined: no answer. */
  readonly answeredS: number | undefined;
  /** Seconds from when it was asked for. */
  readonly tookS: number;
}

/** One command by the product's own steps and waits, over a radio of chance. */
function send(random: Random, reach: Reach, turnInS: number): Sent {
  const asked = { safetyClass: "information", secondPerson: false, expiryS: EXPIRY_S } as const;
  let command: Command = createCommand({ ...asked, createdBy: { kind: "user", id: "ann" } }, 0);
  let [nowMs, aheadS, answerAtMs] = [0, turnInS, Infinity];
  let firstOutMs: number | undefined;
  const step = (input: CommandInput): void => {
    const stepped = stepCommand(command, input, nowMs);
    if (stepped.ok) ({ command } = stepped);
  };
  const page = (gatewayId: string): void => {
    step({ type: "hand-over", judgement: ALWAYS, gatewayId });
    firstOutMs ??= nowMs;
    nowMs += 1_700 + 1_500 * random.next(); // to the gateway, and up to two batches on the air
    step({ type: "paged", gatewayId, page: "sent", endsAtMs: nowMs });
    const isAnswered = random.next() < reach.down && random.next() < reach.up;
    const pauseMs = 2_000 * random.next(); // then its burst, and the way to the network
    if (isAnswered) answerAtMs = Math.min(answerAtMs, nowMs + pauseMs + 1_800 + 1_000 * reach.wayS);
  };
  step({ type: "queue", judgement: ALWAYS });
  while (!isFinal(command.state)) {
    if (command.state === "queued" && nowMs >= command.nextAttemptAtMs) {
      nowMs += 1_000 * (random.next() + aheadS + 3 * random.next()); // what is on the air already goes on
      aheadS = 0;
      const zone = ["a", "b", "c"].slice(0, Math.min(reach.gateways, command.attempts + 1));
      const sealed = { downCounter: 1, session: 1, pageSequence: 1, othersSince: 0 };
      step({ type: "schedule", judgement: ALWAYS, gateways: zone, ...sealed });
      for (const gatewayId of zone) page(gatewayId);
    }
    nowMs = Math.max(nowMs, Math.min(dueAtMs(command) ?? Infinity, answerAtMs));
    step(nowMs >= answerAtMs ? { type: "answer", result: "done" } : { type: "tick" });
  }
  if (command.state !== "done") return { answeredS: undefined, tookS: Infinity };
  return { answeredS: (nowMs - (firstOutMs ?? nowMs)) / 1000, tookS: nowMs / 1000 };
}
