import type { Clock } from "../base/clock.ts";
import type { CommandQueue, CommandStepPoint } from "../domain/commands/command-queue.ts";
import type { DuePage, PageStore } from "../domain/packets/page-store.ts";
import { transmissionNs } from "../protocol/air/pocsag.ts";
import { encodePageRequest, type PageRequest, type PageResult } from "../protocol/messages.ts";
import { pageTopic } from "../protocol/topics.ts";
import type { Airtime } from "./airtime.ts";
import { countOf, type NetworkCounters } from "./counters.ts";
import type { Link } from "./link.ts";
import { packPages, wordsOf } from "./page-packing.ts";
import type { Partitions } from "./partitions.ts";

export interface PagerDeps {
  readonly clock: Clock;
  readonly pages: PageStore;
  readonly commands: Pick<CommandQueue, "handOver" | "paged">;
  readonly airtime: Airtime;
  readonly link: Pick<Link, "publish" | "isConnected">;
  readonly partitions: Pick<Partitions, "held">;
  readonly counters: NetworkCounters;
  readonly pageRate: 512 | 1200 | 2400;
  readonly faultPoint?: (step: CommandStepPoint) => void;
}

const PAGES_PER_TICK_MAX = 1_000;
/** The terminal sends its link test within seconds of the answer, so silence means that it did not hear it. */
const ATTACH_RETRY_MS = 15_000;
const ATTACH_ATTEMPTS_MAX = 4;
/** What a gateway that did not hear a terminal may at most have received of it. */
const UNHEARD_DBM = -135;
/** So much stronger a page is taken in spite of another one; FM receivers capture at 6 to 8 dB, the rest is for fading. */
const CAPTURE_DB = 12;
/** How much later than its airtime a gateway may answer before the next transmission goes to it all the same. */
const ANSWER_WAIT_MS = 15_000;
const MS_NS = 1_000_000n;
/** Of the longest transmission at the slowest rate; for one whose length was forgotten by a restart. */
const AIR_MS_MAX = 8_000;

const NOTHING_USED: ReadonlyMap<string, number> = new Map();

/** By gateway; nobody looks where there is no limit. */
const usedWithinHour = async ({ airtime, pages }: PagerDeps, nowMs: number) =>
  airtime.budgetMs === null ? NOTHING_USED : pages.airtimeOfHour(nowMs);

const hasRoom =
  (airtime: Airtime, usedMs = 0) =>
  ({ priority }: DuePage): boolean =>
    airtime.hasRoom(usedMs, priority);

export type Pager = ReturnType<typeof createPager>;

/** Handed to a gateway and perhaps on the air. */
interface OnItsWay {
  readonly gatewayId: string;
  readonly pages: readonly DuePage[];
  readonly airMs: number;
  /** By the steady clock. */
  readonly clearAtMs: number;
}

/**
 * Hands due pages to the gateway that heard the terminal best, and to the next one at each further attempt. A gateway
 * has one transmission of ours at a time and what waits meanwhile shares the next: a page alone fills a tenth of its
 * airtime. All gateways page on one frequency, so two send together only where each terminal hears its own far better.
 */
export function createPager(deps: PagerDeps) {
  const { clock, pages, commands, airtime, link, partitions, counters, pageRate } = deps;
  const faultPoint = deps.faultPoint ?? (() => undefined);
  const onTheirWay = new Map<string, OnItsWay>();
  const handOvers = createHandOvers();

  return {
    async tick(): Promise<void> {
      if (!link.isConnected) return;
      const [nowMs, steadyMs] = [clock.now(), clock.steadyMs()];
      counters.pagesExpired += await pages.expire(nowMs);
      for (const [id, { clearAtMs }] of onTheirWay)
        if (clearAtMs <= steadyMs) onTheirWay.delete(id);
      const due = await pages.due(nowMs, partitions.held, PAGES_PER_TICK_MAX);
      if (due.length === 0) return;
      const usedMs = await usedWithinHour(deps, nowMs);
      let floor = -1;
      for (const [gatewayId, forGateway] of Map.groupBy(due, gatewayOf)) {
        if (gatewayId === undefined) continue; // its packet is gone from the log; the page expires
        const allowed = forGateway.filter(hasRoom(airtime, usedMs.get(gatewayId)));
        const clear = allowed.filter(isClear(gatewayId, [...onTheirWay.values()]));
        floor = Math.max(floor, heldUp(allowed, clear));
        const urgent = clear.filter(({ priority }) => priority > floor);
        await transmit(gatewayId, urgent);
      }
    },

    async result({ id, status, startedAtNs }: PageResult): Promise<void> {
      countOf(counters.pageResults, status);
      await handOvers.ended(id);
      const transmission = onTheirWay.get(id);
      const nowMs = clock.now();
      if (transmission && status === "sent") {
        const leftMs = msLeft(transmission, startedAtNs, nowMs);
        onTheirWay.set(id, { ...transmission, clearAtMs: clock.steadyMs() + leftMs });
      } else onTheirWay.delete(id);
      // asked before a restart: at least its first page is known
      const ids = transmission?.pages.map((page) => page.id) ?? [id.replace(ATTEMPT, "")];
      for (const page of ids) await pages.result(page, status, startedAtNs, nowMs);
      const airMs = transmission?.airMs ?? AIR_MS_MAX;
      await commands.paged(id, { status, startedAtNs, airMs }, nowMs);
      faultPoint("page-result-committed");
    },
  };

  async function transmit(gatewayId: string, waiting: readonly DuePage[]): Promise<void> {
    const packed = packPages(waiting);
    const [first] = packed.taken;
    if (first === undefined) return;
    const id = `${first.id}~${first.attempts}`; // a gateway plays each id once
    await handOvers.during(id, async () => {
      const taken = await admitted(commands, packed.taken, { requestId: id, nowMs: clock.now() });
      if (taken.length === 0) return;
      faultPoint("page-committed");
      const words = taken.length === packed.taken.length ? packed.words : wordsOf(taken);
      const message = { ...requestOf(id, taken), words, rate: pageRate };
      await handOver(gatewayId, message, taken);
    });
  }

  async function handOver(gatewayId: string, message: PageRequest, taken: readonly DuePage[]) {
    const { id, words } = message;
    const [nowMs, steadyMs] = [clock.now(), clock.steadyMs()];
    const airMs = Number(transmissionNs(words.length, pageRate) / MS_NS);
    await pages.transmitted({ id, gatewayId, airMs, budgetMs: airtime.budgetMs }, nowMs);
    await link.publish(pageTopic(gatewayId), encodePageRequest(message));
    faultPoint("page-published");
    const clearAtMs = steadyMs + airMs + ANSWER_WAIT_MS;
    onTheirWay.set(id, { gatewayId, pages: taken, airMs, clearAtMs });
    counters.pagesRequested += taken.length;
    for (const page of taken.filter((page) => !isJudged(page)))
      await pages.requested(page.id, gatewayId, nextAttemptMs(page, nowMs));
    faultPoint("page-asked");
  }
}

