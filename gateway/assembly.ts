import { CARRIER_UNIT_HZ, type LrFhssChannel } from "../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload } from "../protocol/air/lr-fhss-decode.ts";
import type {
  CancelFrame,
  CaptureFrame,
  CollectFrame,
  HeaderFrame,
  RefusalReason,
} from "../protocol/modem/line-frame.ts";
import { addressOf } from "../protocol/packet/packet.ts";
import { type Burst, burstOf, headerEndNs, isCertainly, sameFrame } from "./burst.ts";
import type { Counters } from "./counters.ts";
import { ReplicaIndex } from "./replica-index.ts";
import type { Tokens } from "./tokens.ts";

export const BURSTS_MAX = 1024;
/** A packet whose capture has not ended so long after its last bit is decoded with what came. */
const END_WAIT_MS = 2000;
/** A cancelled COLLECT that never ends is taken for dead, so that its place is not lost for ever. */
const CANCEL_WAIT_MS = 10_000;
const RETRY_MS = 200;
const RETRIES_MAX = 5;
const CARRIER_UNITS_MAX = 0x7fff;
const TIME_END_NS = 1n << 63n;

/** A packet as one modem heard it. */
export interface HeardPacket {
  readonly phyPayload: Uint8Array;
  readonly receivedAtNs: bigint;
  readonly carrierHz: number;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
  readonly codingRate: number;
  readonly hopSequenceId: number;
  readonly fragmentsTotal: number;
  readonly fragmentsLost: number;
}

export type AssemblyEffect =
  | { readonly type: "send"; readonly frame: CollectFrame | CancelFrame }
  | { readonly type: "packet"; readonly packet: HeardPacket };

export interface AssemblyLimits {
  readonly concurrentCollects: number;
  readonly ringBufferS: number;
}

type Stage =
  | { readonly stage: "waiting"; readonly notBeforeMs: number }
  | { readonly stage: "collecting"; readonly token: number; readonly deadlineMs: number }
  | { readonly stage: "closing"; readonly token: number; readonly deadlineMs: number }
  | { readonly stage: "done" };

interface Assembling {
  readonly burst: Burst;
  readonly headerToken: number;
  readonly headerRssiTenthDbm: number | undefined;
  snrQuarterDb: number;
  /** By the gateway's clock, worked out from the header's arrival: the modem's clock may be off by any amount. */
  readonly payloadStartMs: number;
  readonly payloadEndMs: number;
  readonly captures: (Int8Array | null)[];
  readonly rssiTenthDbm: number[];
  retries: number;
  at: Stage;
}

/** HEADER → COLLECT → CAPTURE… → packet, for all bursts that one modem hears at once. Time is an argument. */
export class BurstAssembly {
  readonly #channel: LrFhssChannel;
  readonly #receiveCentreHz: number;
  readonly #tokens: Tokens;
  readonly #counters: Counters;
  readonly #byToken = new Map<number, Assembling>();
  readonly #waiting = new Set<Assembling>();
  readonly #replicas = new ReplicaIndex<Assembling>();
  #bursts: Assembling[] = [];
  #limits: AssemblyLimits = { concurrentCollects: 0, ringBufferS: 0 };

  constructor(channel: LrFhssChannel, receiveCentreHz: number, tokens: Tokens, counters: Counters) {
    this.#channel = channel;
    this.#receiveCentreHz = receiveCentreHz;
    this.#tokens = tokens;
    this.#counters = counters;
  }

  get inTheAir(): number {
    return this.#bursts.filter(({ at }) => at.stage !== "done").length;
  }

  /** What the modem said in its HELLO. */
  begin(limits: AssemblyLimits): void {
    this.#limits = limits;
  }

