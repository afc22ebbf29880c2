import type { Duplex } from "node:stream";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { ModemState, PageResult } from "../protocol/messages.ts";
import { Deframer } from "../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../protocol/modem/line.ts";
import {
  CAPABILITY,
  CLOCK_STATES,
  type HelloFrame,
  type HostFrame,
  type LineFrame,
  type ModemFrame,
  type StatusFrame,
} from "../protocol/modem/line-frame.ts";
import { type AssemblyEffect, BurstAssembly, type HeardPacket } from "./assembly.ts";
import type { Counters } from "./counters.ts";
import {
  CLOSED,
  type ModemChannel,
  type ModemSession,
  type SessionEffect,
  type SessionInput,
  stepSession,
} from "./modem-session.ts";
import { PageHand } from "./page-hand.ts";
import type { PageQueue } from "./page-queue.ts";
import { Tokens } from "./tokens.ts";

/** A modem that reads nothing while so much waits for it is hung up on. */
const UNSENT_BYTES_MAX = 262_144;
const NAME_CHARACTERS_MAX = 200;
const NO_MODEM_ID = "0".repeat(16);

/** Of a modem that has not yet said how it is. */
const UNHEARD: Omit<StatusFrame, "name" | "token" | "nowNs"> = {
  uptimeS: 0,
  temperatureC: 0,
  clock: "free",
  clockErrorNs: undefined,
  headersFound: 0,
  overruns: 0,
  badFramesFromHost: 0,
};

export interface HeardBy {
  readonly modemId: string;
  readonly clockState: number;
  readonly clockErrorNs: number | undefined;
}

export interface ModemLinkParts {
  readonly name: string;
  readonly dial: () => Promise<Duplex>;
  readonly channel: ModemChannel;
  readonly pages: PageQueue;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly heard: (packet: HeardPacket, by: HeardBy) => void;
  readonly paged: (result: PageResult) => void;
}

/** One modem and all that is under way with it: the shell around session, assembly and pages in hand. */
export class ModemLink {
  readonly #parts: ModemLinkParts;
  readonly #tokens = new Tokens();
  readonly #assembly: BurstAssembly;
  readonly #hand: PageHand;
  #session: ModemSession = CLOSED;
  #line: Duplex | undefined;
  #deframer = new Deframer("host");
  #badFramesBefore = 0;
  #hello: HelloFrame | undefined;
  #status: { readonly frame: StatusFrame; readonly atMs: number } | undefined;
  #isStopped = false;

  constructor(parts: ModemLinkParts) {
    this.#parts = parts;
    const { channel, counters } = parts;
    const { receiveCentreHz, ...air } = channel;
    this.#assembly = new BurstAssembly(air, receiveCentreHz, this.#tokens, counters);
    this.#hand = new PageHand(parts.pages, this.#tokens);
  }

  get state(): ModemState {
    const status = this.#status?.frame ?? UNHEARD;
    const badFramesHere = this.#badFramesBefore + this.#deframer.counters.badFrames;
    return {
      id: this.#hello?.modemId ?? "",
      name: this.#parts.name.slice(0, NAME_CHARACTERS_MAX),
      connected: this.#session.state === "ready",
      clockState: CLOCK_STATES.indexOf(status.clock),
      clockErrorNs: status.clockErrorNs,
      headersFound: status.headersFound,
      overruns: status.overruns,
      badFrames: badFramesHere + status.badFramesFromHost,
      temperatureC: status.temperatureC,
      uptimeS: status.uptimeS,
      firmware: this.#hello?.firmware ?? "",
    };
  }

  /** Bursts whose payload is still awaited. */
  get inTheAir(): number {
    return this.#assembly.inTheAir;
  }

  tick(): void {
    const steadyMs = this.#parts.clock.steadyMs();
    this.#step({ type: "tick" });
    this.#carryOut(this.#assembly.tick(steadyMs));
    for (const { token, result } of this.#hand.expire(steadyMs)) {
      this.#send({ name: "cancel", token });
      this.#parts.paged(result);
    }
    this.#fillHand();
  }

  /** Hands over pages that have just come, without waiting for the next tick. */
  pagesWaiting(): void {
    this.#fillHand();
  }

  stop(): void {
    this.#isStopped = true;
    this.#line?.destroy();
    this.#carryOut(this.#assembly.abandon());
    for (const result of this.#hand.abandon()) this.#parts.paged(result);
  }

  #step(input: SessionInput): void {
    const { channel, clock } = this.#parts;
    const before = this.#session;
    const step = stepSession(channel, before, input, clock.steadyMs());
    this.#session = step.session;
    for (const effect of step.effects) this.#obey(effect);
    if (step.session.state === "ready" && before.state !== "ready") this.#ready(step.session.hello);
  }