/** Of a transmission's time on the air. */
const msLeft = ({ airMs }: OnItsWay, startedAtNs: bigint, nowMs: number): number =>
  Math.min(Math.max(0, Number(startedAtNs / MS_NS) + airMs - nowMs), airMs);

/** Whether a page by this gateway and what other gateways have on the air would both be heard. */
function isClear(gatewayId: string, others: readonly OnItsWay[]): (page: DuePage) => boolean {
  if (others.some((other) => other.gatewayId === gatewayId)) return () => false;
  const disturbed = others.some((other) =>
    other.pages.some((page) => !isHeardOver(page, other.gatewayId, gatewayId)),
  );
  if (disturbed) return () => false;
  return (page) => others.every((other) => isHeardOver(page, gatewayId, other.gatewayId));
}

/** A page to a group needs the air for itself: what comes after it and is no more urgent waits until it has gone. */
const heldUp = (allowed: readonly DuePage[], clear: readonly DuePage[]): number =>
  Math.max(
    -1,
    ...allowed
      .filter((page) => page.kind === "group-command" && !clear.includes(page))
      .map(({ priority }) => priority),
  );

const isJudged = ({ kind }: DuePage): boolean => kind === "command" || kind === "group-command";

/** Commands are judged once more, and from here on count as perhaps sent. */
async function admitted(
  commands: Pick<CommandQueue, "handOver">,
  taken: readonly DuePage[],
  { requestId, nowMs }: { readonly requestId: string; readonly nowMs: number },
): Promise<DuePage[]> {
  const asked = taken.filter(isJudged).map(({ id }) => id);
  if (asked.length === 0) return [...taken];
  const pages = await commands.handOver(asked, requestId, nowMs);
  const expiries = new Map(pages.map(({ pageId, expiresAtMs }) => [pageId, expiresAtMs]));
  return taken.flatMap((page) => {
    if (!isJudged(page)) return [page];
    const expiresAtMs = expiries.get(page.id);
    return expiresAtMs === undefined ? [] : [{ ...page, expiresAtMs }];
  });
}

const requestOf = (id: string, taken: readonly DuePage[]) => ({
  id,
  earliestAtNs: 0n,
  expiresAtNs: BigInt(Math.min(...taken.map((page) => page.expiresAtMs))) * MS_NS,
  priority: Math.max(...taken.map(({ priority }) => priority)),
});

/** A gateway may answer before the broker does; its result waits until the request is written down. */
function createHandOvers() {
  const underWay = new Map<string, Promise<void>>();
  return {
    ended: (id: string): Promise<void> => underWay.get(id) ?? Promise.resolve(),

    async during(id: string, act: () => Promise<void>): Promise<void> {
      const done = Promise.resolve().then(act); // not before it can be waited for
      underWay.set(
        id,
        done.catch(() => undefined), // only the caller is told
      );
      await done.finally(() => underWay.delete(id));
    },
  };
}

const gatewayOf = ({ zoneGatewayId, gateways, attempts }: DuePage): string | undefined =>
  zoneGatewayId ?? gateways[attempts % Math.max(1, gateways.length)]?.gatewayId;

/** Whether the page's terminal takes one gateway for itself while another sends, too. */
function isHeardOver({ gateways }: DuePage, gatewayId: string, otherId: string): boolean {
  const levelOf = (id: string): number =>
    gateways.find((one) => one.gatewayId === id)?.levelDbm ?? UNHEARD_DBM;
  return levelOf(gatewayId) - levelOf(otherId) >= CAPTURE_DB;
}

const ATTEMPT = /~\d+$/;

function nextAttemptMs(page: DuePage, nowMs: number): number | undefined {
  if (page.kind === "acknowledgement") return undefined;
  const attempts = page.attempts + 1;
  return attempts < ATTACH_ATTEMPTS_MAX ? nowMs + ATTACH_RETRY_MS * 2 ** page.attempts : undefined;
}