  header(frame: HeaderFrame, nowMs: number): AssemblyEffect[] {
    this.#counters.add("headers");
    let expected = false;
    for (const { one: assembling, replica } of this.#replicas.at(frame)) {
      expected = true;
      if (!isCertainly(frame.softBits, replica.header, this.#channel)) continue;
      this.#counters.add("replicasRecognised");
      assembling.snrQuarterDb = Math.max(assembling.snrQuarterDb, frame.snrQuarterDb);
      return [];
    }
    const decoded = decodeHeader(frame.softBits, this.#channel);
    if (!decoded.ok) {
      this.#counters.add(expected ? "replicasUndecodable" : "headersUndecodable");
      return [];
    }
    const burst = burstOf(decoded.header, frame);
    if (this.#bursts.some((known) => sameFrame(known.burst, burst))) {
      this.#counters.add("replicasDecoded");
      return [];
    }
    return this.#add(burst, frame, nowMs);
  }

  #add(burst: Burst, frame: HeaderFrame, nowMs: number): AssemblyEffect[] {
    const { plan } = burst;
    if (this.#bursts.length >= BURSTS_MAX || !fitsLine(burst)) {
      this.#counters.add("burstsDroppedFull");
      return [];
    }
    const fromNowMs = (ns: bigint) => nowMs + Number(ns - headerEndNs(frame)) / 1e6;
    const assembling: Assembling = {
      burst,
      headerToken: frame.token,
      headerRssiTenthDbm: frame.rssiTenthDbm,
      snrQuarterDb: frame.snrQuarterDb,
      payloadStartMs: fromNowMs(plan.payloadStartNs),
      payloadEndMs: fromNowMs(plan.payloadEndNs),
      captures: plan.fragments.map(() => null),
      rssiTenthDbm: [],
      retries: 0,
      at: { stage: "waiting", notBeforeMs: nowMs },
    };
    this.#bursts.push(assembling);
    this.#waiting.add(assembling);
    this.#replicas.add(assembling);
    return this.#collectNext(nowMs);
  }

  /** As many COLLECTs as the modem takes, those that begin first before the others. */
  #collectNext(nowMs: number): AssemblyEffect[] {
    const effects: AssemblyEffect[] = [];
    let room = this.#limits.concurrentCollects - this.#byToken.size;
    if (room <= 0 || this.#waiting.size === 0) return effects;
    const ready = [...this.#waiting]
      .filter(({ at }) => at.stage === "waiting" && at.notBeforeMs <= nowMs)
      .sort((a, b) => a.payloadStartMs - b.payloadStartMs);
    for (const assembling of ready) {
      const token = room-- > 0 ? this.#tokens.take() : undefined;
      if (token === undefined) break;
      const { plan } = assembling.burst;
      const deadlineMs = Math.max(assembling.payloadEndMs, nowMs) + END_WAIT_MS;
      assembling.at = { stage: "collecting", token, deadlineMs };
      this.#waiting.delete(assembling);
      this.#byToken.set(token, assembling);
      const fragments = plan.fragments.map(({ carrierUnits, bits }) => ({ carrierUnits, bits }));
      const { headerToken } = assembling;
      effects.push({
        type: "send",
        frame: { name: "collect", token, headerToken, startNs: plan.payloadStartNs, fragments },
      });
    }
    return effects;
  }

  capture(frame: CaptureFrame): void {
    const assembling = this.#byToken.get(frame.token);
    const planned = assembling?.burst.plan.fragments[frame.fragment];
    if (!assembling || !planned || assembling.at.stage !== "collecting") {
      this.#counters.add("capturesUnexpected");
      return;
    }
    if (frame.status === "too-late") this.#counters.add("capturesTooLate");
    if (frame.status === "overrun") this.#counters.add("capturesOverrun");
    if (frame.status !== "heard") return;
    if (frame.softBits.length !== planned.bits || assembling.captures[frame.fragment]) {
      this.#counters.add("capturesUnexpected");
      return;
    }
    assembling.captures[frame.fragment] = frame.softBits;
    if (frame.rssiTenthDbm !== undefined) assembling.rssiTenthDbm.push(frame.rssiTenthDbm);
  }

  captureEnd(token: number, nowMs: number): AssemblyEffect[] {
    const assembling = this.#byToken.get(token);
    if (!assembling) return [];
    const effects = assembling.at.stage === "collecting" ? this.#decode(assembling) : [];
    this.#end(assembling, token);
    return [...effects, ...this.#collectNext(nowMs)];
  }

  /** False when the token is not one of ours. */
  refused(token: number, reason: RefusalReason, nowMs: number): boolean {
    const assembling = this.#byToken.get(token);
    if (!assembling) return false;
    this.#end(assembling, token);
    if (reason === "busy" && assembling.retries < RETRIES_MAX) {
      assembling.retries += 1;
      assembling.at = { stage: "waiting", notBeforeMs: nowMs + RETRY_MS };
      this.#waiting.add(assembling);
    } else this.#counters.add("burstsDroppedRefused");
    return true;
  }

  tick(nowMs: number): AssemblyEffect[] {
    const effects = this.#bursts.flatMap((assembling) => this.#expire(assembling, nowMs));
    this.#bursts = this.#bursts.filter((assembling) => {
      const { at, payloadEndMs } = assembling;
      const isKept = at.stage !== "done" || nowMs < payloadEndMs + END_WAIT_MS;
      if (!isKept) this.#replicas.remove(assembling);
      return isKept;
    });
    return [...effects, ...this.#collectNext(nowMs)];
  }

  #expire(assembling: Assembling, nowMs: number): AssemblyEffect[] {
    const { at } = assembling;
    switch (at.stage) {
      case "waiting":
        if (nowMs < assembling.payloadStartMs + this.#limits.ringBufferS * 1000) return [];
        this.#counters.add("burstsDroppedLate");
        assembling.at = { stage: "done" };
        this.#waiting.delete(assembling);
        return [];
      case "collecting": {
        if (nowMs < at.deadlineMs) return [];
        const deadlineMs = nowMs + CANCEL_WAIT_MS;
        const effects = this.#decode(assembling);
        assembling.at = { stage: "closing", token: at.token, deadlineMs };
        return [...effects, { type: "send", frame: { name: "cancel", token: at.token } }];
      }
      case "closing":
        if (nowMs < at.deadlineMs) return [];
        this.#counters.add("collectsUnended");
        this.#end(assembling, at.token);
        return [];
      case "done":
        return [];
    }
  }

  /** The line is gone or begins anew: what was under way is decoded with what came. */
  abandon(): AssemblyEffect[] {
    const effects = this.#bursts.flatMap((assembling) =>
      assembling.at.stage === "collecting" ? this.#decode(assembling) : [],
    );
    for (const [token, assembling] of this.#byToken) this.#end(assembling, token);
    this.#bursts = [];
    this.#waiting.clear();
    this.#replicas.clear();
    return effects;
  }

  #end(assembling: Assembling, token: number): void {
    assembling.at = { stage: "done" };
    this.#byToken.delete(token);
    this.#tokens.free(token);
  }

  #decode(assembling: Assembling): AssemblyEffect[] {
    const { burst, captures } = assembling;
    const decoded = decodePayload(burst.header, captures);
    if (!decoded.ok) {
      this.#counters.add("payloadsUndecodable");
      return [];
    }
    if (addressOf(decoded.payload) === undefined) {
      this.#counters.add("payloadsShort");
      return [];
    }
    this.#counters.add("packets");
    const packet: HeardPacket = {
      phyPayload: decoded.payload,
      receivedAtNs: burst.plan.payloadStartNs,
      carrierHz: this.#receiveCentreHz + Math.round(burst.place.carrierUnits * CARRIER_UNIT_HZ),
      rssiDbm: rssiDbm(assembling),
      snrDb: assembling.snrQuarterDb / 4,
      codingRate: burst.header.codingRate,
      hopSequenceId: burst.header.hopSequenceId,
      fragmentsTotal: captures.length,
      fragmentsLost: captures.filter((soft) => soft === null).length,
    };
    return [{ type: "packet", packet }];
  }
}

/** A false header may point beyond what a COLLECT can say. */
const fitsLine = ({ plan }: Burst): boolean =>
  plan.payloadEndNs < TIME_END_NS &&
  plan.fragments.every(({ carrierUnits }) => Math.abs(carrierUnits) <= CARRIER_UNITS_MAX);

/** The mean over the captures; a modem that does not measure there has measured the header. */
function rssiDbm({ rssiTenthDbm, headerRssiTenthDbm }: Assembling): number | undefined {
  if (rssiTenthDbm.length === 0) {
    return headerRssiTenthDbm === undefined ? undefined : headerRssiTenthDbm / 10;
  }
  const sum = rssiTenthDbm.reduce((total, tenth) => total + tenth, 0);
  return Math.round(sum / rssiTenthDbm.length) / 10;
}
