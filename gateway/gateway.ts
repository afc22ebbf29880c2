import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import { SYNC_WORD } from "../protocol/air/pocsag.ts";
import {
  decodePageRequest,
  decodeStored,
  encodeGatewayState,
  encodePageResult,
  encodeUplink,
  type GatewayState,
  type PageResult,
  type Uplink,
} from "../protocol/messages.ts";
import type { HeardPacket } from "./assembly.ts";
import type { Backhaul, BackhaulConnection } from "./backhaul.ts";
import { backoffMs } from "./backoff.ts";
import type { Counters, GatewayCounter } from "./counters.ts";
import type { HeardBy, ModemLink } from "./modem-link.ts";
import type { Outbox } from "./outbox.ts";
import { fitsLine } from "./page-hand.ts";
import type { PageQueue } from "./page-queue.ts";
import { Publisher } from "./publisher.ts";

export const STATE_MS = 10_000;
const RESULTS_MAX = 1000;

export interface GatewayParts {
  readonly gatewayId: string;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly backhaul: Backhaul;
  readonly outbox: Outbox;
  readonly outboxRowsMax: number;
  readonly pages: PageQueue;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

type Link =
  | { readonly state: "closed"; readonly dialAtMs: number; readonly attempt: number }
  | { readonly state: "dialing"; readonly attempt: number }
  | { readonly state: "open"; readonly connection: BackhaulConnection };

/** Between the modems and the network: packets through the outbox, pages through the queue, state. */
export class Gateway {
  readonly #parts: GatewayParts;
  readonly #publisher: Publisher;
  readonly #sinceNs: bigint;
  #modems: readonly ModemLink[] = [];
  #link: Link = { state: "closed", dialAtMs: 0, attempt: 0 };
  #results: PageResult[] = [];
  #stateSent = { key: "", atMs: 0 };
  #isFull = false;
  #isStopped = false;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#sinceNs = BigInt(Math.round(parts.clock.now())) * 1_000_000n;
    this.#publisher = new Publisher(parts.outbox, parts.counters, (error) => {
      parts.log.warn({ reason: String(error) }, "publish failed");
    });
  }

  /** Modems report to the gateway, so they are made after it. */
  begin(modems: readonly ModemLink[]): void {
    this.#modems = modems;
    this.tick();
  }

  get isConnected(): boolean {
    return this.#link.state === "open";
  }

  tick(): void {
    const { clock, pages } = this.#parts;
    const steadyMs = clock.steadyMs();
    for (const modem of this.#modems) modem.tick();
    for (const result of pages.expire(clock.now())) this.paged(result);
    if (this.#link.state === "closed" && steadyMs >= this.#link.dialAtMs) {
      this.#link = { state: "dialing", attempt: this.#link.attempt };
      void this.#connect(this.#link.attempt);
    }
    this.#onOutbox(() => {
      this.#publisher.tick(steadyMs);
    });
    this.#sendState(steadyMs);
  }

  heard(packet: HeardPacket, by: HeardBy): void {
    const { gatewayId, outbox, counters, clock, log } = this.#parts;
    const uplink: Uplink = {
      gatewayId,
      outboxId: outbox.id,
      sequence: 0n,
      backfilled: false, // these three are known when it is sent
      ...by,
      ...packet,
    };
    const record = encodeUplink(uplink);
    let sequence: bigint | undefined;
    try {
      sequence = outbox.add(record);
    } catch (error) {
      counters.add("packetsDroppedOutboxFault");
      log.error({ err: error }, "the outbox does not take a packet");
      return;
    }
    if (sequence === undefined) {
      counters.add("packetsDroppedOutboxFull");
      if (!this.#isFull)
        log.error({ rows: outbox.count() }, "the outbox is full; new packets are dropped");
      this.#isFull = true;
      return;
    }
    const added = sequence;
    this.#onOutbox(() => {
      this.#publisher.added(added, uplink, clock.steadyMs());
    });
  }

  paged(result: PageResult): void {
    this.#parts.counters.add(PAGE_COUNTERS[result.status]);
    this.#results.push(result);
    if (this.#results.length > RESULTS_MAX) {
      this.#results.shift();
      this.#parts.counters.add("pageResultsDropped");
    }
    this.#sendResults();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const modem of this.#modems) modem.stop();
    if (this.#link.state !== "open") return;
    const { connection } = this.#link;
    try {
      await connection.state(encodeGatewayState(this.#state(false)));
      await connection.close();
    } catch (error) {
      this.#parts.log.warn({ reason: String(error) }, "the broker was not told that we stop");
    }
  }

  async #connect(attempt: number): Promise<void> {
    const { backhaul, log, clock } = this.#parts;
    const life = { isOpen: true };
    try {
      const connection = await backhaul.connect({
        lastWill: encodeGatewayState(this.#state(false)),
        stored: (message) => {
          this.#stored(message);
        },
        page: (message) => {
          this.#page(message);
        },
        closed: (reason) => {
          life.isOpen = false;
          this.#disconnected(reason, 0);
        },
      });
      if (this.#isStopped) {
        await connection.close();
        return;
      }
      if (!life.isOpen) return; // it ended before we knew of it
      this.#link = { state: "open", connection };
      log.info({ outboxRows: this.#parts.outbox.count() }, "connected to the broker");
      this.#stateSent = { key: "", atMs: 0 };
      this.#sendState(clock.steadyMs());
      this.#onOutbox(() => {
        this.#publisher.connected(connection, clock.steadyMs());
      });
      this.#sendResults();
    } catch (error) {
      this.#disconnected(reasonOf(error), attempt + 1);
    }
  }

  #disconnected(reason: string, attempt: number): void {
    if (this.#isStopped) return;
    const { clock, random, counters, log } = this.#parts;
    counters.add("brokerReconnects");
    log.warn({ reason }, "not connected to the broker");
    this.#publisher.disconnected();
    const dialAtMs = clock.steadyMs() + backoffMs(attempt, random.next());
    this.#link = { state: "closed", dialAtMs, attempt };
  }

  #stored(message: Uint8Array): void {
    const { outbox, counters, clock } = this.#parts;
    const decoded = decodeStored(message);
    if (!decoded.ok) counters.add("messagesBad");
    else if (decoded.message.outboxId !== outbox.id) counters.add("storedForeign");
    else {
      const { ranges } = decoded.message;
      this.#onOutbox(() => {
        this.#publisher.stored(ranges, clock.steadyMs());
      });
      this.#isFull = outbox.count() >= this.#parts.outboxRowsMax;
    }
  }

  /** A disk that fails must not stop the gateway: what was not forgotten is sent again, and known by then. */
  #onOutbox(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#parts.log.error({ err: error }, "the outbox cannot be read or written");
    }
  }

  #page(message: Uint8Array): void {
    const { pages, counters, clock } = this.#parts;
    const decoded = decodePageRequest(message);
    if (!decoded.ok) {
      counters.add("messagesBad");
      return;
    }
    counters.add("pagesReceived");
    const request = decoded.message;
    const result = fitsLine(request, SYNC_WORD)
      ? pages.offer(request, clock.now())
      : pages.finish(request.id, "refused");
    if (result) this.paged(result);
    else for (const modem of this.#modems) modem.pagesWaiting();
  }

  #sendResults(): void {
    if (this.#link.state !== "open") return;
    const { connection } = this.#link;
    for (const result of this.#results.splice(0)) {
      connection.paged(encodePageResult(result)).catch((error: unknown) => {
        this.#parts.log.warn({ reason: String(error) }, "page result not sent");
        if (this.#results.length < RESULTS_MAX) this.#results.push(result); // with the next connection
      });
    }
  }

  #state(online: boolean): GatewayState {
    const { gatewayId, latitude, longitude, outbox, counters } = this.#parts;
    const modems = this.#modems.map(({ state }) =>
      online ? state : { ...state, connected: false },
    );
    const outboxFull = this.#isFull ? 1 : 0;
    return {
      gatewayId,
      online,
      sinceNs: this.#sinceNs,
      latitude,
      longitude,
      modems,
      counters: { ...counters.all(), outboxRows: outbox.count(), outboxFull },
    };
  }

  /** Every 10 s, and at once when what an operator looks at has changed. */
  #sendState(nowMs: number): void {
    if (this.#link.state !== "open") return;
    const states = this.#modems.map(({ state }) => state);
    const seen = states.map(({ connected, clockState, id }) => [connected, clockState, id]);
    const key = JSON.stringify([seen, this.#isFull]);
    if (key === this.#stateSent.key && nowMs - this.#stateSent.atMs < STATE_MS) return;
    this.#stateSent = { key, atMs: nowMs };
    this.#link.connection.state(encodeGatewayState(this.#state(true))).catch((error: unknown) => {
      this.#parts.log.warn({ reason: String(error) }, "state not sent");
    });
  }
}

const PAGE_COUNTERS: Readonly<Record<PageResult["status"], GatewayCounter>> = {
  sent: "pagesSent",
  expired: "pagesExpired",
  "too-late": "pagesExpired",
  busy: "pagesDroppedFull",
  fault: "pagesFailed",
  cancelled: "pagesFailed",
  refused: "pagesFailed",
};

/** The library's own words, without what may hold a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}