  #obey(effect: SessionEffect): void {
    const { log, name } = this.#parts;
    switch (effect.type) {
      case "dial":
        void this.#dial();
        return;
      case "hang-up":
        log.warn({ modem: name, reason: effect.reason }, "modem hung up on");
        this.#line?.destroy();
        return;
      case "send":
        this.#send(effect.frame);
        return;
      case "abandon":
        this.#carryOut(this.#assembly.abandon());
        for (const result of this.#hand.abandon()) this.#parts.paged(result);
        return;
    }
  }

  async #dial(): Promise<void> {
    const { log, name, dial } = this.#parts;
    try {
      const line = await dial();
      if (this.#isStopped) line.destroy();
      else this.#open(line);
    } catch (error) {
      log.warn({ modem: name, reason: String(error) }, "modem not reached");
      this.#closed();
    }
  }

  #open(line: Duplex): void {
    const { log, name } = this.#parts;
    this.#line = line;
    this.#badFramesBefore += this.#deframer.counters.badFrames;
    this.#deframer = new Deframer("host");
    line.on("data", (chunk: Uint8Array) => {
      for (const decoded of this.#deframer.push(chunk)) if (decoded.ok) this.#hear(decoded.frame);
    });
    line.on("error", (error: Error) => {
      log.warn({ modem: name, reason: error.message }, "modem line failed");
    });
    line.once("end", () => line.destroy());
    line.once("close", () => {
      this.#line = undefined;
      this.#closed();
    });
    this.#step({ type: "opened" });
  }

  #closed(): void {
    if (this.#isStopped) return;
    this.#parts.counters.add("modemReconnects");
    this.#step({ type: "closed", jitter: this.#parts.random.next() });
    this.#status = undefined; // not before: what was under way is still of its clock
  }

  #ready(hello: HelloFrame): void {
    this.#hello = hello;
    const { concurrentCollects, ringBufferS, modemId, firmware } = hello;
    this.#assembly.begin({ concurrentCollects, ringBufferS });
    this.#parts.log.info({ modem: this.#parts.name, modemId, firmware }, "modem ready");
  }

  #hear(frame: LineFrame): void {
    if (!isFromModem(frame)) return;
    const { clock } = this.#parts;
    const steadyMs = clock.steadyMs();
    if (frame.name === "status") this.#status = { frame, atMs: clock.now() };
    this.#step({ type: "frame", frame });
    if (this.#session.state !== "ready") return;
    switch (frame.name) {
      case "header":
        this.#carryOut(this.#assembly.header(frame, steadyMs));
        return;
      case "capture":
        this.#assembly.capture(frame);
        return;
      case "capture-end":
        this.#carryOut(this.#assembly.captureEnd(frame.token, steadyMs));
        return;
      case "refused":
        if (this.#assembly.refused(frame.token, frame.reason, steadyMs)) return;
        this.#answer(this.#hand.refused(frame.token));
        return;
      case "paged":
        this.#answer(this.#hand.paged(frame));
        return;
      case "hello":
      case "status":
        return;
    }
  }

  #answer(result: PageResult | undefined): void {
    if (!result) return;
    this.#parts.paged(result);
    this.#fillHand();
  }

  #carryOut(effects: readonly AssemblyEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "send") this.#send(effect.frame);
      else this.#parts.heard(this.#byOurClock(effect.packet), this.#heardBy());
    }
  }

  #heardBy(): HeardBy {
    const { clock, clockErrorNs } = this.#status?.frame ?? UNHEARD;
    const modemId = this.#hello?.modemId ?? NO_MODEM_ID;
    return { modemId, clockState: CLOCK_STATES.indexOf(clock), clockErrorNs };
  }

  #fillHand(): void {
    const hello = this.#session.state === "ready" ? this.#session.hello : undefined;
    if (!hello || (hello.capabilities & CAPABILITY.page) === 0) return;
    const { clock } = this.#parts;
    const frames = this.#hand.fill(hello.concurrentPages, clock, this.#clockOffsetNs());
    for (const frame of frames) this.#send(frame);
  }

  /** The network compares what gateways heard by its time: a free clock may still be in the year it was made in. */
  #byOurClock(packet: HeardPacket): HeardPacket {
    const receivedAtNs = packet.receivedAtNs - this.#clockOffsetNs();
    return { ...packet, receivedAtNs: receivedAtNs < 0n ? 0n : receivedAtNs };
  }

  /** A disciplined clock is right where ours may not be; a free one is taken as far off as it says. */
  #clockOffsetNs(): bigint {
    if (!this.#status || this.#status.frame.clock !== "free") return 0n;
    return this.#status.frame.nowNs - BigInt(Math.round(this.#status.atMs * 1000)) * 1000n;
  }

  #send(frame: HostFrame): void {
    const line = this.#line;
    if (!line || line.destroyed) return;
    if (line.writableLength > UNSENT_BYTES_MAX) {
      line.destroy(new Error("the modem reads nothing"));
      return;
    }
    line.write(encodeLineFrame(frame));
  }
}

const HOST_FRAMES = new Set(["hello?", "config", "collect", "page", "cancel"]);
const isFromModem = (frame: LineFrame): frame is ModemFrame => !HOST_FRAMES.has(frame.name);
